import type { VectorMath } from '../vector-math.ts';
import { powerOfTwo, upperHalf, withSignOf } from './bits.ts';
import { splitFloat } from './logarithm.ts';

const stepBits = 11;
/** From the smallest float to the largest there are 2 to the 277. */
const steps = Math.ceil(278 / stepBits);

/**
 * The remainder of a / b rounded towards zero, exactly: a long division of mantissas, eleven bits at a time. Remainders
 * are nearest to zero on the way, so that a multiple of either half of b leaves a float.
 */
export function fmod<V>(v: VectorMath<V>, a: V, b: V): V {
  const [dividend, divisor] = [v.share(v.absolute(a)), v.share(v.absolute(b))];
  const [top, bottom] = [splitFloat(v, dividend), splitFloat(v, divisor)];
  const unit = v.share(v.add(bottom.fraction, v.constant(1)));
  const distance = v.share(v.subtract(top.exponent, bottom.exponent));
  const wholeSteps = v.share(v.floor(v.multiply(distance, v.constant(1 / stepBits))));
  const firstShift = powerOfTwo(v, v.multiplyAdd(wholeSteps, v.constant(-stepBits), distance));
  const reduce = reduceBy(v, unit);

  let rest = reduce(v.multiply(v.add(top.fraction, v.constant(1)), firstShift));
  for (let step = 0; step < steps; step++) {
    const further = reduce(v.share(v.multiply(rest, v.constant(2 ** stepBits))));
    rest = v.share(v.select(v.less(v.constant(step), wholeSteps), further, rest));
  }
  const positive = v.select(v.less(rest, v.constant(0)), v.add(rest, unit), rest);
  const half = v.share(v.floor(v.multiply(bottom.exponent, v.constant(0.5))));
  const scaled = v.multiply(
    v.multiply(positive, powerOfTwo(v, half)),
    powerOfTwo(v, v.subtract(bottom.exponent, half)),
  );
  return atBorders(v, a, b, withSignOf(v, v.absolute(scaled), a));
}

/** What is left of x after the nearest multiple of the unit. */
function reduceBy<V>(v: VectorMath<V>, unit: V): (x: V) => V {
  const inverse = v.share(v.divide(v.constant(-1), unit));
  const upper = v.share(upperHalf(v, unit));
  const lower = v.share(v.subtract(unit, upper));
  return (x) => {
    const value = v.share(x);
    const times = v.share(v.nearest(v.multiply(value, inverse)));
    return v.share(v.multiplyAdd(times, lower, v.multiplyAdd(times, upper, value)));
  };
}

/** A dividend smaller than the divisor is left; an infinite one, or a divisor 0, leaves nothing that is a number. */
function atBorders<V>(v: VectorMath<V>, a: V, b: V, value: V): V {
  const [dividend, divisor] = [v.share(v.absolute(a)), v.share(v.absolute(b))];
  const isLess = v.less(dividend, divisor);
  const isDefined = v.and(v.less(dividend, v.constant(Infinity)), v.less(v.constant(0), divisor));
  return v.select(isLess, a, v.select(isDefined, value, v.constant(Number.NaN)));
}
