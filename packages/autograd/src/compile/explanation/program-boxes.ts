import { entriesOf, showShape } from '../../core/shape.ts';
import type { Box } from '../../display/boxes.ts';
import type { Graph, Value } from '../graph.ts';
import type { ProgramParts } from './program-parts.ts';
import { loopsInWords, rateInWords, shareInWords, timeInWords } from './quantities.ts';
import type { StageSummary } from './stage-summary.ts';

/** Longer words are cut in pictures. */
const LONGEST = 34;

const [COMES_IN, PRODUCT, OTHER, EVALUATED, UPDATE] = ['#4c8bf5', '#f29900', '#34a853', '#888888', '#a142f4'];

export interface PictureOptions {
  /** Whether the time of each stage stands in it. Default: true. */
  readonly times?: boolean;
}

/**
 * The stages of a program as boxes, with what comes in and what is returned; state that slots hold is named in the stages
 * that read and write it.
 */
export function programBoxes(parts: ProgramParts, { times = true }: PictureOptions = {}): Box[] {
  const stages = parts.stages.length;
  const boxOf = new Map(parts.stages.flatMap(({ writes }, k) => writes.map((buffer) => [buffer, k] as const)));
  const comingIn = parts.graph.inputs.map(({ value }) => value).filter((value) => isDrawn(parts, value));
  for (const [k, value] of comingIn.entries()) boxOf.set(value, stages + k);
  const from = (buffers: readonly number[]): number[] => {
    return [...new Set(buffers.flatMap((buffer) => boxOf.get(buffer) ?? []))];
  };
  return [
    ...comingIn.map((value, k) => inputBox(parts, value, stages + k)),
    ...parts.stages.map((stage, k) => ({ ...stageBox(parts, stage, k, times), from: from(stage.reads) })),
    ...parts.results.map((value, k) => ({
      ...resultBox(parts, value, k),
      id: stages + comingIn.length + k,
      from: from([placeOf(parts.graph, value)]),
    })),
  ];
}

function placeOf({ values }: Graph, value: number): number {
  return (values[value] as Value).place.buffer;
}

/** What comes in and is read; of numbers only those that are no single ones, such as learning rates. */
function isDrawn({ graph, names, stages }: ProgramParts, value: number): boolean {
  const origin = names.originOf(value);
  const isRead = stages.some(({ reads }) => reads.includes(value));
  return (
    (origin === 'argument' && isRead) ||
    (origin === 'numbers' && isRead && entriesOf((graph.values[value] as Value).shape) > 1)
  );
}

function inputBox({ graph, names }: ProgramParts, value: number, id: number): Box {
  const { shape, dtype } = graph.values[value] as Value;
  const title = names.nameOf(value);
  return { id, title, lines: [showShape(shape)], hint: `${title}, ${dtype}`, isRound: true, color: COMES_IN, from: [] };
}

function resultBox({ graph, results }: ProgramParts, value: number, k: number): Omit<Box, 'id' | 'from'> {
  const { shape, dtype } = graph.values[value] as Value;
  const title = results.length === 1 ? 'result' : `result ${k + 1}`;
  return { title, lines: [showShape(shape)], hint: `${title}, ${dtype}`, isRound: true, color: COMES_IN };
}

function stageBox(parts: ProgramParts, stage: StageSummary, id: number, times: boolean): Omit<Box, 'from'> {
  const { title, formulas, operations, bytes } = stage;
  const time = parts.times[id] as number;
  const share = `${timeInWords(time)}, ${shareInWords(time, parts.total)}`;
  const measured = times ? [`${share}, ${rateInWords(operations, bytes, time)}`] : [];
  return {
    id,
    title: cut(`${stage.stage}  ${title}`),
    lines: [loopsInWords(stage), ...stateInWords(parts, stage), ...(times ? [share] : [])],
    hint: [`stage ${stage.stage}: ${title}`, ...formulas, ...measured].join('\n'),
    isRound: false,
    color: colorOf(stage),
  };
}

function colorOf({ kind, replaces }: StageSummary): string {
  if (kind === 'evaluate') return EVALUATED;
  if (kind === 'product') return PRODUCT;
  return replaces.size > 0 ? UPDATE : OTHER;
}

/** Which state a stage reads and replaces. */
function stateInWords({ names }: ProgramParts, { reads, replaces }: StageSummary): string[] {
  const numbersOf = (buffers: Iterable<number>): string =>
    [...buffers]
      .filter((buffer) => names.originOf(buffer) === 'state')
      .map((buffer) => names.nameOf(buffer).replace('state ', ''))
      .join(', ');
  const replaced = numbersOf(replaces.values());
  if (replaced !== '') return [cut(`updates state ${replaced}`)];
  const read = numbersOf(reads);
  return read === '' ? [] : [cut(`reads state ${read}`)];
}

function cut(text: string): string {
  return text.length > LONGEST ? `${text.slice(0, LONGEST - 1)}…` : text;
}
