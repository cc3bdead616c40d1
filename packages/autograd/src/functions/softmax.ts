import type { DType } from '../core/dtype.ts';
import { normalizeDim } from '../core/shape.ts';
import type { Tensor } from '../core/tensor.ts';
import type { ShapeOf } from '../core/typed-tensor.ts';
import type { Notation } from '../kernels/notation.ts';
import { mul } from '../primitives/bilinear/mul.ts';
import { type Elementwise, lift } from '../primitives/linear/align.ts';
import { neg, sub } from '../primitives/linear/arithmetic.ts';
import { convert } from '../primitives/linear/convert.ts';
import { sumKept } from '../primitives/linear/sum.ts';
import { where } from '../primitives/linear/where.ts';
import { eq } from '../primitives/piecewise/comparison.ts';
import { largestKept } from '../primitives/piecewise/extremes.ts';
import { div } from '../primitives/smooth/division.ts';
import { exp, log } from '../primitives/smooth/exponential.ts';
import { isRecording } from '../tape/bind.ts';
import { composed } from '../transforms/composed.ts';
import { customGrad } from '../transforms/custom-grad.ts';
import { checkFloating } from './check-dtype.ts';
import { fuse } from './fuse.ts';

export interface SoftmaxOptions {
  /** Convert the input to this dtype first. Default: its own. */
  readonly dtype?: DType;
}

/** The input in the dtype asked for, and the one dim as a list (empty for a tensor without dims). */
function prepare(
  operation: string,
  x: Tensor,
  dim: number,
  { dtype = x.dtype }: SoftmaxOptions,
): { source: Tensor; dims: readonly number[] } {
  const source = dtype === x.dtype ? x : convert(x, dtype);
  checkFloating(operation, source);
  const d = normalizeDim(operation, dim, x.rank);
  return { source, dims: x.rank === 0 ? [] : [d] };
}

type OfThree = Elementwise<(a: Tensor, b: Tensor, c: Tensor) => Tensor>;

const shiftedExp: Elementwise<(x: Tensor, shift: Tensor) => Tensor> = lift(
  composed('shiftedExp', (x, shift) => exp(sub(x, shift))),
);
const softmaxPullback: OfThree = lift(
  composed('softmaxPullback', (cotangent, y, inner) => mul(y, sub(cotangent, inner))),
);
const shiftedTwice: OfThree = lift(composed('shiftedTwice', (x, first, second) => sub(sub(x, first), second)));
const logSoftmaxPullback: OfThree = lift(
  composed('logSoftmaxPullback', (cotangent, y, total) => sub(cotangent, mul(exp(y), total))),
);

/** What softmax and its logarithm are made of: `e^(x - largest)`, and its sum. Nothing overflows, and the sum is at least 1. */
export interface Exponentials {
  readonly largest: Tensor;
  readonly terms: Tensor;
  readonly total: Tensor;
}

export function exponentials(x: Tensor, dims: readonly number[]): Exponentials {
  const largest = largestKept(x, dims);
  const terms = shiftedExp(x, largest);
  return { largest, terms, total: sumKept(terms, dims) };
}

/** The same, but where all of a row is -Infinity the terms are 0 and their sum is taken to be 1. */
function exponentialsOfMasked(x: Tensor, dims: readonly number[]): Exponentials {
  const largest = largestKept(x, dims);
  const shift = where(eq<Tensor, number>(largest, -Infinity), 0, largest);
  const terms = shiftedExp(x, shift);
  const total = sumKept(terms, dims);
  return { largest: shift, terms, total: where(eq<Tensor, number>(total, 0), 1, total) };
}

const quotient = fuse((a, b) => [div(a, b)]);
const lessTimes = fuse((a, b, c) => [sub(a, mul(b, c))]);

/**
 * {@link softmax} over dims that are checked. Its derivative: `y (g - Σ g y)`. Both directions write over a tensor of their
 * own that they need no longer.
 */
export function softmaxOver(dims: readonly number[]): (x: Tensor) => Tensor {
  return quotientsOf(dims, exponentials);
}

/** {@link softmaxOver} of what a mask has set to -Infinity: 0, not NaN, in rows where nothing else is left. */
export function softmaxOfMaskedOver(dims: readonly number[]): (x: Tensor) => Tensor {
  return quotientsOf(dims, exponentialsOfMasked);
}

function quotientsOf(dims: readonly number[], parts: typeof exponentials): (x: Tensor) => Tensor {
  return customGrad({
    name: 'softmax',
    keepsNothing: true,
    forward: (x) => {
      const { terms, total } = parts(x, dims);
      return quotient.into([terms], terms, total)[0] as Tensor;
    },
    backward: (cotangent, _, y) => {
      const products = mul(cotangent, y);
      const inner = sumKept(products, dims);
      return isRecording() ? [softmaxPullback(cotangent, y, inner)] : lessTimes.into([products], products, y, inner);
    },
    latex: (m, [x]) => softmaxInLatex(m, x, dims),
  });
}

/** {@link logSoftmax} over dims that are checked. Its derivative: `g - e^y Σ g`. */
export function logSoftmaxOver(dims: readonly number[]): (x: Tensor) => Tensor {
  return customGrad({
    name: 'logSoftmax',
    keepsNothing: true,
    forward: (x) => {
      const { largest, total } = exponentials(x, dims);
      return shiftedTwice(x, largest, log(total));
    },
    backward: (cotangent, _, y) => [logSoftmaxPullback(cotangent, y, sumKept(cotangent, dims))],
    latex: (m, [x]) => m.log(softmaxInLatex(m, x, dims)),
  });
}

/** Softmax over dims, for explanations. */
export function softmaxInLatex<T>(m: Notation<T>, x: T, dims: readonly number[]): T {
  return m.along('\\operatorname{softmax}', x, dims);
}

/**
 * `eˣ / Σ eˣ` along a dim: positive numbers that add up to 1. Of the input's shape. Shifted by the largest entry, so that
 * nothing overflows; NaN where all entries of a row are -Infinity.
 *
 * @throws GradtapeError for whole numbers, or if there is no such dim.
 * @example
 * softmax(tensor([0, Math.log(3)]), 0); // [0.25, 0.75]
 */
export function softmax<T extends Tensor>(x: T, dim: number, options: SoftmaxOptions = {}): Tensor<ShapeOf<T>> {
  const { source, dims } = prepare('softmax', x, dim, options);
  return softmaxOver(dims)(source) as Tensor<ShapeOf<T>>;
}

/**
 * `log(eˣ / Σ eˣ)` along a dim: log-probabilities, of the input's shape, without the detour through probabilities that
 * may round to 0.
 *
 * @throws GradtapeError for whole numbers, or if there is no such dim.
 */
export function logSoftmax<T extends Tensor>(x: T, dim: number, options: SoftmaxOptions = {}): Tensor<ShapeOf<T>> {
  const { source, dims } = prepare('logSoftmax', x, dim, options);
  return logSoftmaxOver(dims)(source) as Tensor<ShapeOf<T>>;
}

/** `softmax(-x)`: the smallest entries get the most. */
export function softmin<T extends Tensor>(x: T, dim: number, options: SoftmaxOptions = {}): Tensor<ShapeOf<T>> {
  const { source, dims } = prepare('softmin', x, dim, options);
  return softmaxOver(dims)(neg(source)) as Tensor<ShapeOf<T>>;
}
