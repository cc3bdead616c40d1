/** A loop nest over two operands: its sizes, and each operand's steps in them. */
export interface PairNest {
  readonly sizes: readonly number[];
  readonly ySteps: readonly number[];
  readonly xSteps: readonly number[];
}

/** So many loops are the inner ones; where there are fewer, the first are of size one. */
const INNER = 3;

/** Visits the inner loops of a nest as often as its outer ones say, with the place of each operand. */
export function visitInnerLoops(
  { sizes, ySteps, xSteps }: PairNest,
  yAt: number,
  xAt: number,
  visit: (yAt: number, xAt: number, loops: PairNest) => void,
): void {
  const outer = Math.max(0, sizes.length - INNER);
  const inner = (list: readonly number[], missing: number): number[] => [
    ...new Array<number>(Math.max(0, INNER - list.length)).fill(missing),
    ...list.slice(outer),
  ];
  const loops = { sizes: inner(sizes, 1), ySteps: inner(ySteps, 0), xSteps: inner(xSteps, 0) };
  const walk = (dim: number, y: number, x: number): void => {
    if (dim === outer) visit(y, x, loops);
    else for (let i = 0; i < sizes[dim]; i++) walk(dim + 1, y + i * ySteps[dim], x + i * xSteps[dim]);
  };
  walk(0, yAt, xAt);
}
