import { fail } from '../core/errors.ts';
import type { Tensor } from '../core/tensor.ts';
import type { ShapeOf, Unary } from '../core/typed-tensor.ts';
import { mul } from '../primitives/bilinear/mul.ts';
import { type Elementwise, lift, liftUnary } from '../primitives/linear/align.ts';
import { add, sub } from '../primitives/linear/arithmetic.ts';
import { where } from '../primitives/linear/where.ts';
import { gt, logicalOr, lt } from '../primitives/piecewise/comparison.ts';
import { logOdds } from '../primitives/piecewise/logit.ts';
import { erfc } from '../primitives/smooth/error-function.ts';
import { digamma, hurwitzZeta, lgamma, trigamma } from '../primitives/smooth/gamma.ts';
import { composed } from '../transforms/composed.ts';
import { to } from './arithmetic.ts';
import { full } from './creation.ts';

// All work entry by entry: any shape gives the same shape, and the floating dtypes stay; whole numbers are taken as float32.

export { i0, i0e, i1, i1e } from '../primitives/piecewise/bessel.ts';
export { sinc } from '../primitives/piecewise/sinc.ts';
export { entr, xlog1py, xlogy } from '../primitives/piecewise/xlogy.ts';
export { erf, erfc, erfcx, erfinv } from '../primitives/smooth/error-function.ts';
export { logNdtr, ndtri } from '../primitives/smooth/normal-distribution.ts';
export { digamma, lgamma };

const floating = { floating: true };

/** The distribution function `Φ(x)` of the normal distribution, accurate also where it is tiny. */
export const ndtr: Elementwise<Unary> = liftUnary(
  composed('ndtr', (x) => mul(erfc(mul(x, -Math.SQRT1_2)), 0.5)),
  floating,
);

const logitBetween: Elementwise<(x: Tensor, low: number, high: number) => Tensor> = lift(
  composed('logitBetween', (x, low, high) => {
    const [isBelow, isAbove] = [lt(x, low), gt(x, high)];
    const inside = logOdds(where(logicalOr(isBelow, isAbove), 0.5, x));
    return where(isBelow, logOdds(low), where(isAbove, logOdds(high), inside));
  }),
  floating,
);

export interface LogitOptions {
  /** `x` is held between it and `1 - eps`, with derivative 0 beyond; from 0 to 0.5. Default: not at all. */
  readonly eps?: number | null;
}

/**
 * `log(x / (1 - x))`, the inverse of the sigmoid. Without `eps`, NaN outside of 0 to 1, and so is the derivative.
 *
 * @param options eps, by itself or named.
 * @throws GradtapeError if eps is not from 0 to 0.5.
 * @example
 * logit(tensor([0.5, 1])); // [0, Infinity]
 * logit(tensor([0.5, 1]), { eps: 0.25 }); // [0, 1.0986]
 */
export function logit<T extends Tensor>(x: T, options: number | LogitOptions = {}): Tensor<ShapeOf<T>> {
  const { eps = null } = typeof options === 'number' ? { eps: options } : options;
  if (eps === null) return logOdds(x);
  if (!(eps >= 0 && eps <= 0.5)) {
    fail('logit: no interval between the bounds', {
      got: `eps ${eps}`,
      needs: 'a number from 0 to 0.5: x is held between eps and 1 - eps',
      fix: 'leave it out, or pass a small one: { eps: 1e-6 }',
    });
  }
  return logitBetween(x, eps, 1 - eps) as Tensor<ShapeOf<T>>;
}

/**
 * `ψ⁽ⁿ⁾(x)`: the derivative of order n of `digamma`, `(-1)ⁿ⁺¹ n! Σₖ (x + k)⁻ⁿ⁻¹`.
 *
 * @param n A whole number up to 170, 0 for `digamma` itself. It comes first, as in PyTorch.
 * @throws GradtapeError if there is no such order.
 * @example
 * polygamma(1, tensor([1, 2])); // [1.6449, 0.64493]
 */
export function polygamma<T extends Tensor>(n: number, x: T): Tensor<ShapeOf<T>> {
  if (!Number.isInteger(n) || n < 0 || n > LARGEST_ORDER) {
    fail('polygamma: no such derivative', {
      got: `order ${n}`,
      needs: `a whole number from 0 to ${LARGEST_ORDER}, whose factorial is the largest of float64`,
      fix: 'the order comes first: polygamma(1, x)',
    });
  }
  if (n === 0) return digamma(x);
  if (n === 1) return trigamma(x);
  const given: Tensor = to<Tensor>(x, x.dtype === 'float64' ? 'float64' : 'float32');
  const sum = hurwitzZeta(given, full(given.shape, n + 1, { dtype: 'int32' }));
  return mul<Tensor, number>(sum, n % 2 === 0 ? -factorial(n) : factorial(n)) as Tensor<ShapeOf<T>>;
}

const LARGEST_ORDER = 170;

function factorial(n: number): number {
  return Array.from({ length: n }, (_, i) => i + 1).reduce((product, factor) => product * factor, 1);
}

/**
 * The logarithm of the gamma function of matrices of size p: `p (p - 1) / 4 · log π + Σⱼ log Γ(x - j/2)`, j from 0 to p - 1.
 *
 * @throws GradtapeError if p is no whole number from 1 on.
 */
export function mvlgamma<T extends Tensor>(x: T, p: number): Tensor<ShapeOf<T>> {
  if (!Number.isInteger(p) || p < 1) {
    fail('mvlgamma: no such size', { got: `p ${p}`, needs: 'a whole number from 1 on', fix: 'mvlgamma(x, 2)' });
  }
  const terms = Array.from({ length: p }, (_, j) => lgamma(sub<Tensor, number>(x, j / 2)));
  const sum = terms.reduce((total, term) => add(total, term));
  return add<Tensor, number>(sum, (p * (p - 1) * Math.log(Math.PI)) / 4) as Tensor<ShapeOf<T>>;
}
