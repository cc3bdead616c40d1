// Matrix products added to something, as BLAS has them.
import { fail } from '../core/errors.ts';
import { broadcastShapes, type Shape, sameShape, showShape } from '../core/shape.ts';
import type { Tensor } from '../core/tensor.ts';
import { mul } from '../primitives/bilinear/mul.ts';
import { add } from '../primitives/linear/arithmetic.ts';
import { reshape } from '../primitives/linear/reshape.ts';
import { broadcastTo, sumKept } from '../primitives/linear/sum.ts';
import { checkBatches, checkRanks, matmul, outer } from './products.ts';

export interface AddedProductOptions {
  /** A factor for what is added to. With 0 it does not count at all, not even where it is NaN. Default: 1. */
  readonly beta?: number;
  /** A factor for the product. Default: 1. */
  readonly alpha?: number;
}

/**
 * `beta · x + alpha · a b` for matrices.
 *
 * @param x Broadcasts to `[m, n]`.
 * @param a `[m, k]`
 * @param b `[k, n]`
 * @throws GradtapeError if the shapes do not fit, or the dtypes differ.
 * @example
 * addmm(tensor([1, 2]), tensor([[1, 2], [3, 4]]), eye(2), { alpha: 10 }); // [[11, 22], [31, 42]]
 */
export function addmm(x: Tensor, a: Tensor, b: Tensor, options: AddedProductOptions = {}): Tensor {
  checkRanks('addmm', [a, b], [2, 2]);
  return added('addmm', x, matmul<Tensor, Tensor>(a, b), options);
}

/**
 * `beta · x + alpha · a v` for a matrix and a vector.
 *
 * @param x Broadcasts to `[m]`.
 * @param a `[m, k]`
 * @param v `[k]`
 * @throws GradtapeError if the shapes do not fit, or the dtypes differ.
 * @example
 * addmv(tensor([1, 1]), tensor([[1, 2], [3, 4]]), tensor([1, 1])); // [4, 8]
 */
export function addmv(x: Tensor, a: Tensor, v: Tensor, options: AddedProductOptions = {}): Tensor {
  checkRanks('addmv', [a, v], [2, 1]);
  return added('addmv', x, matmul<Tensor, Tensor>(a, v), options);
}

/**
 * `beta · x + alpha · u vᵀ` for two vectors.
 *
 * @param x Broadcasts to `[m, n]`.
 * @param u `[m]`
 * @param v `[n]`
 * @throws GradtapeError if the shapes do not fit.
 * @example
 * addr(zeros([2, 2]), tensor([1, 2]), tensor([3, 4])); // [[3, 4], [6, 8]]
 */
export function addr(x: Tensor, u: Tensor, v: Tensor, options: AddedProductOptions = {}): Tensor {
  checkRanks('addr', [u, v], [1, 1]);
  return added('addr', x, outer(u, v), options);
}

/**
 * `beta · x[i] + alpha · a[i] b[i]` for each of a batch of matrices.
 *
 * @param x Broadcasts to `[batch, m, n]`.
 * @param a `[batch, m, k]`
 * @param b `[batch, k, n]`
 * @throws GradtapeError if the shapes do not fit, or the dtypes differ.
 * @example
 * baddbmm(zeros([1, 1, 1]), tensor([[[1, 2]]]), tensor([[[3], [4]]])); // [[[11]]]
 */
export function baddbmm(x: Tensor, a: Tensor, b: Tensor, options: AddedProductOptions = {}): Tensor {
  checkBatches('baddbmm', a, b);
  return added('baddbmm', x, matmul<Tensor, Tensor>(a, b), options);
}

/**
 * `beta · x + alpha · Σ a[i] b[i]` over a batch of matrices.
 *
 * @param x Broadcasts to `[m, n]`.
 * @param a `[batch, m, k]`
 * @param b `[batch, k, n]`
 * @throws GradtapeError if the shapes do not fit, or the dtypes differ.
 * @example
 * addbmm(zeros([1, 1]), tensor([[[1]], [[2]]]), tensor([[[3]], [[4]]])); // [[11]]
 */
export function addbmm(x: Tensor, a: Tensor, b: Tensor, options: AddedProductOptions = {}): Tensor {
  checkBatches('addbmm', a, b);
  const products = matmul<Tensor, Tensor>(a, b);
  return added('addbmm', x, reshape(sumKept(products, [0]), products.shape.slice(1)), options);
}

function added(operation: string, x: Tensor, product: Tensor, { beta = 1, alpha = 1 }: AddedProductOptions): Tensor {
  const shape = broadcastShapes(operation, [x.shape, product.shape]);
  if (!sameShape(shape, product.shape)) failOnShape(operation, x, product.shape);
  const scaled = alpha === 1 ? product : mul(product, alpha);
  if (beta === 0) return scaled;
  return add(broadcastTo(beta === 1 ? x : mul(x, beta), shape), scaled);
}

function failOnShape(operation: string, x: Tensor, needed: Shape): never {
  return fail(`${operation}: what is added to does not fit the product`, {
    got: showShape(x.shape),
    needs: `a shape that broadcasts to ${showShape(needed)}`,
    fix: 'the product comes second: the first argument is added to it',
  });
}
