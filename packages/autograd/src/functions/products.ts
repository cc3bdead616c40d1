import { isFloating, promote } from '../core/dtype.ts';
import { fail } from '../core/errors.ts';
import { broadcastShapes, entriesOf, showShape } from '../core/shape.ts';
import type { Checked, Known, MatmulShape } from '../core/shape-types.ts';
import type { Tensor } from '../core/tensor.ts';
import type { ShapeOf } from '../core/typed-tensor.ts';
import { multiplyMatrices } from '../primitives/bilinear/matmul.ts';
import { mul } from '../primitives/bilinear/mul.ts';
import { convert } from '../primitives/linear/convert.ts';
import { reshape } from '../primitives/linear/reshape.ts';
import { broadcastTo } from '../primitives/linear/sum.ts';

/**
 * The matrix product, as PyTorch has it for every pair of ranks: `[k]·[k] → []`, `[m, k]·[k] → [m]`, `[k]·[k, n] → [n]`,
 * `[…, m, k]·[…, k, n] → […, m, n]` with the leading dims broadcast. Both operands have one floating dtype.
 *
 * @throws GradtapeError if the inner sizes differ, the leading dims do not broadcast, or the dtypes differ.
 */
export function matmul<T extends Tensor, U extends Tensor>(
  a: T,
  b: Checked<U, MatmulShape<ShapeOf<T>, ShapeOf<U>>>,
): Tensor<Known<MatmulShape<ShapeOf<T>, ShapeOf<U>>>> {
  return multiply(a, b as Tensor) as Tensor<Known<MatmulShape<ShapeOf<T>, ShapeOf<U>>>>;
}

function multiply(a: Tensor, b: Tensor): Tensor {
  checkDTypes(a, b);
  if (a.rank === 0 || b.rank === 0) {
    fail('matmul: an operand without dims', {
      got: both(a, b),
      needs: 'at least one dim each',
      fix: 'use mul for a product with a single number',
    });
  }
  const rows = a.rank === 1 ? reshape(a, [1, a.length]) : a;
  const columns = b.rank === 1 ? reshape(b, [b.length, 1]) : b;
  if (rows.shape[rows.rank - 1] !== columns.shape[columns.rank - 2]) failOnInner(a, b);
  if (!isFloating(a.dtype)) return convert(multiply(convert(a, 'float64'), convert(b, 'float64')), a.dtype);
  const product = columns.rank === 2 ? foldedProduct(rows, columns) : batchedProduct(rows, columns);
  const shape = [...product.shape];
  if (b.rank === 1) shape.splice(-1, 1);
  if (a.rank === 1) shape.splice(b.rank === 1 ? -1 : -2, 1);
  return reshape(product, shape);
}

/** Many matrices times one: one product of a tall matrix. */
function foldedProduct(a: Tensor, b: Tensor): Tensor {
  if (a.rank === 2) return multiplyMatrices(a, b);
  const k = a.shape[a.rank - 1] as number;
  const lead = a.shape.slice(0, -1);
  return reshape(multiplyMatrices(reshape(a, [entriesOf(lead), k]), b), [...lead, b.shape[1] as number]);
}

function batchedProduct(a: Tensor, b: Tensor): Tensor {
  const batch = broadcastShapes(`matmul of ${both(a, b)}, leading dims`, [a.shape.slice(0, -2), b.shape.slice(0, -2)]);
  return multiplyMatrices(
    broadcastTo(a, [...batch, ...a.shape.slice(-2)]),
    broadcastTo(b, [...batch, ...b.shape.slice(-2)]),
  );
}

function both(a: Tensor, b: Tensor): string {
  return `${showShape(a.shape)} times ${showShape(b.shape)}`;
}

function checkDTypes(a: Tensor, b: Tensor): void {
  if (a.dtype === b.dtype) return;
  fail('matmul: the dtypes differ', {
    got: `${a.dtype} times ${b.dtype}`,
    needs: 'one dtype',
    fix: `convert one operand: x.to('${promote(a.dtype, 1, b.dtype, 1)}')`,
  });
}

function failOnInner(a: Tensor, b: Tensor): never {
  const [k, l] = [a.shape[a.rank - 1], b.shape[Math.max(b.rank - 2, 0)]];
  const transposed =
    b.rank === 2 && b.shape[1] === k
      ? 'b is the other way round: a.matmul(b.t())'
      : 'transpose one operand, or check which dims should meet';
  return fail('matmul: the inner sizes differ', {
    got: both(a, b),
    needs: `the last size of the first (${k}) to equal the ${b.rank === 1 ? 'size' : 'second to last size'} of the second (${l})`,
    fix: transposed,
  });
}

/**
 * The product of two matrices, and of nothing else: `[m, k]·[k, n] → [m, n]`. {@link matmul} takes any dims.
 *
 * @throws GradtapeError if an operand is no matrix, the inner sizes differ, or the dtypes do.
 * @example
 * mm(tensor([[1, 2]]), tensor([[3], [4]])); // [[11]]
 */
export function mm(a: Tensor, b: Tensor): Tensor {
  checkRanks('mm', [a, b], [2, 2]);
  return multiply(a, b);
}

/**
 * The product of a matrix and a vector: `[m, k]·[k] → [m]`.
 *
 * @throws GradtapeError if the operands are not these, the inner sizes differ, or the dtypes do.
 * @example
 * mv(tensor([[1, 2], [3, 4]]), tensor([1, 1])); // [3, 7]
 */
export function mv(a: Tensor, v: Tensor): Tensor {
  checkRanks('mv', [a, v], [2, 1]);
  return multiply(a, v);
}

/**
 * The products of the matrices of two batches, one by one: `[batch, m, k]·[batch, k, n] → [batch, m, n]`.
 *
 * @throws GradtapeError if the operands are no batches of one length, the inner sizes differ, or the dtypes do.
 * @example
 * bmm(tensor([[[1, 2]]]), tensor([[[3], [4]]])); // [[[11]]]
 */
export function bmm(a: Tensor, b: Tensor): Tensor {
  checkBatches('bmm', a, b);
  return multiply(a, b);
}

/** Throws unless tensors have so many dims each. */
export function checkRanks(operation: string, factors: readonly Tensor[], ranks: readonly number[]): void {
  if (factors.every((x, i) => x.rank === ranks[i])) return;
  fail(`${operation}: a factor has not the right number of dims`, {
    got: factors.map((x) => showShape(x.shape)).join(' times '),
    needs: `${ranks.join(' and ')} dims`,
    fix: 'matmul takes factors of any number of dims',
  });
}

/** Throws unless two tensors are batches of as many matrices. */
export function checkBatches(operation: string, a: Tensor, b: Tensor): void {
  checkRanks(operation, [a, b], [3, 3]);
  if (a.shape[0] === b.shape[0]) return;
  fail(`${operation}: the batches differ`, {
    got: `${showShape(a.shape)} times ${showShape(b.shape)}`,
    needs: 'as many matrices in the one as in the other',
    fix: 'matmul broadcasts a batch of one',
  });
}

/** The inner product of two vectors of one length. */
export function dot(a: Tensor, b: Tensor): Tensor {
  if (a.rank !== 1 || b.rank !== 1 || a.length !== b.length) {
    fail('dot: not two vectors of one length', {
      got: both(a, b),
      needs: 'two tensors of shape [n]',
      fix: 'flatten them, or use matmul for matrices',
    });
  }
  return multiply(a, b);
}

/** The outer product `a bᵀ` of two vectors: shape `[a.length, b.length]`. */
export function outer(a: Tensor, b: Tensor): Tensor {
  if (a.rank !== 1 || b.rank !== 1) {
    fail('outer: not two vectors', { got: both(a, b), needs: 'two tensors of one dim', fix: 'flatten them first' });
  }
  return mul(reshape(a, [a.length, 1]), reshape(b, [1, b.length]));
}
