import { isFloating } from '../core/dtype.ts';
import { fail } from '../core/errors.ts';
import { entriesOf, normalizeDim, normalizeDims, showShape } from '../core/shape.ts';
import type { DimArgument, Flowing, ReducedShape } from '../core/shape-types.ts';
import type { Tensor } from '../core/tensor.ts';
import type { ShapeOf } from '../core/typed-tensor.ts';
import { mul } from '../primitives/bilinear/mul.ts';
import { add, sub } from '../primitives/linear/arithmetic.ts';
import { concatAlong } from '../primitives/linear/concat.ts';
import { convert } from '../primitives/linear/convert.ts';
import { runningSumAlong } from '../primitives/linear/cumsum.ts';
import { gatherAlong } from '../primitives/linear/gather.ts';
import { reshape } from '../primitives/linear/reshape.ts';
import { type Range, rangesWith, slice } from '../primitives/linear/slice.ts';
import { sumKept } from '../primitives/linear/sum.ts';
import { where } from '../primitives/linear/where.ts';
import { eq, ne } from '../primitives/piecewise/comparison.ts';
import {
  largestKept,
  largestOfAll,
  placeOfLargest,
  placeOfSmallest,
  smallestKept,
  smallestOfAll,
} from '../primitives/piecewise/extremes.ts';
import { abs } from '../primitives/piecewise/kinked.ts';
import { power } from '../primitives/piecewise/power.ts';
import { div } from '../primitives/smooth/division.ts';
import { exp, log } from '../primitives/smooth/exponential.ts';
import { sqrt, square } from '../primitives/smooth/powers.ts';
import { detach } from '../tape/leaf.ts';
import { isByDefinition } from '../transforms/by-definition.ts';
import { customGrad } from '../transforms/custom-grad.ts';
import { checkFloating } from './check-dtype.ts';

/** One dim or several; all of them when undefined or null. Negative ones count from the end. */
export type Dims = number | readonly number[] | null | undefined;
/** Dims that only the run will show; a number that the compiler knows is left to the signature that checks it. */
export type OpenDims<Chosen extends Dims> = Chosen extends number ? (number extends Chosen ? Chosen : never) : Chosen;

export interface ReductionOptions {
  /** Whether the reduced dims stay, with size one. Default: false. */
  readonly keepDim?: boolean;
}

/** A reduction that keeps dims of size one, as one that drops them. */
function overDims(
  operation: string,
  x: Tensor,
  dims: Dims,
  { keepDim = false }: ReductionOptions,
  reduce: (x: Tensor, dims: readonly number[]) => Tensor,
): Tensor {
  const chosen = normalizeDims(operation, dims, x.rank);
  const kept = reduce(x, chosen);
  return keepDim
    ? kept
    : reshape(
        kept,
        kept.shape.filter((_, d) => !chosen.includes(d)),
      );
}

/**
 * The sum over dims, accumulated in float64. Whole numbers and truth values give int32.
 *
 * @example
 * tensor([[1, 2], [3, 4]]).sum(0); // [4, 6]
 */
export function sum<T extends Tensor>(x: T): Tensor<Flowing<ShapeOf<T>, []>>;
export function sum<Chosen extends Dims>(x: Tensor, dims: OpenDims<Chosen>, options?: ReductionOptions): Tensor;
export function sum<T extends Tensor, Dim extends number, Keep extends boolean = false>(
  x: T,
  dim: DimArgument<ShapeOf<T>, Dim>,
  options?: { readonly keepDim?: Keep },
): Tensor<ReducedShape<ShapeOf<T>, Dim, Keep>>;
export function sum(x: Tensor, dims?: Dims, options: ReductionOptions = {}): Tensor {
  return overDims('sum', x, dims, options, sumKept);
}

function count(x: Tensor, dims: readonly number[]): number {
  return entriesOf(dims.map((d) => x.shape[d] as number));
}

/** The mean over dims. Throws for whole numbers, as PyTorch does. */
export function mean<T extends Tensor>(x: T): Tensor<Flowing<ShapeOf<T>, []>>;
export function mean<Chosen extends Dims>(x: Tensor, dims: OpenDims<Chosen>, options?: ReductionOptions): Tensor;
export function mean<T extends Tensor, Dim extends number, Keep extends boolean = false>(
  x: T,
  dim: DimArgument<ShapeOf<T>, Dim>,
  options?: { readonly keepDim?: Keep },
): Tensor<ReducedShape<ShapeOf<T>, Dim, Keep>>;
export function mean(x: Tensor, dims?: Dims, options: ReductionOptions = {}): Tensor {
  checkFloating('mean', x);
  return overDims('mean', x, dims, options, meanKept);
}

function meanKept(x: Tensor, dims: readonly number[]): Tensor {
  return mul(sumKept(x, dims), 1 / count(x, dims));
}

export interface VarianceOptions extends ReductionOptions {
  /** What is taken from the number of entries in the denominator: 1 for the unbiased estimate. Default: 1. */
  readonly correction?: number;
  /** Another way to say `correction`: true is 1, false 0. */
  readonly unbiased?: boolean;
}

/** The variance over dims: `Σ (x - mean)² / (n - correction)`. NaN where the denominator is not positive. */
export function variance(x: Tensor, dims?: Dims, options: VarianceOptions = {}): Tensor {
  checkFloating('var', x);
  const { unbiased = true, correction = unbiased ? 1 : 0 } = options;
  return overDims('var', x, dims, options, (tensor, chosen) =>
    varianceKept(chosen, Math.max(0, count(tensor, chosen) - correction))(tensor),
  );
}

/** Its derivative is `2 (x - mean) / denominator`: what passes through the mean adds up to zero, unless entries are infinite. */
function varianceKept(dims: readonly number[], denominator: number): (x: Tensor) => Tensor {
  const deviations = (x: Tensor): Tensor => sub(x, meanKept(x, dims));
  const definition = (x: Tensor): Tensor => div(sumKept(square(deviations(x)), dims), denominator);
  if (isByDefinition()) return definition;
  return customGrad({
    name: 'var',
    keepsNothing: true,
    forward: (x) => definition(x as Tensor),
    backward: (cotangent, [x]) => [mul(mul(cotangent, 2 / denominator), deviations(x as Tensor))],
  });
}

/** The standard deviation over dims: the root of {@link variance}. Its derivative where it is zero is zero. */
export function std(x: Tensor, dims?: Dims, options: VarianceOptions = {}): Tensor {
  return flatAtZero(variance(x, dims, options), sqrt);
}

/** A root, which has no derivative at zero, with derivative zero there: the root is taken of 1, and 0 put in its place. */
function flatAtZero(x: Tensor, root: (x: Tensor) => Tensor): Tensor {
  const zero = eq(x, 0);
  return where(zero, 0, root(where(zero, 1, x)));
}

function checkNotEmpty(operation: string, x: Tensor, dims: readonly number[]): void {
  if (count(x, dims) > 0 || x.rank === 0) return;
  fail(`${operation}: nothing to choose from`, {
    got: `shape ${showShape(x.shape)}, reduced over dims ${showShape(dims)}`,
    needs: 'at least one entry in what is reduced',
    fix: 'check the sizes; an empty sum is 0, but an empty maximum is nothing',
  });
}

/** The largest entry over dims; equal ones share the derivative. NaN where there is one, and the derivative too. */
export function amax(x: Tensor, dims?: Dims, options: ReductionOptions = {}): Tensor {
  return overDims('amax', x, dims, options, (tensor, chosen) => {
    checkNotEmpty('amax', tensor, chosen);
    return largestKept(tensor, chosen);
  });
}

/** The smallest entry over dims; equal ones share the derivative. NaN where there is one, and the derivative too. */
export function amin(x: Tensor, dims?: Dims, options: ReductionOptions = {}): Tensor {
  return overDims('amin', x, dims, options, (tensor, chosen) => {
    checkNotEmpty('amin', tensor, chosen);
    return smallestKept(tensor, chosen);
  });
}

/** Extreme entries along a dim, and where they stand. */
export interface ValuesAndIndices {
  readonly values: Tensor;
  /** dtype int32. */
  readonly indices: Tensor;
}

/** The largest entry of all; equal ones share the derivative. NaN where there is one, which has the derivative. */
export function max(x: Tensor): Tensor;
/** The largest entries along a dim, and their indices: the first among equals, which has the derivative. */
export function max(x: Tensor, dim: number, options?: ReductionOptions): ValuesAndIndices;
export function max(x: Tensor, dim?: number, options: ReductionOptions = {}): Tensor | ValuesAndIndices {
  return dim === undefined
    ? extremeOfAll('max', x, largestOfAll)
    : extremeAlong('max', x, dim, options, placeOfLargest);
}

/** The smallest entry of all; equal ones share the derivative. NaN where there is one, which has the derivative. */
export function min(x: Tensor): Tensor;
/** The smallest entries along a dim, and their indices: the first among equals, which has the derivative. */
export function min(x: Tensor, dim: number, options?: ReductionOptions): ValuesAndIndices;
export function min(x: Tensor, dim?: number, options: ReductionOptions = {}): Tensor | ValuesAndIndices {
  return dim === undefined
    ? extremeOfAll('min', x, smallestOfAll)
    : extremeAlong('min', x, dim, options, placeOfSmallest);
}

function extremeOfAll(
  operation: string,
  x: Tensor,
  extremeKept: (x: Tensor, dims: readonly number[]) => Tensor,
): Tensor {
  return overDims(operation, x, null, {}, (tensor, dims) => {
    checkNotEmpty(operation, tensor, dims);
    return extremeKept(tensor, dims);
  });
}

function extremeAlong(
  operation: string,
  x: Tensor,
  dim: number,
  options: ReductionOptions,
  placeOf: (x: Tensor, dims: readonly number[]) => Tensor,
): ValuesAndIndices {
  const source = x.rank === 0 ? reshape(x, [1]) : x;
  const d = normalizeDim(operation, dim, source.rank);
  checkNotEmpty(operation, source, [d]);
  const indices = placeOf(source, [d]);
  const values = gatherAlong(source, d, indices);
  const finish = (kept: Tensor) =>
    options.keepDim && x.rank > 0
      ? kept
      : reshape(
          kept,
          kept.shape.filter((_, k) => k !== d),
        );
  return { values: finish(values), indices: finish(indices) };
}

/** The index of the largest entry along a dim, or of all entries in reading order: the first among equals. dtype int32. */
export function argmax(x: Tensor, dim?: number | null, options: ReductionOptions = {}): Tensor {
  return argumentAlong('argmax', x, dim, options, placeOfLargest);
}

/** The index of the smallest entry along a dim, or of all entries in reading order: the first among equals. dtype int32. */
export function argmin(x: Tensor, dim?: number | null, options: ReductionOptions = {}): Tensor {
  return argumentAlong('argmin', x, dim, options, placeOfSmallest);
}

function argumentAlong(
  operation: string,
  x: Tensor,
  dim: number | null | undefined,
  { keepDim = false }: ReductionOptions,
  placeOf: (x: Tensor, dims: readonly number[]) => Tensor,
): Tensor {
  if (dim === undefined || dim === null) {
    const dims = x.shape.map((_, d) => d);
    checkNotEmpty(operation, x, dims);
    const place = placeOf(x, dims);
    return reshape(place, keepDim ? x.shape.map(() => 1) : []);
  }
  const source = x.rank === 0 ? reshape(x, [1]) : x;
  const d = normalizeDim(operation, dim, source.rank);
  checkNotEmpty(operation, source, [d]);
  const place = placeOf(source, [d]);
  return keepDim && x.rank > 0
    ? place
    : reshape(
        place,
        place.shape.filter((_, k) => k !== d),
      );
}

/** Whether all entries (over dims) hold, that is, are not zero. dtype bool. */
export function all(x: Tensor, dims?: Dims, options: ReductionOptions = {}): Tensor {
  return eq(sum(convert(eq(x, 0), 'int32'), dims, options), 0);
}

/** Whether any entry (over dims) holds, that is, is not zero. dtype bool. */
export function any(x: Tensor, dims?: Dims, options: ReductionOptions = {}): Tensor {
  return ne(sum(convert(ne(x, 0), 'int32'), dims, options), 0);
}

/** `log Σ eˣ` over dims, shifted by the maximum so that nothing overflows. */
export function logsumexp(x: Tensor, dims?: Dims, options: ReductionOptions = {}): Tensor {
  checkFloating('logsumexp', x);
  return overDims('logsumexp', x, dims, options, logsumexpKept);
}

/** {@link logsumexp} with the reduced dims kept. The shift is a constant: it does not change the value. */
export function logsumexpKept(x: Tensor, dims: readonly number[]): Tensor {
  const largest = largestKept(detach(x), dims);
  const shift = where(eq(abs(largest), Infinity), 0, largest);
  return add(log(sumKept(exp(sub(x, shift)), dims)), shift);
}

/** Running sums along a dim. */
export function cumsum(x: Tensor, dim: number): Tensor {
  const d = normalizeDim('cumsum', dim, x.rank);
  const source = isFloating(x.dtype) ? x : convert(x, 'int32');
  return x.rank === 0 ? source : runningSumAlong(source, d);
}

/** Every `step`-th index of a dim from `start`, `size` of them. */
function part(x: Tensor, dim: number, range: Range): Tensor {
  return slice(x, rangesWith(x.shape, dim, range));
}

/**
 * The product over a dim, or of all entries. It is computed as a tree of products of two, so that its derivatives are
 * right where entries are zero.
 */
export function prod(x: Tensor, dim?: number | null, { keepDim = false }: ReductionOptions = {}): Tensor {
  const source = x.dtype === 'bool' ? convert(x, 'int32') : x;
  if (dim === undefined || dim === null) return prod(reshape(source, [x.length]), 0);
  if (x.rank === 0) return source;
  const d = normalizeDim('prod', dim, x.rank);
  let factors = source;
  if (factors.shape[d] === 0) factors = add(sumKept(factors, [d]), 1);
  while ((factors.shape[d] as number) > 1) {
    const size = factors.shape[d] as number;
    const pairs = Math.floor(size / 2);
    const products = mul(
      part(factors, d, { start: 0, step: 1, size: pairs }),
      part(factors, d, { start: pairs, step: 1, size: pairs }),
    );
    factors =
      size % 2 === 0 ? products : concatAlong([products, part(factors, d, { start: size - 1, step: 1, size: 1 })], d);
  }
  return keepDim
    ? factors
    : reshape(
        factors,
        factors.shape.filter((_, k) => k !== d),
      );
}

/**
 * Running products along a dim, by doubling: after step k every entry holds the product of the last 2ᵏ. Right where
 * entries are zero.
 */
export function cumprod(x: Tensor, dim: number): Tensor {
  const source = x.dtype === 'bool' ? convert(x, 'int32') : x;
  const d = normalizeDim('cumprod', dim, x.rank);
  const size = x.shape[d] ?? 1;
  let products = source;
  for (let reach = 1; reach < size; reach *= 2) {
    const head = part(products, d, { start: 0, step: 1, size: reach });
    const later = part(products, d, { start: reach, step: 1, size: size - reach });
    const earlier = part(products, d, { start: 0, step: 1, size: size - reach });
    products = concatAlong([head, mul(later, earlier)], d);
  }
  return products;
}

/**
 * The p-norm of the entries over dims: `(Σ |x|ᵖ)^(1/p)`; the largest or smallest `|x|` for p = ±Infinity, the number of
 * entries that are not zero for p = 0. Its derivative at zero is zero.
 */
export function norm(x: Tensor, p = 2, dims?: Dims, options: ReductionOptions = {}): Tensor {
  checkFloating('norm', x);
  return overDims('norm', x, dims, options, (tensor, chosen) => normKept(tensor, p, chosen));
}

function normKept(x: Tensor, p: number, dims: readonly number[]): Tensor {
  if (p === Infinity) return largestKept(abs(x), dims);
  if (p === -Infinity) return smallestKept(abs(x), dims);
  if (p === 0) return sumKept(convert(ne(x, 0), x.dtype), dims);
  if (p === 1) return sumKept(abs(x), dims);
  if (p === 2) return flatAtZero(sumKept(square(x), dims), sqrt);
  return flatAtZero(sumKept(power(abs(x), p), dims), (total) => power(total, 1 / p));
}
