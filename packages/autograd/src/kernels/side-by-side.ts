import type { Storage } from '../core/dtype.ts';

/** Rows of entries in an array. */
export interface Block {
  readonly storage: Storage;
  readonly from: number;
  readonly rows: number;
  readonly columns: number;
  readonly rowStep: number;
  readonly columnStep: number;
}

/** Blocks of one size that are copied as one piece: the first, and those that lie beside it in the rows of one array. */
export type Span = readonly [Block, ...Block[]];

/**
 * Blocks that follow one another in a list and lie side by side in memory, as the gates of a recurrent cell do, are one span
 * if that `isWorth` it; every other block is a span of its own.
 */
export function spansOf(blocks: readonly Block[], isWorth: (span: Span) => boolean): readonly Span[] {
  const spans: Span[] = [];
  for (let k = 0; k < blocks.length; ) {
    const end = endOfRun(blocks, k);
    const [first, ...others] = blocks.slice(k, end);
    if (others.length > 0 && isWorth([first, ...others])) spans.push([first, ...others]);
    else for (; k < end; k++) spans.push([blocks[k]]);
    k = end;
  }
  return spans;
}

/** How many entries a row of a span reaches over. */
export function widthOf(span: Span): number {
  const { from, columns } = span[span.length - 1];
  return from + columns - span[0].from;
}

function endOfRun(blocks: readonly Block[], start: number): number {
  let end = start + 1;
  while (end < blocks.length && isBeside(blocks[start], blocks[end - 1], blocks[end])) end++;
  return end;
}

function isBeside(first: Block, before: Block, block: Block): boolean {
  return (
    block.storage === first.storage &&
    block.rowStep === first.rowStep &&
    block.columnStep === 1 &&
    first.columnStep === 1 &&
    block.from >= before.from + before.columns &&
    block.from + block.columns <= first.from + first.rowStep
  );
}
