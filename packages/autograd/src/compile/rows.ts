import { entriesOf } from '../core/shape.ts';
import type { Graph } from './graph.ts';
import { keepApart, leadingProducts, rowAccesses } from './row-access.ts';
import type { LoopStage, Stage } from './stages.ts';

/** When rows are worth it; tests try them on little data. */
export const rowGrouping: { leastEntries: number; leastRows: number } = {
  /** Stages of fewer entries stay in the nearest cache anyway. */
  leastEntries: 16384,
  /** Fewer rows leave threads without work. */
  leastRows: 16,
};

/** Stages that are done together, row by row: what one leaves of a row the next still finds in the nearest cache. */
export interface RowGroup {
  /** Numbers of the stages, in order. */
  readonly stages: readonly number[];
  /** The rows that all of them have. */
  readonly rows: number;
}

/**
 * Groups stages that follow one another. Those whose loops go through the same rows, and of what others in the group compute
 * read the present row only, are one group; any other stage is a group of its own.
 *
 * @param rowsOf In how many rows the loops of a stage can be cut, from the front; 0 if not at all.
 */
export function groupRows(
  stages: readonly Stage[],
  graph: Graph,
  rowsOf: (stage: LoopStage) => number,
): readonly RowGroup[] {
  const groups: RowGroup[] = [];
  for (const [index, stage] of stages.entries()) {
    const last = groups[groups.length - 1];
    const rows =
      last &&
      commonRows(
        [...last.stages, index].map((k) => stages[k] as Stage),
        graph,
        rowsOf,
      );
    if (last && rows !== undefined) groups[groups.length - 1] = { stages: [...last.stages, index], rows };
    else groups.push({ stages: [index], rows: stage.kind === 'loops' ? rowsOf(stage) : 0 });
  }
  return groups;
}

/** The most rows in which stages can be done together. */
function commonRows(stages: readonly Stage[], graph: Graph, rowsOf: (stage: LoopStage) => number): number | undefined {
  const loops = stages.filter((stage) => stage.kind === 'loops');
  const [first] = loops;
  if (first === undefined || loops.length < stages.length) return undefined;
  if (loops.some(({ elementType }) => elementType !== first.elementType)) return undefined;
  if (Math.max(...loops.map(({ shape }) => entriesOf(shape))) < rowGrouping.leastEntries) return undefined;
  const possible = loops.map((stage) => {
    const most = rowsOf(stage);
    return leadingProducts(stage.shape).filter((rows) => most > 0 && most % rows === 0);
  });
  const common = (possible[0] as number[]).filter((rows) => possible.every((others) => others.includes(rows)));
  return common.reverse().find((rows) => rows >= rowGrouping.leastRows && areApart(loops, graph, rows));
}

/** Whether stages can be done one row after the other, each row through all of them. */
export function areApart(stages: readonly Stage[], graph: Graph, rows: number): boolean {
  const accesses = stages.map((stage) => rowAccesses(stage, rows, graph));
  return accesses.every((found) => found !== undefined) && keepApart(accesses.flat(), rows);
}
