import type { VectorMath } from '../vector-math.ts';
import { upperHalf } from './bits.ts';
import { type DoubleFloat, productOf, twoSum } from './double-float.ts';
import { HALF_PI } from './half-pi.ts';
import { share } from './share.ts';

const digitBits = 12;
const digitBase = 2 ** digitBits;
/** 2/π to the base 2¹², behind the point. */
const TWO_OVER_PI = [2607, 2435, 1764, 3652, 338, 2556, 629, 2001, 3923, 1245, 3085, 2914, 2393, 2364, 1081, 65, 4069];
/** So many digits at once matter: those before them contribute multiples of four quadrants. */
const windowDigits = 9;
/** From these magnitudes on, two digits more can be left out at the front. */
const WINDOWS = [2 ** 49, 2 ** 73, 2 ** 97, 2 ** 121];
const digitsPerWindow = 2;

export interface Quadrants<V> {
  /** How many quarter turns, up to a multiple of four: a small whole number, as an integer. */
  readonly quadrant: V;
  /** What is left of the angle, between -π/4 and π/4. */
  readonly angle: DoubleFloat<V>;
}

/**
 * x = quadrant × π/2 + angle, for every finite x: M. Payne, R. Hanek, "Radian reduction for trigonometric functions",
 * SIGNUM Newsletter 18 (1983). Halves of x times digits of 2/π are exact; whole multiples of four are dropped from those
 * that have them, and the rest is added up in three parts.
 */
export function quadrants<V>(v: VectorMath<V>, x: V): Quadrants<V> {
  const sum = new Cascade(v, 3);
  for (const { value, order } of products(v, x)) sum.add(value, levelOf(order));
  const [first, second, third] = sum.parts;
  const turns = share(v, v.nearest(first));
  const fraction = twoSum(v, share(v, v.subtract(first, turns)), second);
  const exact = { high: fraction.high, low: share(v, v.add(fraction.low, third)) };
  const halfPi = { high: v.constant(HALF_PI.high), low: v.constant(HALF_PI.low) };
  return { quadrant: share(v, v.toIntegers(turns)), angle: productOf(v, exact, halfPi) };
}

/** Products of order k are below 2 to the 49 - 12 k. */
function levelOf(order: number): number {
  return order < 6 ? 0 : order < 8 ? 1 : 2;
}

/** The halves of x times the digits of 2/π that matter, the largest first, without multiples of four. */
function products<V>(v: VectorMath<V>, x: V): { value: V; order: number }[] {
  const { scaled, digits } = window(v, x);
  const upper = share(v, upperHalf(v, scaled));
  const lower = share(v, v.subtract(scaled, upper));
  return digits.flatMap((digit, order) => {
    const previous = digits[order - 1];
    const values = [v.multiply(upper, digit), ...(previous === undefined ? [] : [v.multiply(lower, previous)])];
    return values.map((value) => ({ value: order < 4 ? withoutTurns(v, share(v, value)) : value, order }));
  });
}

/** x, scaled to below 2⁴⁹, and the digits of 2/π that belong to it. */
function window<V>(v: VectorMath<V>, x: V): { scaled: V; digits: V[] } {
  const magnitude = share(v, v.absolute(x));
  const masks = WINDOWS.map((from) => share(v, v.lessEqual(v.constant(from), magnitude)));
  const choose = (choices: readonly number[]): V => {
    const [smallest, ...larger] = choices.map((choice) => v.constant(choice));
    return share(
      v,
      larger.reduce((chosen, choice, i) => v.select(masks[i], choice, chosen), smallest),
    );
  };
  const skipped = [0, ...WINDOWS].map((_, i) => i * digitsPerWindow);
  const scaled = v.multiply(x, choose(skipped.map((digits) => digitBase ** -digits)));
  const digits = Array.from({ length: windowDigits }, (_, i) =>
    choose(skipped.map((first) => TWO_OVER_PI[first + i] * digitBase ** -(i + 1))),
  );
  return { scaled: share(v, scaled), digits };
}

function withoutTurns<V>(v: VectorMath<V>, value: V): V {
  return v.multiplyAdd(v.nearest(v.multiply(value, v.constant(0.25))), v.constant(-4), value);
}

/** A sum in several floats: what one of them loses to rounding goes to the next. */
class Cascade<V> {
  readonly #v: VectorMath<V>;
  readonly parts: V[];

  constructor(v: VectorMath<V>, length: number) {
    this.#v = v;
    this.parts = Array.from({ length }, () => v.constant(0));
  }

  add(value: V, level: number): void {
    let carried = share(this.#v, value);
    for (let i = level; i < this.parts.length; i++) {
      const { high, low } = twoSum(this.#v, this.parts[i], carried);
      this.parts[i] = high;
      carried = low;
    }
  }
}
