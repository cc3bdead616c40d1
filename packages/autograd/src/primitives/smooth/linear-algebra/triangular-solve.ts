import { allocateUnfilled } from '../../../core/allocate.ts';
import type { Tensor } from '../../../core/tensor.ts';
import { matrixKind } from '../../../kernels/linear-algebra/loops/matrix-kind.ts';
import { writeTriangularSolution } from '../../../kernels/linear-algebra/loops/substitution.ts';
import { batchOf, readMatrix, sizesOf, visitMatrices } from '../../../kernels/linear-algebra/matrices.ts';
import { solveTriangle } from '../../../kernels/linear-algebra/triangle.ts';
import { bind } from '../../../tape/bind.ts';
import type { Primitive } from '../../../tape/primitive.ts';
import { keepEntries } from '../../linear/keep-entries.ts';
import { transposeMatrix } from '../../linear/permute.ts';
import { chain, identity, type LinearMap, selfAdjoint, smoothMap } from '../smooth-map.ts';
import { negative, timesOnRight } from './matrix-maps.ts';
import { drawBatch, drawDominant } from './sample-matrices.ts';

export interface TriangleParams {
  /** The upper triangle, or the lower one. */
  readonly upper: boolean;
  /** Whether the diagonal counts as ones. */
  readonly unitriangular: boolean;
}

/**
 * X with `A X = B`, of `[…, n, n]` and `[…, n, k]` with the same leading dims and the same floating dtype, where only a
 * triangle of A counts. From `A dX = dB - dA X`.
 */
export const triangularSolvePrimitive: Primitive<TriangleParams> = smoothMap('triangularSolve', {
  value: ([a, b], params) => solution(a, b, params),
  differential: ({ inputs: [a], output: x, params }) => ({
    each: [chain(triangleOf(params), timesOnRight(x), negative), identity],
    last: solvingTriangle(a, params),
  }),
  kernel: matrixKind({
    room: (size, columns) => size * columns,
    write: (w, work, { upper, unitriangular: unit }) => writeTriangularSolution(w, work, { upper, unit }),
  }),
  latex: (m, [a, b], { inputs: [x, y], params: { upper } }) =>
    m.matmul(m.inverse(m.apply(`\\operatorname{tri${upper ? 'u' : 'l'}}`, a)), x.shape, b, y.shape),
  sample: (draw) => {
    const { batch, size } = drawBatch(draw);
    const b = draw.tensor([...batch, size, draw.integer(0, 3)], { low: -1, high: 1 });
    const params = { upper: draw.integer(0, 1) === 1, unitriangular: draw.integer(0, 1) === 1 };
    return { inputs: [drawDominant(draw, batch, size), b], params };
  },
});

/** The part of a matrix that counts. */
function triangleOf({ upper, unitriangular }: TriangleParams): LinearMap {
  const counts = (row: number, column: number): boolean =>
    row === column ? !unitriangular : upper ? row < column : column < row;
  return selfAdjoint((x) => keepEntries(x, counts));
}

/** `A⁻¹ X`, of a triangle of A. */
export function solvingTriangle(a: Tensor, params: TriangleParams): LinearMap {
  return {
    apply: (x) => solveTriangles(a, x, params),
    transpose: (g) => solveTriangles(transposeMatrix(a), g, { ...params, upper: !params.upper }),
  };
}

function solution(a: Tensor, b: Tensor, { upper, unitriangular: unit }: TriangleParams): Tensor {
  const [size, columns] = sizesOf(b);
  const out = allocateUnfilled(b.shape, b.dtype);
  const [matrix, right] = [new Float64Array(size * size), new Float64Array(size * columns)];
  visitMatrices(batchOf(b), [a, b, out], ([atA, atB, atOut]) => {
    readMatrix(a, atA, matrix);
    readMatrix(b, atB, right);
    solveTriangle(
      { entries: matrix, offset: 0, rowStride: size },
      { entries: right, offset: 0, rowStride: columns },
      [size, columns],
      { upper, unit },
    );
    out.storage.set(right, atOut);
  });
  return out;
}

export function solveTriangles(a: Tensor, b: Tensor, params: TriangleParams): Tensor {
  return bind(triangularSolvePrimitive, [a, b], params);
}
