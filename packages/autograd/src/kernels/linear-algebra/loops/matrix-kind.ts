import type { BlockWork } from '../../block-work.ts';
import type { BlockKind } from '../../kinds.ts';
import type { LoopMath } from '../../loop-math.ts';

export interface MatrixLoops<P> {
  /** Whether a matrix gives a number. Default: a matrix. */
  readonly givesNumber?: boolean;
  /** The elements that all rows on the way have, for matrices of `size` rows, the last input's of so many columns. */
  room(size: number, columns: number): number;
  write<I, V>(w: LoopMath<I, V>, work: BlockWork<I, V>, params: P): void;
}

/** Loops of primitives of square matrices `[…, n, n]`. As eager code does, they compute in float64. */
export function matrixKind<P>({ givesNumber = false, room, write }: MatrixLoops<P>): BlockKind<P> {
  const lastTwo = (rank: number): readonly number[] => [rank - 2, rank - 1];
  const roomOf = (sizes: readonly (readonly number[])[]): number => {
    const [size, columns] = sizes[sizes.length - 1];
    return room(size, columns);
  };
  return {
    kind: 'block',
    elementType: 'float64',
    inputDims: lastTwo,
    outputDims: givesNumber ? () => [] : lastTwo,
    room: roomOf,
    // Every element on the way changes with each row of the matrix, or with half of them.
    cost: (sizes) => roomOf(sizes) * (1 + sizes[0][0] / 2),
    write,
  };
}
