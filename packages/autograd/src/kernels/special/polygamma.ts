import type { ScalarMath } from '../scalar-math.ts';
import { cosineOfHalfTurns, sineOfHalfTurns } from './half-turns.ts';
import { polynomial, rational } from './polynomial.ts';
import { STIRLING_FROM, shiftTowardsOne } from './recurrence.ts';

/** The positive zero of ψ, in two parts, less 1. */
const ZERO = { high: 0.4616321325302124, low: 1.2438149938918909e-8 };
/** `ψ(1 + t) / (1 + t - zero)` for t from 0 to 1: a rational minimax fit, to 1e-18. */
const BETWEEN_ONE_AND_TWO = {
  above: [
    1.2503801375034054, 1.7839103956489792, 0.8597259249076812, 0.1687262550228247, 0.01244787704057117,
    0.0002269608365022245,
  ],
  below: [
    1, 2.11024125952543, 1.5282287274792694, 0.48108915112551903, 0.06652195821394115, 0.0034603765753826086,
    4.0124888717365715e-5,
  ],
};
/** The numbers of Bernoulli with even index, from B₂ on. */
const BERNOULLI = [
  ...[1 / 6, -1 / 30, 1 / 42, -1 / 30, 5 / 66, -691 / 2730, 7 / 6, -3617 / 510, 43867 / 798, -174611 / 330],
  854513 / 138,
];

/** ψ, the derivative of `log Γ`: ±∞ at ±0, NaN at negative whole numbers. */
export function digamma<T>(m: ScalarMath<T>, x: T): T {
  const [zero, one] = [m.constant(0), m.constant(1)];
  const isNegative = m.share(m.less(x, zero));
  const value = m.share(digammaOfPositive(m, m.share(m.select(isNegative, m.sub(one, x), x))));
  const fromWhole = m.share(m.sub(x, m.round(x)));
  const cotangent = m.div(m.mul(m.constant(Math.PI), cosineOfHalfTurns(m, fromWhole)), sineOfHalfTurns(m, fromWhole));
  const reflected = m.select(m.equal(fromWhole, zero), m.constant(Number.NaN), m.sub(value, cotangent));
  return m.select(isNegative, reflected, value);
}

function digammaOfPositive<T>(m: ScalarMath<T>, x: T): T {
  const { t, sum } = shiftTowardsOne(m, x);
  const fromZero = m.sub(m.sub(t, m.constant(ZERO.high)), m.constant(ZERO.low));
  const small = m.add(m.mul(fromZero, rational(m, t, BETWEEN_ONE_AND_TWO)), m.div(sum.above, sum.below));
  const inverse = m.share(m.div(m.constant(1), x));
  const square = m.share(m.mul(inverse, inverse));
  const coefficients = BERNOULLI.slice(0, 8).map((number, k) => number / (2 * k + 2));
  const series = m.mul(square, polynomial(m, square, coefficients));
  const large = m.sub(m.sub(m.log(x), m.mul(m.constant(0.5), inverse)), series);
  return m.select(m.less(x, m.constant(STIRLING_FROM)), small, large);
}

/** ψ', the derivative of ψ. */
export function trigamma<T>(m: ScalarMath<T>, x: T): T {
  const [zero, one] = [m.constant(0), m.constant(1)];
  const isNegative = m.share(m.less(x, zero));
  const value = m.share(trigammaOfPositive(m, m.share(m.select(isNegative, m.sub(one, x), x))));
  const fromWhole = m.share(m.sub(x, m.round(x)));
  const cosecant = m.share(m.div(m.constant(Math.PI), sineOfHalfTurns(m, fromWhole)));
  return m.select(isNegative, m.sub(m.mul(cosecant, cosecant), value), value);
}

function trigammaOfPositive<T>(m: ScalarMath<T>, x: T): T {
  const [zero, one] = [m.constant(0), m.constant(1)];
  let z = x;
  let sum = zero;
  for (let step = 0; step < STIRLING_FROM; step++) {
    const goesUp = m.share(m.less(z, m.constant(STIRLING_FROM)));
    sum = m.share(m.add(sum, m.select(goesUp, m.div(one, m.mul(z, z)), zero)));
    z = m.share(m.select(goesUp, m.add(z, one), z));
  }
  const inverse = m.share(m.div(one, z));
  const square = m.share(m.mul(inverse, inverse));
  const series = m.mul(m.mul(inverse, square), polynomial(m, square, BERNOULLI.slice(0, 10)));
  return m.add(sum, m.add(m.add(inverse, m.mul(m.constant(0.5), square)), series));
}

/**
 * `Σₖ (x + k)⁻ˢ` over k from 0 on, for whole s from 2 to 255: the zeta function of Hurwitz, also of negative x. Times
 * `(s - 1)!` it is, but for the sign, a derivative of ψ.
 */
export function hurwitzZeta<T>(m: ScalarMath<T>, x: T, s: T): T {
  const [zero, one] = [m.constant(0), m.constant(1)];
  const powerOf = inversePowers(m, s);
  const isNegative = m.share(m.less(x, zero));
  const fraction = m.share(m.sub(x, m.floor(x)));
  const upwards = sumFrom(m, m.share(m.select(isNegative, fraction, x)), s, powerOf);
  // The terms of x < 0 are those of its fraction upwards, and finitely many below zero, which are a difference of sums.
  const below = m.sub(
    sumFrom(m, m.share(m.sub(one, fraction)), s, powerOf),
    sumFrom(m, m.share(m.sub(one, x)), s, powerOf),
  );
  const signed = m.select(bitOf(m, s, 0), m.neg(below), below);
  return m.add(upwards, m.select(isNegative, signed, zero));
}

const TERMS = 9;

/** The first terms, and the rest by the formula of Euler and Maclaurin. NIST Digital Library of Mathematical Functions, 25.11.5. */
function sumFrom<T>(m: ScalarMath<T>, q: T, s: T, inversePower: (x: T) => T): T {
  const terms = Array.from({ length: TERMS }, (_, k) => inversePower(m.add(q, m.constant(k))));
  const end = m.share(m.add(q, m.constant(TERMS)));
  const atEnd = m.share(inversePower(end));
  let rest = m.add(m.div(end, m.sub(s, m.constant(1))), m.constant(0.5));
  // s (s + 1) … (s + 2k - 2) / ((2k)! end²ᵏ⁻¹), for k from 1 on.
  let factor = m.share(m.div(s, m.mul(end, m.constant(2))));
  const inverseSquare = m.share(m.div(m.constant(1), m.mul(end, end)));
  BERNOULLI.forEach((number, i) => {
    const k = i + 1;
    rest = m.add(rest, m.mul(factor, m.constant(number)));
    const raised = m.mul(m.add(s, m.constant(2 * k - 1)), m.add(s, m.constant(2 * k)));
    const lowered = m.mul(inverseSquare, m.constant(1 / ((2 * k + 1) * (2 * k + 2))));
    factor = m.share(m.mul(factor, m.mul(raised, lowered)));
  });
  const sum = terms.reduce((total, term) => m.add(total, term));
  return m.share(m.add(sum, m.select(m.equal(atEnd, m.constant(0)), m.constant(0), m.mul(atEnd, rest))));
}

const BITS = 8;

/** `x⁻ˢ` by squaring, as the bits of s say. */
function inversePowers<T>(m: ScalarMath<T>, s: T): (x: T) => T {
  const bits = Array.from({ length: BITS }, (_, place) => m.share(bitOf(m, s, place)));
  return (x) => {
    let square = m.share(m.div(m.constant(1), x));
    let power = m.constant(1);
    for (const bit of bits) {
      power = m.share(m.select(bit, m.mul(power, square), power));
      square = m.share(m.mul(square, square));
    }
    return power;
  };
}

/** Whether a bit of a whole number is set. */
function bitOf<T>(m: ScalarMath<T>, whole: T, place: number): T {
  const half = m.mul(m.floor(m.mul(whole, m.constant(2 ** -place))), m.constant(0.5));
  return m.less(m.floor(half), half);
}
