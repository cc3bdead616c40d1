import type { Told } from '../course.ts';
import { display, type Media } from './display.ts';

const shows: unique symbol = Symbol.for('Jupyter.display');

/** What shows itself as the last value of a cell: pictures, tensors, derivations, reports. */
export interface Showable {
  readonly [shows]?: () => Media;
}

/** Shows something in the middle of a cell, or several things of one cell. */
export async function show(...things: readonly (object | string)[]): Promise<void> {
  for (const thing of things) {
    const media = typeof thing === 'string' ? undefined : (thing as Showable)[shows]?.();
    await display(media ?? { 'text/plain': String(thing) });
  }
}

/** A table in Markdown; the first row is its head. */
export async function showTable(
  head: readonly string[],
  rows: readonly (readonly (string | number)[])[],
): Promise<void> {
  const line = (cells: readonly (string | number)[]): string => `| ${cells.join(' | ')} |`;
  const text = [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n');
  await display({ 'text/markdown': text, 'text/plain': text });
}

/** A text in both languages below a cell. */
export async function say({ en, zh }: Told): Promise<void> {
  await display({ 'text/plain': `${en}\n${zh}` });
}
