import { isFloating } from '../core/dtype.ts';
import { fail } from '../core/errors.ts';
import { Tensor } from '../core/tensor.ts';
import type { Binary, ElementwiseShape, Operand, ShapeOf } from '../core/typed-tensor.ts';
import { mul } from '../primitives/bilinear/mul.ts';
import { type Elementwise, lift } from '../primitives/linear/align.ts';
import { sub as minus, neg, add as plus } from '../primitives/linear/arithmetic.ts';
import { convert } from '../primitives/linear/convert.ts';
import { floorDivide, truncatedQuotient } from '../primitives/piecewise/division.ts';
import { clampBetween } from '../primitives/piecewise/kinked.ts';
import { power } from '../primitives/piecewise/power.ts';
import { div as quotient, reciprocal } from '../primitives/smooth/division.ts';
import { exp2 } from '../primitives/smooth/exponential.ts';
import { rsqrt, sqrt, square } from '../primitives/smooth/powers.ts';
import { composed } from '../transforms/composed.ts';

export { copysign } from '../primitives/piecewise/copysign.ts';
export { fmod, remainder } from '../primitives/piecewise/division.ts';
export { abs, fmax, fmin, maximum, minimum, relu } from '../primitives/piecewise/kinked.ts';
export { floorDivide, mul, neg, reciprocal, rsqrt, sqrt, square };

export interface AlphaOptions {
  /** A factor for the second operand. Default: 1. */
  readonly alpha?: number;
}

/** `a + alpha · b`, broadcasting. Shapes: any that broadcast. */
export function add<T extends Tensor | number, U extends Tensor | number>(
  a: T,
  b: Operand<'add', T, U>,
  { alpha = 1 }: AlphaOptions = {},
): Tensor<ElementwiseShape<T, U>> {
  return plus<Tensor | number, Tensor | number>(a, scaled(b as Tensor | number, alpha)) as Tensor<
    ElementwiseShape<T, U>
  >;
}

/** `a - alpha · b`, broadcasting. Shapes: any that broadcast. */
export function sub<T extends Tensor | number, U extends Tensor | number>(
  a: T,
  b: Operand<'sub', T, U>,
  { alpha = 1 }: AlphaOptions = {},
): Tensor<ElementwiseShape<T, U>> {
  return minus<Tensor | number, Tensor | number>(a, scaled(b as Tensor | number, alpha)) as Tensor<
    ElementwiseShape<T, U>
  >;
}

function scaled(x: Tensor | number, factor: number): Tensor | number {
  if (factor === 1) return x;
  return typeof x === 'number' ? x * factor : mul<Tensor, number>(x, factor);
}

export interface DivisionOptions {
  /** Round the quotient: down, or towards zero. The result is then locally constant. Default: not at all. */
  readonly roundingMode?: 'floor' | 'trunc' | null;
}

/**
 * `a / b`, broadcasting; whole numbers give float32 unless rounded.
 *
 * @throws GradtapeError if the rounding mode is another than those two.
 */
export function div<T extends Tensor | number, U extends Tensor | number>(
  a: T,
  b: Operand<'div', T, U>,
  { roundingMode = null }: DivisionOptions = {},
): Tensor<ElementwiseShape<T, U>> {
  const divide = quotients.get(roundingMode) ?? failOnRounding(roundingMode);
  return divide(a, b as Tensor | number) as Tensor<ElementwiseShape<T, U>>;
}

const quotients: ReadonlyMap<DivisionOptions['roundingMode'], (a: Tensor | number, b: Tensor | number) => Tensor> =
  new Map<DivisionOptions['roundingMode'], (a: Tensor | number, b: Tensor | number) => Tensor>([
    [null, quotient],
    ['floor', floorDivide],
    ['trunc', truncatedQuotient],
  ]);

function failOnRounding(mode: unknown): never {
  return fail('div: no such rounding', {
    got: `roundingMode ${JSON.stringify(mode)}`,
    needs: "'floor', 'trunc' or null",
    fix: "leave it out for the exact quotient, or pass { roundingMode: 'floor' }",
  });
}

/**
 * `a` to the power `b`, broadcasting; either may be a number. The derivative by the base is 0 where the exponent is 0,
 * and that by the exponent is 0 where the base is 0 and the exponent is not negative.
 *
 * @example
 * tensor([1, 2, 3]).pow(2); // [1, 4, 9]
 */
export function pow<T extends Tensor | number, U extends Tensor | number>(
  a: T,
  b: Operand<'pow', T, U>,
): Tensor<ElementwiseShape<T, U>> {
  const shortcut = a instanceof Tensor && isFloating(a.dtype) ? shortcuts.get(b as number) : undefined;
  return (
    shortcut ? shortcut(a as unknown as Tensor) : power<Tensor | number, Tensor | number>(a, b as Tensor | number)
  ) as Tensor<ElementwiseShape<T, U>>;
}

/** Exponents for which there is a primitive, faster than the power and with the same derivatives. */
const shortcuts: ReadonlyMap<number, (x: Tensor) => Tensor> = new Map<number, (x: Tensor) => Tensor>([
  [2, square],
  [0.5, sqrt],
  [-0.5, rsqrt],
  [-1, reciprocal],
]);

/**
 * The first operand times two to the power of the second, broadcasting. Whole numbers are taken as float32.
 *
 * @example
 * ldexp(tensor([1, 3]), tensor([4, -1])); // [16, 1.5]
 */
export const ldexp: Elementwise<Binary<'ldexp'>> = lift(
  composed('ldexp', (x, exponent) => mul(x, exp2(exponent))),
  { floating: true },
);

/** `a` to the power `b` in float64, whatever their dtypes; broadcasting. Derivatives as those of {@link pow}. */
export function floatPower<T extends Tensor | number, U extends Tensor | number>(
  a: T,
  b: Operand<'floatPower', T, U>,
): Tensor<ElementwiseShape<T, U>> {
  const [base, exponent] = [a, b as Tensor | number].map((x) => (x instanceof Tensor ? to(x, 'float64') : x));
  return pow<Tensor | number, Tensor | number>(base, exponent) as Tensor<ElementwiseShape<T, U>>;
}

/**
 * The tensor itself, if it holds numbers.
 *
 * @throws GradtapeError if it holds truth values.
 */
export function positive<T extends Tensor>(x: T): Tensor<ShapeOf<T>> {
  if (x.dtype !== 'bool') return x as unknown as Tensor<ShapeOf<T>>;
  return fail('positive: truth values have no sign', {
    got: 'dtype bool',
    needs: 'a dtype of numbers',
    fix: "x.to('int32') first",
  });
}

type Bound = Tensor | number | null;

/**
 * Held between two bounds, of which one may be left out: `min(max(x, low), high)`, broadcasting. On a bound the derivative
 * by `x` is still 1.
 *
 * @throws GradtapeError if both bounds are left out.
 */
export function clamp<T extends Tensor>(x: T, low?: Bound, high?: Bound): Tensor<ShapeOf<T>> {
  if ((low ?? high ?? null) === null) {
    fail('clamp: no bound', {
      got: 'neither low nor high',
      needs: 'at least one of them',
      fix: 'clamp(x, 0), clamp(x, null, 1) or clamp(x, 0, 1)',
    });
  }
  const [lowest, highest] = isFloating(x.dtype) ? [-Infinity, Infinity] : [-(2 ** 31), 2 ** 31 - 1];
  return clampBetween(x, low ?? lowest, high ?? highest) as Tensor<ShapeOf<T>>;
}

/** Held from below: {@link clamp} with one bound. */
export function clampMin<T extends Tensor>(x: T, low: Tensor | number): Tensor<ShapeOf<T>> {
  return clamp(x, low);
}

/** Held from above: {@link clamp} with one bound. */
export function clampMax<T extends Tensor>(x: T, high: Tensor | number): Tensor<ShapeOf<T>> {
  return clamp(x, null, high);
}

/** The tensor in another dtype. The derivative passes between floating dtypes. */
export function to<T extends Tensor>(x: T, dtype: Tensor['dtype']): Tensor<ShapeOf<T>> {
  return x.dtype === dtype ? (x as unknown as Tensor<ShapeOf<T>>) : convert(x, dtype);
}
