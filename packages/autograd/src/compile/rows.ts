import { entriesOf, type Shape } from '../core/shape.ts';
import type { Graph, Value } from './graph.ts';
import { type Access, computedBy, type LoopStage, type Operand, type Stage } from './stages.ts';

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
  return common.reverse().find((rows) => rows >= rowGrouping.leastRows && staysInRows(loops, graph, rows));
}

/** 1, the first size, the first two multiplied, … */
function leadingProducts(shape: Shape): number[] {
  let product = 1;
  return [1, ...shape.map((size) => (product *= size))];
}

function staysInRows(stages: readonly LoopStage[], graph: Graph, rows: number): boolean {
  const computed = new Set(stages.flatMap(computedBy));
  return stages.every((stage) =>
    stage.steps.every((step) =>
      (step.kind === 'map' ? step.operands : [step.operand]).every(
        (operand: Operand) =>
          operand.kind !== 'memory' ||
          !computed.has(operand.access.buffer) ||
          isInRow(operand.access, stage.shape, rows, entriesOf((graph.values[operand.access.buffer] as Value).shape)),
      ),
    ),
  );
}

/** Whether loops, in each of their rows, read the same row of a buffer and nothing else. */
function isInRow({ offset, strides }: Access, shape: Shape, rows: number, entries: number): boolean {
  const row = entries / rows;
  const leading = leadingProducts(shape).indexOf(rows);
  let expected = row;
  for (let d = leading - 1; d >= 0; d--) {
    if (shape[d] !== 1 && strides[d] !== expected) return false;

    expected *= shape[d] as number;
  }
  const inside = strides.slice(leading);
  const span = inside.reduce((sum, step, d) => sum + step * ((shape[leading + d] as number) - 1), 0);
  return Number.isInteger(row) && offset === 0 && inside.every((step) => step >= 0) && span < row;
}
