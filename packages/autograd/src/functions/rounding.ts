import { isFloating } from '../core/dtype.ts';
import { fail } from '../core/errors.ts';
import type { Tensor } from '../core/tensor.ts';
import type { ShapeOf, Unary } from '../core/typed-tensor.ts';
import { mul } from '../primitives/bilinear/mul.ts';
import { type Elementwise, lift, liftUnary } from '../primitives/linear/align.ts';
import { sub } from '../primitives/linear/arithmetic.ts';
import { round as roundToWhole, trunc } from '../primitives/piecewise/rounding.ts';
import { div } from '../primitives/smooth/division.ts';
import { composed } from '../transforms/composed.ts';

export { ceil, floor, sign, trunc } from '../primitives/piecewise/rounding.ts';

type WithScale = Elementwise<(x: Tensor, scale: number) => Tensor>;
const roundFraction: WithScale = lift(composed('roundFraction', (x, scale) => div(roundToWhole(mul(x, scale)), scale)));
const roundMultiple: WithScale = lift(composed('roundMultiple', (x, scale) => mul(roundToWhole(div(x, scale)), scale)));

export interface RoundOptions {
  /** How many digits stay behind the point; negative ones go before it. Default: 0. */
  readonly decimals?: number;
}

/**
 * The nearest whole number, or the nearest with so many decimals; halves go to the even one. The derivative is taken to be 0.
 *
 * @throws GradtapeError if decimals is no whole number, or other than 0 for a tensor of whole numbers.
 * @example
 * round(tensor([0.5, 1.5, 2.345]), { decimals: 0 }); // [0, 2, 2]
 * round(tensor([1234.5]), { decimals: -2 }); // [1200]
 */
export function round<T extends Tensor>(x: T, { decimals = 0 }: RoundOptions = {}): Tensor<ShapeOf<T>> {
  if (decimals === 0) return roundToWhole(x);
  if (!Number.isInteger(decimals) || !isFloating(x.dtype)) {
    fail('round: these decimals cannot be had', {
      got: `decimals ${decimals} for dtype ${x.dtype}`,
      needs: Number.isInteger(decimals) ? 'float32 or float64' : 'a whole number of decimals',
      fix: Number.isInteger(decimals) ? "x.to('float32') first" : 'round(x, { decimals: 2 })',
    });
  }
  const scale = 10 ** Math.abs(decimals);
  return (decimals > 0 ? roundFraction(x, scale) : roundMultiple(x, scale)) as Tensor<ShapeOf<T>>;
}

/** What `trunc` cuts off, with the sign of `x`; its derivative is 1. NaN where `x` is infinite. */
export const frac: Elementwise<Unary> = liftUnary(composed('frac', (x) => sub(x, trunc(x))));
