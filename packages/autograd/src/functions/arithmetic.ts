import { isFloating } from '../core/dtype.ts';
import { fail } from '../core/errors.ts';
import { Tensor } from '../core/tensor.ts';
import type { ElementwiseShape, Operand, ShapeOf } from '../core/typed-tensor.ts';
import { mul } from '../primitives/bilinear/mul.ts';
import { sub as minus, neg, add as plus } from '../primitives/linear/arithmetic.ts';
import { convert } from '../primitives/linear/convert.ts';
import { clampBetween } from '../primitives/piecewise/kinked.ts';
import { power } from '../primitives/piecewise/power.ts';
import { floor, trunc } from '../primitives/piecewise/rounding.ts';
import { div as quotient, reciprocal } from '../primitives/smooth/division.ts';
import { rsqrt, sqrt, square } from '../primitives/smooth/powers.ts';

export { abs, maximum, minimum, relu } from '../primitives/piecewise/kinked.ts';
export { ceil, floor, round, sign, trunc } from '../primitives/piecewise/rounding.ts';
export { mul, neg, reciprocal, rsqrt, sqrt, square };

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

/** `a / b`, broadcasting; whole numbers give float32 unless rounded. */
export function div<T extends Tensor | number, U extends Tensor | number>(
  a: T,
  b: Operand<'div', T, U>,
  { roundingMode = null }: DivisionOptions = {},
): Tensor<ElementwiseShape<T, U>> {
  const exact: Tensor = quotient<Tensor | number, Tensor | number>(a, b as Tensor | number);
  if (roundingMode === null) return exact as Tensor<ElementwiseShape<T, U>>;
  const rounded = roundingMode === 'floor' ? floor(exact) : trunc(exact);
  const whole = [a, b as Tensor | number].every((x) =>
    x instanceof Tensor ? !isFloating(x.dtype) : Number.isInteger(x),
  );
  return (whole ? convert(rounded, 'int32') : rounded) as Tensor<ElementwiseShape<T, U>>;
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

/** Held between two bounds, of which one may be left out: `min(max(x, low), high)`. On a bound the derivative is still 1. */
export function clamp<T extends Tensor>(
  x: T,
  low?: Tensor | number | null,
  high?: Tensor | number | null,
): Tensor<ShapeOf<T>> {
  if ((low ?? high ?? null) === null) {
    fail('clamp: no bound', {
      got: 'neither low nor high',
      needs: 'at least one of them',
      fix: 'clamp(x, 0), clamp(x, null, 1) or clamp(x, 0, 1)',
    });
  }
  return clampBetween(x, low ?? -Infinity, high ?? Infinity) as Tensor<ShapeOf<T>>;
}

/** The tensor in another dtype. The derivative passes between floating dtypes. */
export function to<T extends Tensor>(x: T, dtype: Tensor['dtype']): Tensor<ShapeOf<T>> {
  return x.dtype === dtype ? (x as unknown as Tensor<ShapeOf<T>>) : convert(x, dtype);
}
