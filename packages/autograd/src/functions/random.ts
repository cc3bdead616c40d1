import { type DType, isFloating } from '../core/dtype.ts';
import { fail } from '../core/errors.ts';
import { defaultGenerator } from '../core/random/default-generator.ts';
import type { Generator } from '../core/random/generator.ts';
import { checkShape, entriesOf, type Shape } from '../core/shape.ts';
import type { Entering } from '../core/shape-types.ts';
import type { Tensor } from '../core/tensor.ts';
import type { ShapeOf } from '../core/typed-tensor.ts';
import { inReadingOrder } from '../kernels/copy.ts';
import { convert } from '../primitives/linear/convert.ts';
import { lt } from '../primitives/piecewise/comparison.ts';
import { asLeaf } from '../tape/leaf.ts';
import { filledBy } from '../tape/repeated.ts';
import { checkFloating } from './check-dtype.ts';

export interface RandomOptions {
  /** Where the numbers come from. Default: the generator that `manualSeed` seeds. */
  readonly generator?: Generator;
  /** float32 or float64. Default: float32. */
  readonly dtype?: DType;
  /** Whether `backward` collects a gradient on it. Default: false. */
  readonly requiresGrad?: boolean;
}

/** A tensor of a floating dtype whose entries a generator writes. */
function drawn<S extends Shape>(
  operation: string,
  shape: S,
  { generator = defaultGenerator(), dtype = 'float32', requiresGrad = false }: RandomOptions,
  write: (entries: Float32Array | Float64Array, generator: Generator) => void,
): Tensor<Entering<S>> {
  const sizes = checkShape(operation, shape);
  if (!isFloating(dtype)) {
    fail(`${operation}: not a dtype for such numbers`, {
      got: `dtype ${dtype}`,
      needs: 'float32 or float64',
      fix: 'use randint for whole numbers, bernoulli for zeros and ones',
    });
  }
  const length = entriesOf(sizes);
  const entries = dtype === 'float64' ? new Float64Array(length) : new Float32Array(length);
  const made = filledBy(entries, sizes, (place) => write(place, generator));
  return (requiresGrad ? asLeaf(made) : made) as Tensor<Entering<S>>;
}

/**
 * Numbers evenly distributed from 0 up to, but without, 1.
 *
 * @throws GradtapeError if the shape is not one, or the dtype not floating.
 * @example
 * manualSeed(7);
 * rand([2, 3]).shape; // [2, 3]
 */
export function rand<const S extends Shape>(shape: S, options: RandomOptions = {}): Tensor<Entering<S>> {
  return drawn('rand', shape, options, (entries, generator) => generator.uniform(entries));
}

/**
 * Numbers of the normal distribution with mean 0 and standard deviation 1.
 *
 * @throws GradtapeError if the shape is not one, or the dtype not floating.
 */
export function randn<const S extends Shape>(shape: S, options: RandomOptions = {}): Tensor<Entering<S>> {
  return drawn('randn', shape, options, (entries, generator) => generator.normal(entries));
}

/** {@link rand} of another tensor's shape and, unless the options say otherwise, dtype. */
export function randLike<S extends Shape>(x: Tensor<S>, options: RandomOptions = {}): Tensor<S> {
  return rand(x.shape, { ...options, dtype: options.dtype ?? x.dtype }) as Tensor<S>;
}

/** {@link randn} of another tensor's shape and, unless the options say otherwise, dtype. */
export function randnLike<S extends Shape>(x: Tensor<S>, options: RandomOptions = {}): Tensor<S> {
  return randn(x.shape, { ...options, dtype: options.dtype ?? x.dtype }) as Tensor<S>;
}

export interface RandomIntegerOptions {
  /** Where the numbers come from. Default: the generator that `manualSeed` seeds. */
  readonly generator?: Generator;
  /** Default: int32. */
  readonly dtype?: DType;
}

/** Whole numbers from 0 up to, but without, `high`, each as likely. */
export function randint<const S extends Shape>(
  high: number,
  shape: S,
  options?: RandomIntegerOptions,
): Tensor<Entering<S>>;
/**
 * Whole numbers from `low` up to, but without, `high`, each as likely.
 *
 * @throws GradtapeError if the bounds are not whole numbers of 32 bits with low below high, or the shape is not one.
 */
export function randint<const S extends Shape>(
  low: number,
  high: number,
  shape: S,
  options?: RandomIntegerOptions,
): Tensor<Entering<S>>;
export function randint(
  lowOrHigh: number,
  highOrShape: number | Shape,
  shapeOrOptions?: Shape | RandomIntegerOptions,
  lastOptions?: RandomIntegerOptions,
): Tensor {
  if (typeof highOrShape === 'number') {
    return integersBetween(lowOrHigh, highOrShape, shapeOrOptions as Shape, lastOptions);
  }
  return integersBetween(0, lowOrHigh, highOrShape, shapeOrOptions as RandomIntegerOptions | undefined);
}

function integersBetween(
  low: number,
  high: number,
  shape: Shape,
  { generator = defaultGenerator(), dtype = 'int32' }: RandomIntegerOptions = {},
): Tensor {
  const sizes = checkShape('randint', shape);
  const entries = new Int32Array(entriesOf(sizes));
  const made = filledBy(entries, sizes, (place) => generator.integers(place, low, high));
  return dtype === 'int32' ? made : convert(made, dtype);
}

/**
 * {@link randint} of another tensor's shape and, unless the options say otherwise, dtype: from 0, or from `low`, up to, but
 * without, `high`.
 *
 * @throws GradtapeError as {@link randint}.
 * @example
 * randintLike(zeros([2, 3]), 10).shape; // [2, 3]
 */
export function randintLike<S extends Shape>(x: Tensor<S>, high: number, options?: RandomIntegerOptions): Tensor<S>;
export function randintLike<S extends Shape>(
  x: Tensor<S>,
  low: number,
  high: number,
  options?: RandomIntegerOptions,
): Tensor<S>;
export function randintLike(
  x: Tensor,
  lowOrHigh: number,
  highOrOptions: number | RandomIntegerOptions = {},
  lastOptions: RandomIntegerOptions = {},
): Tensor {
  const [low, high, options] =
    typeof highOrOptions === 'number' ? [lowOrHigh, highOrOptions, lastOptions] : [0, lowOrHigh, highOrOptions];
  return randint(low, high, x.shape, { ...options, dtype: options.dtype ?? x.dtype });
}

/**
 * The numbers 0 to n - 1 in random order, each order as likely: `[n]`, dtype int32.
 *
 * @throws GradtapeError if n is not a whole number from 0 to 2³¹ - 1.
 */
export function randperm(
  n: number,
  { generator = defaultGenerator() }: { readonly generator?: Generator } = {},
): Tensor {
  return filledBy(new Int32Array(n), [n], (place) => place.set(generator.permutation(n)));
}

/**
 * A 1 with the probability that stands in the same place of the input, else a 0; of the input's shape and dtype. No
 * derivative passes.
 *
 * @throws GradtapeError if an entry is not from 0 to 1, or the dtype is not floating.
 */
export function bernoulli<T extends Tensor>(
  probabilities: T,
  { generator = defaultGenerator() }: { readonly generator?: Generator } = {},
): Tensor<ShapeOf<T>> {
  checkFloating('bernoulli', probabilities);
  const { storage, offset, length, shape, dtype } = inReadingOrder(probabilities);
  for (let i = 0; i < length; i++) {
    if (!(storage[offset + i] >= 0 && storage[offset + i] <= 1)) failOnProbability('bernoulli', storage[offset + i]);
  }
  const draws = filledBy(new Float64Array(length), shape, (place) => generator.uniform(place));
  return convert(lt<Tensor, Tensor>(draws, convert(probabilities, 'float64')), dtype) as Tensor<ShapeOf<T>>;
}

function failOnProbability(operation: string, got: number): never {
  return fail(`${operation}: not a probability`, {
    got: `${got}`,
    needs: 'a number from 0 to 1',
    fix: 'a share in percent is divided by 100 first; sigmoid makes probabilities of scores',
  });
}

/**
 * What dropout multiplies by: 0 with probability p, else `1 / (1 - p)`, so that the mean stays. All zeros for p = 1.
 * Srivastava et al., 2014.
 *
 * @throws GradtapeError if p is not from 0 to 1, the shape is not one, or the dtype not floating.
 */
export function dropoutMask<const S extends Shape>(
  shape: S,
  p: number,
  options: Omit<RandomOptions, 'requiresGrad'> = {},
): Tensor<Entering<S>> {
  if (!(p >= 0 && p <= 1)) failOnProbability('dropoutMask', p);
  return drawn('dropoutMask', shape, options, (entries, generator) => {
    const kept = generator.bernoulli(new Uint8Array(entries.length), 1 - p);
    const scale = p < 1 ? 1 / (1 - p) : 0;
    for (let i = 0; i < entries.length; i++) entries[i] = kept[i] * scale;
  });
}
