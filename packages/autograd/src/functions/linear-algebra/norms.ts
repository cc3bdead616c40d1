import { type DType, isFloating } from '../../core/dtype.ts';
import { fail } from '../../core/errors.ts';
import { normalizeDim, showShape } from '../../core/shape.ts';
import type { Tensor } from '../../core/tensor.ts';
import { convert } from '../../primitives/linear/convert.ts';
import { sumKept } from '../../primitives/linear/sum.ts';
import { largestKept, smallestKept } from '../../primitives/piecewise/extremes.ts';
import { abs } from '../../primitives/piecewise/kinked.ts';
import { checkFloating } from '../check-dtype.ts';
import { checkNotEmpty, type Dims, overDims, type ReductionOptions, withoutDims } from '../over-dims.ts';
import { normKept } from '../reductions.ts';
import { checkMatrices } from './operands.ts';

export interface NormOptions extends ReductionOptions {
  /** The dtype to compute in. Default: the tensor's. */
  readonly dtype?: DType;
}

/**
 * The norm of vectors: `(Σ |x|ᵒ)^(1/o)` for order o; the largest or smallest `|x|` for ±Infinity, the number of entries that
 * are not zero for 0. Its derivative at zero is zero.
 *
 * @param ord Any number. Default: 2.
 * @param dims The dims of the vectors; all entries are one vector if left out.
 * @throws GradtapeError for whole numbers, or if there is no largest or smallest among no entries.
 * @example
 * vectorNorm(tensor([3, -4])); // 5
 */
export function vectorNorm(x: Tensor, ord = 2, dims?: Dims, options: NormOptions = {}): Tensor {
  const source = inDType('vectorNorm', x, options.dtype);
  return overDims('vectorNorm', source, dims, options, (vectors, chosen) => {
    if (ord < 0 || ord === Infinity) checkNotEmpty('vectorNorm', vectors, chosen);
    return normKept(vectors, ord, chosen);
  });
}

/**
 * The norm of matrices: Frobenius', `√(Σ x²)`; or for the orders 1 and Infinity the largest sum of `|x|` in a column or in a
 * row, for -1 and -Infinity the smallest. The orders 2, -2 and 'nuc' take singular values, which gradtape does not compute.
 *
 * @param A `[…, rows, columns]`.
 * @param ord Default: 'fro'.
 * @param dims The dims of rows and columns. Default: the last two.
 * @throws GradtapeError if there are no two dims, for another order, for whole numbers, or if there is no largest or smallest
 *   among no sums.
 * @example
 * matrixNorm(tensor([[1, -2], [3, 4]]), 1); // 6
 */
export function matrixNorm(
  A: Tensor,
  ord: 'fro' | number = 'fro',
  dims: readonly [number, number] = [-2, -1],
  { keepDim = false, dtype }: NormOptions = {},
): Tensor {
  const source = inDType('matrixNorm', A, dtype);
  checkMatrices('matrixNorm', source);
  const [rows, columns] = matrixDims(A, dims);
  if (ord === 'fro') return dropped(normKept(source, 2, [rows, columns]), [rows, columns], keepDim);
  if (Math.abs(ord) !== 1 && Math.abs(ord) !== Infinity) failOnOrder(ord);
  const [summed, compared] = Math.abs(ord) === 1 ? [rows, columns] : [columns, rows];
  checkNotEmpty('matrixNorm', source, [compared]);
  const sums = sumKept(abs(source), [summed]);
  const extreme = ord > 0 ? largestKept(sums, [compared]) : smallestKept(sums, [compared]);
  return dropped(extreme, [rows, columns], keepDim);
}

/**
 * `torch.linalg.norm`: of two dims that are named with an order, or of a matrix with one, {@link matrixNorm}; otherwise
 * {@link vectorNorm}, of all entries if no dims are named.
 *
 * @throws GradtapeError as these do, and for an order without dims if the tensor is neither a vector nor a matrix.
 * @example
 * linalgNorm(tensor([[1, -2], [3, 4]]), Infinity); // 7
 */
export function linalgNorm(
  x: Tensor,
  ord: 'fro' | number | null = null,
  dims?: Dims,
  options: NormOptions = {},
): Tensor {
  if (ord === null) return vectorNorm(x, 2, dims, options);
  const chosen = dims === undefined || dims === null ? x.shape.map((_, d) => d) : [dims].flat();
  if (chosen.length === 2) return matrixNorm(x, ord, [chosen[0], chosen[1]], options);
  if (chosen.length === 1 && ord !== 'fro') return vectorNorm(x, ord, chosen, options);
  return fail('linalgNorm: norms of what?', {
    got: `order ${ord}, dims ${showShape(chosen)} of shape ${showShape(x.shape)}`,
    needs: 'one dim, of vectors, and a number as order; or two, of matrices',
    fix: 'name the dims; or leave the order out for the root of the sum of squares',
  });
}

function dropped(kept: Tensor, dims: readonly number[], keepDim: boolean): Tensor {
  return keepDim ? kept : withoutDims(kept, dims);
}

function inDType(operation: string, x: Tensor, dtype: DType | undefined): Tensor {
  if (dtype !== undefined && !isFloating(dtype)) {
    fail(`${operation}: a norm is no whole number`, {
      got: `dtype ${dtype}`,
      needs: 'float32 or float64',
      fix: "leave it out, or { dtype: 'float64' }",
    });
  }
  if (dtype !== undefined && dtype !== x.dtype) return convert(x, dtype);
  checkFloating(operation, x);
  return x;
}

function matrixDims(A: Tensor, dims: readonly number[]): readonly [rows: number, columns: number] {
  const [rows, columns] = dims.map((dim) => normalizeDim('matrixNorm', dim, A.rank));
  if (dims.length === 2 && rows !== columns) return [rows, columns];
  return fail('matrixNorm: not the dims of matrices', {
    got: `dims ${showShape(dims)} of shape ${showShape(A.shape)}`,
    needs: 'two different dims: rows, then columns',
    fix: 'leave them out for the last two; vectorNorm takes any number of dims',
  });
}

function failOnOrder(ord: unknown): never {
  return fail('matrixNorm: no such order', {
    got: `${ord}`,
    needs: "'fro', 1, -1, Infinity or -Infinity; 2, -2 and 'nuc' would take singular values",
    fix: 'for the largest singular value of a small matrix: eigvalsh(A.t().matmul(A)).amax().sqrt()',
  });
}
