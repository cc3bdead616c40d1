import type { VectorMath } from '../vector-math.ts';
import { upperHalf } from './bits.ts';
import { type DoubleFloat, productOf, twoSum } from './double-float.ts';
import { HALF_PI } from './half-pi.ts';

const digitBits = 12;
const digitBase = 2 ** digitBits;
/** 2/π to the base 2¹², with digits on both sides of 0; the first stands before the point. */
const TWO_OVER_PI = [1, -1488, -1661, 1765, -444, 339, -1540, 629, 2002, -173, 1246, -1010, -1181, -1702, -1732, 1081];
/** So many digits at once matter: those before them contribute multiples of four quadrants. */
const windowDigits = 8;
/** From these magnitudes on, two digits more can be left out at the front. */
const WINDOWS = [2 ** 37, 2 ** 61, 2 ** 85, 2 ** 109];
const digitsPerWindow = 2;

export interface Quadrants<V> {
  /** How many quarter turns, up to a multiple of four: a small whole number, as an integer. */
  readonly quadrant: V;
  /** What is left of the angle, between -π/4 and π/4. */
  readonly angle: DoubleFloat<V>;
}

/**
 * x = quadrant × π/2 + angle, for every finite x: M. Payne, R. Hanek, "Radian reduction for trigonometric functions",
 * SIGNUM Newsletter 18 (1983). Halves of x times digits of 2/π are exact, and so are their sums of equal weight; whole
 * multiples of four are dropped from those that have them, and the rest is added up in three parts.
 */
export function quadrants<V>(v: VectorMath<V>, x: V): Quadrants<V> {
  const sum = new Cascade(v, 3);
  products(v, x).forEach((product, order) => {
    sum.add(product, levelOf(order));
  });
  const [first, second, third] = sum.parts;
  const turns = v.share(v.nearest(first));
  const fraction = twoSum(v, v.share(v.subtract(first, turns)), second);
  const exact = { high: fraction.high, low: v.share(v.add(fraction.low, third)) };
  const halfPi = { high: v.constant(HALF_PI.high), low: v.constant(HALF_PI.low) };
  return { quadrant: v.share(v.toIntegers(turns)), angle: productOf(v, exact, halfPi) };
}

/** Products of order k are below 2 to the 37 - 12 k. */
function levelOf(order: number): number {
  return order < 5 ? 0 : order < 7 ? 1 : 2;
}

/** x times the digits of 2/π that matter, by weight, the largest first; without multiples of four. */
function products<V>(v: VectorMath<V>, x: V): V[] {
  const { scaled, digits } = window(v, x);
  const upper = v.share(upperHalf(v, scaled));
  const lower = v.share(v.subtract(scaled, upper));
  return digits.map((digit, order) => {
    const whole = v.multiply(upper, digit);
    // A digit is at most half of the base, so the sum of both has 24 bits: it is exact.
    const product = order === 0 ? whole : v.multiplyAdd(lower, digits[order - 1], whole);
    return order < 3 ? withoutTurns(v, v.share(product)) : product;
  });
}

/** x, scaled to below 2³⁷, and the digits of 2/π that belong to it. */
function window<V>(v: VectorMath<V>, x: V): { scaled: V; digits: V[] } {
  const magnitude = v.share(v.absolute(x));
  const masks = WINDOWS.map((from) => v.share(v.lessEqual(v.constant(from), magnitude)));
  const choose = (choices: readonly number[]): V => {
    const [smallest, ...larger] = choices.map((choice) => v.constant(choice));
    return v.share(larger.reduce((chosen, choice, i) => v.select(masks[i], choice, chosen), smallest));
  };
  const skipped = [0, ...WINDOWS].map((_, i) => i * digitsPerWindow);
  const scaled = v.multiply(x, choose(skipped.map((digits) => digitBase ** -digits)));
  const digits = Array.from({ length: windowDigits }, (_, i) =>
    choose(skipped.map((first) => TWO_OVER_PI[first + i] * digitBase ** -i)),
  );
  return { scaled: v.share(scaled), digits };
}

function withoutTurns<V>(v: VectorMath<V>, value: V): V {
  return v.multiplyAdd(v.nearest(v.multiply(value, v.constant(0.25))), v.constant(-4), value);
}

/** A sum in several floats: what one of them loses to rounding goes to the next. */
class Cascade<V> {
  readonly #v: VectorMath<V>;
  readonly #length: number;
  readonly parts: V[] = [];

  constructor(v: VectorMath<V>, length: number) {
    this.#v = v;
    this.#length = length;
  }

  /** Adds a value, not larger than the ones before, to a part that others before have filled, and to those behind it. */
  add(value: V, level: number): void {
    const carried = this.#v.share(value);
    const part = this.parts[level];
    if (part === undefined) this.parts[level] = carried;
    else if (level === this.#length - 1) this.parts[level] = this.#v.share(this.#v.add(part, carried));
    else {
      const { high, low } = twoSum(this.#v, part, carried);
      this.parts[level] = high;
      this.add(low, level + 1);
    }
  }
}
