import { allocateUnfilled } from '../../core/allocate.ts';
import type { Tensor } from '../../core/tensor.ts';
import { batchOf, hasOnlyFinite, readMatrix, sizesOf, visitMatrices } from '../../kernels/linear-algebra/matrices.ts';
import { symmetricEigen } from '../../kernels/linear-algebra/symmetric-eigen.ts';
import { symmetrize } from '../../kernels/linear-algebra/symmetrize.ts';
import { bind } from '../../tape/bind.ts';
import type { Primitive } from '../../tape/primitive.ts';
import { mul } from '../bilinear/mul.ts';
import { add, sub } from '../linear/arithmetic.ts';
import { concatAlong } from '../linear/concat.ts';
import { keepEntries } from '../linear/keep-entries.ts';
import { transposeMatrix } from '../linear/permute.ts';
import { rangesWith, slice } from '../linear/slice.ts';
import { broadcastTo, sumKept } from '../linear/sum.ts';
import { where } from '../linear/where.ts';
import { reciprocal } from '../smooth/division.ts';
import { symmetricPart, timesOnLeft, timesOnRight } from '../smooth/linear-algebra/matrix-maps.ts';
import { drawWithGaps } from '../smooth/linear-algebra/sample-matrices.ts';
import { chain, type LinearMap, smoothMap } from '../smooth/smooth-map.ts';
import { eq, logicalAnd } from './comparison.ts';

/** Eigenvalues `[…, 1, n]` in rising order, and in the columns of `[…, n, n]` the eigenvectors. */
export interface EigenRows {
  readonly eigenvalues: Tensor;
  readonly eigenvectors: Tensor;
}

/**
 * The eigenvalues λ and eigenvectors V of `½ (A + Aᵀ)`, of matrices `[…, n, n]`, in one tensor `[…, n + 1, n]`: the
 * eigenvalues in rising order, and below each its vector. Where an entry is not finite, they are NaN.
 *
 * With `M = Vᵀ dA V`: `dλᵢ = Mᵢᵢ`, and `dV = V (F ∘ M)` with `Fᵢⱼ = 1 / (λⱼ - λᵢ)`. Equal eigenvalues have no eigenvectors of
 * their own, and those no derivative: it is infinite or NaN, unless nothing asks for it. Source: M. B. Giles, "Collected
 * matrix derivative results for forward and reverse mode algorithmic differentiation", 2008, section 3.1.
 */
export const eighPrimitive: Primitive<undefined> = smoothMap('eigh', {
  value: ([a]) => decomposition(a),
  differential: ({ output }) => {
    const { eigenvalues, eigenvectors: v } = rowsOf(output);
    return {
      each: [chain(symmetricPart, timesOnLeft(transposeMatrix(v)), timesOnRight(v))],
      last: inOwnBasis(eigenvalues, v),
    };
  },
  latex: (m, [a]) => m.apply('\\operatorname{eigh}', a),
  sample: (draw) => ({ inputs: [drawWithGaps(draw)], params: undefined }),
});

/** From M to the changes of eigenvalues and eigenvectors. */
function inOwnBasis(eigenvalues: Tensor, v: Tensor): LinearMap {
  const rows = v.rank - 2;
  const gaps = sub(broadcastTo(eigenvalues, v.shape), broadcastTo(transposeMatrix(eigenvalues), v.shape));
  const turn = timesOnLeft(v);
  return {
    apply: (x) => {
      const ofValues = sumKept(keepEntries(x, onDiagonal), [rows]);
      return concatAlong([ofValues, turn.apply(overGaps(x, gaps))], rows);
    },
    transpose: (g) => {
      const { eigenvalues: ofValues, eigenvectors: ofVectors } = rowsOf(g);
      return add(keepEntries(broadcastTo(ofValues, v.shape), onDiagonal), overGaps(turn.transpose(ofVectors), gaps));
    },
  };
}

const onDiagonal = (row: number, column: number): boolean => row === column;

/** `F ∘ X`. Zero over zero is zero: eigenvalues have derivatives also where they are equal. */
function overGaps(x: Tensor, gaps: Tensor): Tensor {
  const beside = keepEntries(x, (row, column) => row !== column);
  const nothing = logicalAnd(eq(gaps, 0), eq(beside, 0));
  const inverse = where(nothing, 0, reciprocal(where(nothing, 1, gaps)));
  return mul(beside, inverse);
}

function decomposition(a: Tensor): Tensor {
  const [size] = sizesOf(a);
  const out = allocateUnfilled([...batchOf(a), size + 1, size], a.dtype);
  const matrix = new Float64Array(size * size);
  visitMatrices(batchOf(a), [a, out], ([place, atOut]) => {
    symmetrize(readMatrix(a, place, matrix), size);
    if (!hasOnlyFinite(matrix)) {
      out.storage.fill(Number.NaN, atOut, atOut + size * (size + 1));
      return;
    }
    const { eigenvalues, eigenvectors } = symmetricEigen(matrix, size);
    out.storage.set(eigenvalues, atOut);
    for (let i = 0, at = atOut + size; i < size; i++) {
      for (let j = 0; j < size; j++, at++) out.storage[at] = eigenvectors[j * size + i];
    }
  });
  return out;
}

/** The two parts of what the primitive gives. */
function rowsOf(packed: Tensor): EigenRows {
  const [dim, size] = [packed.rank - 2, packed.shape[packed.rank - 1]];
  const part = (start: number, count: number): Tensor =>
    slice(packed, rangesWith(packed.shape, dim, { start, step: 1, size: count }));
  return { eigenvalues: part(0, 1), eigenvectors: part(1, size) };
}

export function eigenOf(a: Tensor): EigenRows {
  return rowsOf(bind(eighPrimitive, [a], undefined));
}
