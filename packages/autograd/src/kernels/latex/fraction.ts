/** A number in front of a term: exact where it is a fraction of small whole numbers, else the number over 1. */
export interface Fraction {
  readonly numerator: number;
  readonly denominator: number;
}

/** Denominators up to this are recognised; of fractions `1/n`, as means have them, those up to `LARGEST_COUNT`. */
const LARGEST_DENOMINATOR = 64;
const LARGEST_COUNT = 1e6;

/**
 * The fraction that a number was computed from, if it is near enough (`tolerance`, relative: the rounding of its dtype).
 * By continued fractions.
 */
export function fractionOf(value: number, tolerance = 4e-16): Fraction {
  if (!Number.isFinite(value) || Number.isInteger(value)) return { numerator: value, denominator: 1 };
  const size = Math.abs(value);
  let [numerator, denominator, before, beforeBelow] = [1, 0, 0, 1];
  for (let rest = size; denominator <= LARGEST_COUNT; rest = 1 / (rest - Math.floor(rest))) {
    const whole = Math.floor(rest);
    [numerator, before] = [whole * numerator + before, numerator];
    [denominator, beforeBelow] = [whole * denominator + beforeBelow, denominator];
    if (Math.abs(numerator / denominator - size) > tolerance * size) continue;
    const small = denominator <= (numerator === 1 ? LARGEST_COUNT : LARGEST_DENOMINATOR);
    return small ? { numerator: Math.sign(value) * numerator, denominator } : { numerator: value, denominator: 1 };
  }
  return { numerator: value, denominator: 1 };
}

export function toNumber({ numerator, denominator }: Fraction): number {
  return numerator / denominator;
}

export function isNumber(fraction: Fraction, value: number): boolean {
  return fraction.numerator === value && fraction.denominator === 1;
}

export function sameFraction(a: Fraction, b: Fraction): boolean {
  return a.numerator === b.numerator && a.denominator === b.denominator;
}

export function plus(a: Fraction, b: Fraction): Fraction {
  return reduced(a.numerator * b.denominator + b.numerator * a.denominator, a.denominator * b.denominator);
}

export function times(a: Fraction, b: Fraction): Fraction {
  return reduced(a.numerator * b.numerator, a.denominator * b.denominator);
}

/** To a whole power, which may be negative. */
export function raised({ numerator, denominator }: Fraction, exponent: number): Fraction {
  const power = Math.abs(exponent);
  const [above, below] = exponent < 0 ? [denominator, numerator] : [numerator, denominator];
  return reduced(above ** power, below ** power);
}

export function absolute({ numerator, denominator }: Fraction): Fraction {
  return { numerator: Math.abs(numerator), denominator };
}

export function isNegative({ numerator }: Fraction): boolean {
  return numerator < 0;
}

function reduced(numerator: number, denominator: number): Fraction {
  if (!Number.isSafeInteger(numerator) || !Number.isSafeInteger(denominator) || denominator === 0) {
    return { numerator: numerator / denominator, denominator: 1 };
  }
  const divisor = Math.sign(denominator) * greatestCommonDivisor(Math.abs(numerator), Math.abs(denominator));
  return { numerator: numerator / divisor + 0, denominator: denominator / divisor };
}

function greatestCommonDivisor(a: number, b: number): number {
  return b === 0 ? Math.max(a, 1) : greatestCommonDivisor(b, a % b);
}
