/** The inner loops of a nest over two operands: their sizes, and each operand's steps in them. There are three, the first perhaps of size one. */
export interface Block {
  readonly sizes: readonly number[];
  readonly ySteps: readonly number[];
  readonly xSteps: readonly number[];
}

const DIMS = 3;

/** Visits every block of a nest, with the place of each operand. */
export function visitBlocks(
  { sizes, ySteps, xSteps }: Block,
  yAt: number,
  xAt: number,
  visit: (yAt: number, xAt: number, block: Block) => void,
): void {
  const outer = Math.max(0, sizes.length - DIMS);
  const inner = (list: readonly number[], missing: number): number[] => [
    ...new Array<number>(Math.max(0, DIMS - list.length)).fill(missing),
    ...list.slice(outer),
  ];
  const block = { sizes: inner(sizes, 1), ySteps: inner(ySteps, 0), xSteps: inner(xSteps, 0) };
  const walk = (dim: number, y: number, x: number): void => {
    if (dim === outer) visit(y, x, block);
    else for (let i = 0; i < sizes[dim]; i++) walk(dim + 1, y + i * ySteps[dim], x + i * xSteps[dim]);
  };
  walk(0, yAt, xAt);
}
