import { fail } from '../core/errors.ts';
import { normalizeDim } from '../core/shape.ts';
import type { DimArgument, Flowing, ReducedShape } from '../core/shape-types.ts';
import { Tensor } from '../core/tensor.ts';
import type { ShapeOf } from '../core/typed-tensor.ts';
import { mul } from '../primitives/bilinear/mul.ts';
import { add, sub } from '../primitives/linear/arithmetic.ts';
import { concatAlong } from '../primitives/linear/concat.ts';
import { convert } from '../primitives/linear/convert.ts';
import { reshape } from '../primitives/linear/reshape.ts';
import { partOf } from '../primitives/linear/slice.ts';
import { sumKept } from '../primitives/linear/sum.ts';
import { where } from '../primitives/linear/where.ts';
import { eq, isnan, logicalNot, ne } from '../primitives/piecewise/comparison.ts';
import {
  largestKept,
  largestOfAll,
  placeOfLargest,
  placeOfSmallest,
  smallestKept,
  smallestOfAll,
} from '../primitives/piecewise/extremes.ts';
import { abs, maximum, minimum } from '../primitives/piecewise/kinked.ts';
import { power } from '../primitives/piecewise/power.ts';
import { div } from '../primitives/smooth/division.ts';
import { exp, log } from '../primitives/smooth/exponential.ts';
import { sqrt, square } from '../primitives/smooth/powers.ts';
import { detach } from '../tape/leaf.ts';
import { isByDefinition } from '../transforms/by-definition.ts';
import { customGrad } from '../transforms/custom-grad.ts';
import { chosenAlong } from './along-dim.ts';
import { checkFloating } from './check-dtype.ts';
import {
  checkNotEmpty,
  countOver,
  type Dims,
  type DTypeOption,
  inDType,
  type OpenDims,
  overDims,
  type ReductionOptions,
  type SumOptions,
  type ValuesAndIndices,
  withoutDims,
} from './over-dims.ts';

export type { Dims, DTypeOption, OpenDims, ReductionOptions, SumOptions, ValuesAndIndices } from './over-dims.ts';

/**
 * The sum over dims, accumulated in float64. Whole numbers and truth values give int32.
 *
 * @example
 * tensor([[1, 2], [3, 4]]).sum(0); // [4, 6]
 */
export function sum<T extends Tensor>(x: T): Tensor<Flowing<ShapeOf<T>, []>>;
export function sum<Chosen extends Dims>(x: Tensor, dims: OpenDims<Chosen>, options?: SumOptions): Tensor;
export function sum<T extends Tensor, Dim extends number, Keep extends boolean = false>(
  x: T,
  dim: DimArgument<ShapeOf<T>, Dim>,
  options?: DTypeOption & { readonly keepDim?: Keep },
): Tensor<ReducedShape<ShapeOf<T>, Dim, Keep>>;
export function sum(x: Tensor, dims?: Dims, options: SumOptions = {}): Tensor {
  return overDims('sum', inDType(x, options), dims, options, sumKept);
}

/** The mean over dims. Throws for whole numbers, as PyTorch does. */
export function mean<T extends Tensor>(x: T): Tensor<Flowing<ShapeOf<T>, []>>;
export function mean<Chosen extends Dims>(x: Tensor, dims: OpenDims<Chosen>, options?: SumOptions): Tensor;
export function mean<T extends Tensor, Dim extends number, Keep extends boolean = false>(
  x: T,
  dim: DimArgument<ShapeOf<T>, Dim>,
  options?: DTypeOption & { readonly keepDim?: Keep },
): Tensor<ReducedShape<ShapeOf<T>, Dim, Keep>>;
export function mean(x: Tensor, dims?: Dims, options: SumOptions = {}): Tensor {
  const source = inDType(x, options);
  checkFloating('mean', source);
  return overDims('mean', source, dims, options, meanKept);
}

function meanKept(x: Tensor, dims: readonly number[]): Tensor {
  return mul(sumKept(x, dims), 1 / countOver(x, dims));
}

/**
 * The {@link sum} of the entries that are not NaN, which have no derivative; 0 where there are none.
 *
 * @throws GradtapeError if a dim is out of range or named twice.
 * @example
 * nansum(tensor([1, NaN, 3])); // 4
 */
export function nansum(x: Tensor, dims?: Dims, options: SumOptions = {}): Tensor {
  return overDims('nansum', inDType(x, options), dims, options, (tensor, chosen) =>
    sumKept(where(isnan(tensor), 0, tensor), chosen),
  );
}

/**
 * The {@link mean} of the entries that are not NaN, which have no derivative; NaN where there are none.
 *
 * @throws GradtapeError if the dtype is not floating, or a dim is out of range or named twice.
 * @example
 * nanmean(tensor([1, NaN, 3])); // 2
 */
export function nanmean(x: Tensor, dims?: Dims, options: SumOptions = {}): Tensor {
  const source = inDType(x, options);
  checkFloating('nanmean', source);
  return overDims('nanmean', source, dims, options, (tensor, chosen) => {
    const missing = isnan(tensor);
    return div(sumKept(where(missing, 0, tensor), chosen), sumKept(convert(logicalNot(missing), tensor.dtype), chosen));
  });
}

export interface VarianceOptions extends ReductionOptions {
  /** What is taken from the number of entries in the denominator: 1 for the unbiased estimate. Default: 1. */
  readonly correction?: number;
  /** Another way to say `correction`: true is 1, false 0. */
  readonly unbiased?: boolean;
}

/**
 * The variance over dims: `Σ (x - mean)² / (n - correction)`. Where the denominator is not positive NaN or, if entries
 * differ, Infinity.
 */
export function variance(x: Tensor, dims?: Dims, options: VarianceOptions = {}): Tensor {
  checkFloating('var', x);
  const { unbiased = true, correction = unbiased ? 1 : 0 } = options;
  return overDims('var', x, dims, options, (tensor, chosen) =>
    varianceKept(chosen, Math.max(0, countOver(tensor, chosen) - correction))(tensor),
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

/** The variance over dims and the mean. */
export interface VarianceAndMean {
  readonly variance: Tensor;
  readonly mean: Tensor;
}

/**
 * {@link variance} and {@link mean} over dims together.
 *
 * @throws GradtapeError if the dtype is not floating, or a dim is out of range or named twice.
 * @example
 * varMean(tensor([1, 3])); // { variance: 2, mean: 2 }
 */
export function varMean(x: Tensor, dims?: Dims, options: VarianceOptions = {}): VarianceAndMean {
  return { variance: variance(x, dims, options), mean: overDims('varMean', x, dims, options, meanKept) };
}

/** The standard deviation over dims and the mean. */
export interface DeviationAndMean {
  readonly std: Tensor;
  readonly mean: Tensor;
}

/**
 * {@link std} and {@link mean} over dims together.
 *
 * @throws GradtapeError if the dtype is not floating, or a dim is out of range or named twice.
 * @example
 * stdMean(tensor([1, 3]), null, { correction: 0 }); // { std: 1, mean: 2 }
 */
export function stdMean(x: Tensor, dims?: Dims, options: VarianceOptions = {}): DeviationAndMean {
  return { std: std(x, dims, options), mean: overDims('stdMean', x, dims, options, meanKept) };
}

/** A root, which has no derivative at zero, with derivative zero there: the root is taken of 1, and 0 put in its place. */
export function flatAtZero(x: Tensor, root: (x: Tensor) => Tensor): Tensor {
  const zero = eq(x, 0);
  return where(zero, 0, root(where(zero, 1, x)));
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

/** The largest entry of all; equal ones share the derivative. NaN where there is one, which has the derivative. */
export function max(x: Tensor): Tensor;
/** The larger of two entries, one by one: {@link maximum}. */
export function max(x: Tensor, other: Tensor): Tensor;
/** The largest entries along a dim, and their indices: the first among equals, which has the derivative. */
export function max(x: Tensor, dim: number, options?: ReductionOptions): ValuesAndIndices;
export function max(x: Tensor, dim?: number | Tensor, options: ReductionOptions = {}): Tensor | ValuesAndIndices {
  if (dim instanceof Tensor) return maximum<Tensor, Tensor>(x, dim);
  return dim === undefined
    ? extremeOfAll('max', x, largestOfAll)
    : chosenAlong('max', x, dim, options, (line, d) => placeOfLargest(line, [d]));
}

/** The smallest entry of all; equal ones share the derivative. NaN where there is one, which has the derivative. */
export function min(x: Tensor): Tensor;
/** The smaller of two entries, one by one: {@link minimum}. */
export function min(x: Tensor, other: Tensor): Tensor;
/** The smallest entries along a dim, and their indices: the first among equals, which has the derivative. */
export function min(x: Tensor, dim: number, options?: ReductionOptions): ValuesAndIndices;
export function min(x: Tensor, dim?: number | Tensor, options: ReductionOptions = {}): Tensor | ValuesAndIndices {
  if (dim instanceof Tensor) return minimum<Tensor, Tensor>(x, dim);
  return dim === undefined
    ? extremeOfAll('min', x, smallestOfAll)
    : chosenAlong('min', x, dim, options, (line, d) => placeOfSmallest(line, [d]));
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

/** The smallest and the largest entries, of all or along a dim; equal ones share the derivative. */
export interface SmallestAndLargest {
  readonly min: Tensor;
  readonly max: Tensor;
}

/**
 * {@link amin} and {@link amax} together, of all entries or along a dim.
 *
 * @throws GradtapeError if there is nothing to choose from, or the dim is out of range.
 * @example
 * aminmax(tensor([[1, 5], [4, 2]]), { dim: 1 }); // { min: [1, 2], max: [5, 4] }
 */
export function aminmax(
  x: Tensor,
  { dim, ...options }: ReductionOptions & { readonly dim?: number | null } = {},
): SmallestAndLargest {
  return { min: amin(x, dim, options), max: amax(x, dim, options) };
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
  return chosenAlong(operation, x, dim, { keepDim }, (line, d) => placeOf(line, [d])).indices;
}

/** Whether all entries (over dims) hold, that is, are not zero. dtype bool. */
export function all(x: Tensor, dims?: Dims, options: ReductionOptions = {}): Tensor {
  return eq(sum(convert(eq(x, 0), 'int32'), dims, options), 0);
}

/** Whether any entry (over dims) holds, that is, is not zero. dtype bool. */
export function any(x: Tensor, dims?: Dims, options: ReductionOptions = {}): Tensor {
  return ne(sum(convert(ne(x, 0), 'int32'), dims, options), 0);
}

/**
 * How many entries (over dims) are not zero. dtype int32; NaN is not zero.
 *
 * @throws GradtapeError if a dim is out of range or named twice.
 * @example
 * countNonzero(tensor([[0, 1], [2, 3]]), 1); // [1, 2]
 */
export function countNonzero(x: Tensor, dims?: Dims): Tensor {
  return sum(convert(ne(x, 0), 'int32'), dims);
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

/**
 * The product over a dim, or of all entries. It is computed as a tree of products of two, so that its derivatives are
 * right where entries are zero.
 */
export function prod(x: Tensor, dim?: number | null, { keepDim = false, dtype }: SumOptions = {}): Tensor {
  const source = inDType(x, { dtype: dtype ?? (x.dtype === 'bool' ? 'int32' : x.dtype) });
  if (dim === undefined || dim === null) return prod(reshape(source, [x.length]), 0);
  if (x.rank === 0) return source;
  const d = normalizeDim('prod', dim, x.rank);
  let factors = source;
  if (factors.shape[d] === 0) factors = add(sumKept(factors, [d]), 1);
  while ((factors.shape[d] as number) > 1) {
    const size = factors.shape[d] as number;
    const pairs = Math.floor(size / 2);
    const products = mul(partOf(factors, d, 0, pairs), partOf(factors, d, pairs, pairs));
    factors = size % 2 === 0 ? products : concatAlong([products, partOf(factors, d, size - 1, 1)], d);
  }
  return keepDim ? factors : withoutDims(factors, [d]);
}

/**
 * The p-norm of the entries over dims: `(Σ |x|ᵖ)^(1/p)`; the largest or smallest `|x|` for p = ±Infinity, the number of
 * entries that are not zero for p = 0; `'fro'`, the name for matrices, is 2. Its derivative at zero is zero.
 */
export function norm(x: Tensor, p: number | 'fro' = 2, dims?: Dims, options: ReductionOptions = {}): Tensor {
  checkFloating('norm', x);
  const exponent = p === 'fro' ? 2 : p;
  if (typeof exponent !== 'number' || Number.isNaN(exponent)) {
    fail('norm: not a norm', {
      got: `p = ${p}`,
      needs: "a number, Infinity, -Infinity, or 'fro' for 2",
      fix: 'norm(x) is the root of the sum of squares',
    });
  }
  return overDims('norm', x, dims, options, (tensor, chosen) => normKept(tensor, exponent, chosen));
}

/** {@link norm} with the reduced dims kept. */
export function normKept(x: Tensor, p: number, dims: readonly number[]): Tensor {
  if (p === Infinity) return largestKept(abs(x), dims);
  if (p === -Infinity) return smallestKept(abs(x), dims);
  if (p === 0) return sumKept(convert(ne(x, 0), x.dtype), dims);
  if (p === 1) return sumKept(abs(x), dims);
  if (p === 2) return flatAtZero(sumKept(square(x), dims), sqrt);
  return flatAtZero(sumKept(powerOfSize(x, p), dims), (total) => power(total, 1 / p));
}

/** `|x|ᵖ`, whose derivative at zero is zero for p < 1, too, where the curve is vertical. */
function powerOfSize(x: Tensor, p: number): Tensor {
  if (p > 1) return power(abs(x), p);
  const zero = eq(x, 0);
  return where(zero, p > 0 ? 0 : Infinity, power(abs(where(zero, 1, x)), p));
}
