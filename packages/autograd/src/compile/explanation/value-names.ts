import { uniformEntry } from '../simplify.ts';
import type { ProgramView } from './program-view.ts';

/** Where a buffer's entries come from. */
export type Origin = 'argument' | 'state' | 'numbers' | 'constant' | 'computed';

/** What the values of a program are called. */
export interface ValueNames {
  originOf(buffer: number): Origin;
  /** `argument 1`, `state 3`, `0.5`; `#12` for what is computed. */
  nameOf(buffer: number): string;
}

export function valueNames({ graph, argumentValues, slotValues }: ProgramView): ValueNames {
  const names = new Map<number, { readonly origin: Origin; readonly name: string }>();
  const number = (values: readonly number[], origin: Origin): void => {
    for (const [k, value] of values.entries()) names.set(value, { origin, name: `${origin} ${k + 1}` });
  };
  const rest = graph.inputs.filter(({ value }) => !argumentValues.includes(value) && !slotValues.includes(value));
  const filled = rest.filter(({ constant }) => constant === undefined).map(({ value }) => value);
  number(argumentValues, 'argument');
  number(slotValues, 'state');
  number(filled, 'numbers');
  const constants = rest.flatMap(({ value, constant }) => (constant ? [{ value, constant }] : []));
  for (const [k, { value, constant }] of constants.entries()) {
    const entry = uniformEntry(constant);
    names.set(value, { origin: 'constant', name: entry === undefined ? `constant ${k + 1}` : numberInWords(entry) });
  }
  return {
    originOf: (buffer) => names.get(buffer)?.origin ?? 'computed',
    nameOf: (buffer) => names.get(buffer)?.name ?? `#${buffer}`,
  };
}

/** A number as it is read: not every digit of it. */
export function numberInWords(value: number): string {
  return `${Number(value.toPrecision(5))}`;
}
