import { newStorage } from '../../../core/dtype.ts';
import type { Shape } from '../../../core/shape.ts';
import { Tensor } from '../../../core/tensor.ts';
import { inReadingOrder } from '../../../kernels/copy.ts';
import type { Domain, Draw, Sample } from '../../../tape/primitive.ts';

/** Leading dims and a size. */
export function drawBatch(draw: Draw, largest = 4): { batch: Shape; size: number } {
  return { batch: draw.shape({ maximumRank: 2 }), size: draw.integer(0, largest) };
}

/** Matrices far from singular: on the diagonal stands more than beside it. So also their symmetric parts are positive. */
export function drawDominant(draw: Draw, batch: Shape, size: number): Tensor {
  return drawAroundDiagonal(draw, [...batch, size, size], { low: -1, high: 1 }, () => size + 1);
}

/** {@link drawDominant} of any batch and size, for what has one input. */
export function sampleDominant(draw: Draw): Sample<undefined> {
  const { batch, size } = drawBatch(draw);
  return { inputs: [drawDominant(draw, batch, size)], params: undefined };
}

/**
 * Matrices, at most of size 3, whose symmetric part has eigenvalues that keep clear of each other, and eigenvectors that
 * keep their signs where entries move: those change with the signs of entries beside the diagonal.
 */
export function drawWithGaps(draw: Draw): Tensor {
  const { batch, size } = drawBatch(draw, 3);
  return drawAroundDiagonal(draw, [...batch, size, size], { low: 0.1, high: 0.6 }, (i) => 4 * i);
}

/** Entries of a domain, with more on the diagonal, in the memory layout that was drawn. */
function drawAroundDiagonal(draw: Draw, shape: Shape, domain: Domain, more: (i: number) => number): Tensor {
  const drawn = draw.tensor(shape, domain);
  const apart = drawn.strides.every((stride) => stride !== 0) ? drawn : inReadingOrder(drawn);
  const storage = newStorage(apart.dtype, apart.storage.length);
  storage.set(apart.storage);
  const [down, right] = apart.strides.slice(-2);
  const visit = (dim: number, at: number): void => {
    if (dim < shape.length - 2) {
      for (let i = 0; i < shape[dim]; i++) visit(dim + 1, at + i * apart.strides[dim]);
    } else for (let i = 0; i < shape[dim]; i++) storage[at + i * (down + right)] += more(i);
  };
  visit(0, apart.offset);
  return new Tensor(storage, apart.dtype, shape, apart.strides, apart.offset);
}
