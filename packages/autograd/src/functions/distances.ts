import { fail } from '../core/errors.ts';
import { broadcastShapes, normalizeDim, showShape } from '../core/shape.ts';
import type { Tensor } from '../core/tensor.ts';
import { mul } from '../primitives/bilinear/mul.ts';
import { add, sub } from '../primitives/linear/arithmetic.ts';
import { takeAlong } from '../primitives/linear/gather.ts';
import { transposeMatrix } from '../primitives/linear/permute.ts';
import { reshape } from '../primitives/linear/reshape.ts';
import { broadcastTo, sumKept } from '../primitives/linear/sum.ts';
import { where } from '../primitives/linear/where.ts';
import { gt } from '../primitives/piecewise/comparison.ts';
import { maximum } from '../primitives/piecewise/kinked.ts';
import { div } from '../primitives/smooth/division.ts';
import { sqrt, square } from '../primitives/smooth/powers.ts';
import { checkFloating } from './check-dtype.ts';
import { zeros } from './creation.ts';
import { unbind } from './movement.ts';
import { withoutDims } from './over-dims.ts';
import { matmul } from './products.ts';
import { flatAtZero, norm, normKept } from './reductions.ts';
import { triuIndices } from './triangles.ts';

/**
 * The p-norm of the difference of two tensors, which broadcast, over all entries.
 *
 * @throws GradtapeError if the shapes do not broadcast, or the dtype is not floating.
 * @example
 * dist(tensor([1, 2]), tensor([4, 6])); // 5
 */
export function dist(x: Tensor, other: Tensor, p = 2): Tensor {
  return norm(sub<Tensor, Tensor>(x, other), p);
}

export interface CdistOptions {
  /** Which norm: 0 counts the coordinates that differ, Infinity takes the largest distance. Default: 2. */
  readonly p?: number;
  /**
   * Whether distances for p = 2 are computed by a matrix product, faster and less exact where points lie close together:
   * if one of the tensors has more than 25 points, always, or never.
   */
  readonly computeMode?: 'useMmForEuclidDistIfNecessary' | 'useMmForEuclidDist' | 'donotUseMmForEuclidDist';
}

/**
 * The distances of every point of one list to every point of another: `[…, m, size]` and `[…, n, size]` give `[…, m, n]`,
 * the leading dims broadcast. The derivative of a distance at zero is zero.
 *
 * @throws GradtapeError if the points are of different sizes or dtypes, or not floating, or `p` is negative.
 * @example
 * cdist(tensor([[0, 0], [3, 0]]), tensor([[0, 4]])); // [[4], [5]]
 */
export function cdist(
  a: Tensor,
  b: Tensor,
  { p = 2, computeMode = 'useMmForEuclidDistIfNecessary' }: CdistOptions = {},
): Tensor {
  checkPoints(a, b, p);
  const many = Math.max(a.shape[a.rank - 2], b.shape[b.rank - 2]) > 25;
  const byProduct = computeMode === 'useMmForEuclidDist' || (computeMode === 'useMmForEuclidDistIfNecessary' && many);
  if (p === 2 && byProduct) return distancesByProduct(a, b);
  const [m, size] = a.shape.slice(-2);
  const n = b.shape[b.rank - 2];
  const differences = sub<Tensor, Tensor>(
    reshape(a, [...a.shape.slice(0, -2), m, 1, size]),
    reshape(b, [...b.shape.slice(0, -2), 1, n, size]),
  );
  const last = differences.rank - 1;
  if (size === 0) return withoutDims(sumKept(differences, [last]), [last]);
  return withoutDims(normKept(differences, p, [last]), [last]);
}

/** By `|a - b|² = |a|² - 2 a·b + |b|²`. */
function distancesByProduct(a: Tensor, b: Tensor): Tensor {
  const squares = (x: Tensor): Tensor => sumKept(square(x), [x.rank - 1]);
  const products = matmul<Tensor, Tensor>(mul(a, -2), transposeMatrix(b));
  const sum = add<Tensor, Tensor>(add<Tensor, Tensor>(products, squares(a)), transposeMatrix(squares(b)));
  return flatAtZero(maximum(sum, 0), sqrt);
}

/**
 * The distance of every point of a list to every later one: `[n, size]` gives `[n (n - 1) / 2]`, the upper triangle of
 * {@link cdist} row by row. The derivative of a distance at zero is zero.
 *
 * @param p Which norm: 0 counts the coordinates that differ, Infinity takes the largest distance.
 * @throws GradtapeError if it is no list of points of a floating dtype, or `p` is negative.
 * @example
 * pdist(tensor([[0, 0], [3, 4], [0, 4]])); // [5, 4, 3]
 */
export function pdist(x: Tensor, p = 2): Tensor {
  checkFloating('pdist', x);
  if (x.rank !== 2 || !(p >= 0)) {
    fail('pdist: not a list of points and a norm', {
      got: `shape ${showShape(x.shape)}, p = ${p}`,
      needs: '[n, size], and a number from 0, or Infinity',
      fix: 'for the lists of a batch, or for two lists: cdist',
    });
  }
  const [count, size] = x.shape;
  const [rows, columns] = unbind(triuIndices(count, count, { offset: 1 }));
  if (size === 0 || rows.length === 0) return zeros([rows.length], { dtype: x.dtype });
  return withoutDims(normKept(sub<Tensor, Tensor>(takeAlong(x, 0, rows), takeAlong(x, 0, columns)), p, [1]), [1]);
}

function checkPoints(a: Tensor, b: Tensor, p: number): void {
  checkFloating('cdist', a);
  if (a.rank < 2 || b.rank < 2 || a.shape[a.rank - 1] !== b.shape[b.rank - 1] || a.dtype !== b.dtype) {
    fail('cdist: not two lists of points of one size', {
      got: `${showShape(a.shape)} ${a.dtype} and ${showShape(b.shape)} ${b.dtype}`,
      needs: '[…, m, size] and […, n, size], of one dtype',
      fix: 'unsqueeze(0) makes a list of a single point',
    });
  }
  broadcastShapes('cdist, leading dims', [a.shape.slice(0, -2), b.shape.slice(0, -2)]);
  if (!(p >= 0)) fail('cdist: not a norm', { got: `p = ${p}`, needs: 'a number from 0, or Infinity', fix: 'p: 2' });
}

/**
 * Every part along a dim whose p-norm is larger than `maxnorm` scaled down to it.
 *
 * @throws GradtapeError if `x` has fewer than two dims, the dtype is not floating, `p` is not positive, or `maxnorm` negative.
 * @example
 * renorm(tensor([[3, 4], [0.6, 0.8]]), 2, 0, 1); // [[0.6, 0.8], [0.6, 0.8]]
 */
export function renorm(x: Tensor, p: number, dim: number, maxnorm: number): Tensor {
  checkFloating('renorm', x);
  if (x.rank < 2 || !(p > 0) || !(maxnorm >= 0)) {
    fail('renorm: not parts and a norm', {
      got: `p = ${p}, maxnorm ${maxnorm}, for shape ${showShape(x.shape)}`,
      needs: 'at least two dims, a positive p, and a maxnorm from 0',
      fix: 'renorm(x, 2, 0, 1) keeps the rows of a matrix within the unit circle',
    });
  }
  const d = normalizeDim('renorm', dim, x.rank);
  const others = x.shape.map((_, k) => k).filter((k) => k !== d);
  const norms = normKept(x, p, others);
  // PyTorch's small number, which keeps the scaled norm from exceeding the bound by rounding.
  const factors = where(gt(norms, maxnorm), div(maxnorm, add(norms, 1e-7)), 1);
  return mul(x, broadcastTo(factors, x.shape));
}
