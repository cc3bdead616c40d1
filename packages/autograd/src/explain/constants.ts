import { isFloating } from '../core/dtype.ts';
import type { Tensor } from '../core/tensor.ts';
import { negated, power, product } from '../kernels/latex/arithmetic.ts';
import { type Expression, type Name, number } from '../kernels/latex/expression.ts';
import { type Fraction, fractionOf } from '../kernels/latex/fraction.ts';
import { squareRoot } from '../kernels/latex/norm.ts';

/** Numbers that have a name: `{ m: 4, '\\eta': 0.1 }`. */
export type Symbols = Readonly<Record<string, number>>;

/** The one value of all entries, if there is one. */
export function uniformValue(x: Tensor): number | undefined {
  if (x.length === 0) return undefined;
  const first = x.storage[x.offset];
  if (x.strides.every((step, d) => step === 0 || x.shape[d] === 1)) return first;
  return x.toTypedArray().every((entry) => Object.is(entry, first)) ? first : undefined;
}

/** How far a number may be from the one that was meant: the rounding of its dtype. */
function rounding(x: Tensor): number {
  return x.dtype === 'float32' ? 1e-7 : 4e-16;
}

/** A number as it is written: by its name, with a name below the line (`1 / 2m`) or below a root, or as it is. */
export function numberInWords(value: number, x: Tensor, symbols: Symbols): Expression {
  const tolerance = rounding(x);
  const exact = isFloating(x.dtype) ? fractionOf(value, tolerance) : { numerator: value, denominator: 1 };
  const isIrrational = value > 0 && exact.denominator === 1 && !Number.isInteger(value);
  for (const [text, meant] of Object.entries(symbols)) {
    const name: Name = { kind: 'name', text, id: text, single: true };
    if (Math.abs(value - meant) <= tolerance * Math.abs(meant)) return name;
    if (Math.abs(value + meant) <= tolerance * Math.abs(meant)) return negated(name);
    if (isIrrational && Math.abs(value ** 2 - meant) <= 2 * tolerance * meant) return squareRoot(name);
    if (isIrrational && Math.abs(value ** 2 * meant - 1) <= 2 * tolerance) return power(squareRoot(name), -1);
    if (isMultiple(exact, meant)) {
      return product([number({ ...exact, denominator: exact.denominator / meant }), power(name, -1)]);
    }
  }
  return number(exact);
}

function isMultiple({ denominator }: Fraction, meant: number): boolean {
  return Number.isInteger(meant) && meant > 1 && denominator % meant === 0;
}
