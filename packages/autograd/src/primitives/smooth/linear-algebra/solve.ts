import { allocateUnfilled } from '../../../core/allocate.ts';
import type { Tensor } from '../../../core/tensor.ts';
import { matrixKind } from '../../../kernels/linear-algebra/loops/matrix-kind.ts';
import { writeSolution } from '../../../kernels/linear-algebra/loops/solution.ts';
import { type Factors, factorize, solveFactored } from '../../../kernels/linear-algebra/lu.ts';
import { batchOf, readMatrix, sizesOf, visitMatrices } from '../../../kernels/linear-algebra/matrices.ts';
import { bind } from '../../../tape/bind.ts';
import type { Primitive } from '../../../tape/primitive.ts';
import { transposeMatrix } from '../../linear/permute.ts';
import { chain, identity, type LinearMap, smoothMap } from '../smooth-map.ts';
import { negative, timesOnRight } from './matrix-maps.ts';
import { drawBatch, drawDominant } from './sample-matrices.ts';

/**
 * X with `A X = B`, of `[…, n, n]` and `[…, n, k]` with the same leading dims and the same floating dtype. Where a matrix is
 * singular, its X is NaN. From `A dX = dB - dA X`.
 */
export const solvePrimitive: Primitive<undefined> = smoothMap('solve', {
  value: ([a, b]) => solution(a, b),
  differential: ({ inputs: [a], output: x }) => ({
    each: [chain(timesOnRight(x), negative), identity],
    last: solving(a),
  }),
  kernel: matrixKind({ room: (size, columns) => size * (size + columns), write: writeSolution }),
  latex: (m, [a, b], { inputs: [x, y] }) => m.matmul(m.inverse(a), x.shape, b, y.shape),
  sample: (draw) => {
    const { batch, size } = drawBatch(draw);
    const b = draw.tensor([...batch, size, draw.integer(0, 3)], { low: -1, high: 1 });
    return { inputs: [drawDominant(draw, batch, size), b], params: undefined };
  },
});

/** `A⁻¹ X`. */
function solving(a: Tensor): LinearMap {
  return {
    apply: (x) => solveMatrices(a, x),
    transpose: (g) => solveMatrices(transposeMatrix(a), g),
  };
}

function solution(a: Tensor, b: Tensor): Tensor {
  const [size, columns] = sizesOf(b);
  const out = allocateUnfilled(b.shape, b.dtype);
  const right = new Float64Array(size * columns);
  let factored: { readonly place: number; readonly factors: Factors } | undefined;
  visitMatrices(batchOf(b), [a, b, out], ([atA, atB, atOut]) => {
    // A matrix that is broadcast is factorized once.
    if (factored?.place !== atA) factored = { place: atA, factors: factorsOf(a, atA) };
    const { factors } = factored;
    readMatrix(b, atB, right, factors.order);
    if (factors.zeroPivot === undefined) solveFactored(factors, right, columns);
    else right.fill(Number.NaN);
    out.storage.set(right, atOut);
  });
  return out;
}

/** The factors of the matrix that begins at a place. */
export function factorsOf(a: Tensor, place: number): Factors {
  const [size] = sizesOf(a);
  return factorize(readMatrix(a, place, new Float64Array(size * size)), size);
}

export function solveMatrices(a: Tensor, b: Tensor): Tensor {
  return bind(solvePrimitive, [a, b], undefined);
}
