import { describe, expect, test } from 'vitest';
import { adopt } from '../../core/allocate.ts';
import type { Tensor } from '../../core/tensor.ts';
import { grad } from '../../transforms/grad.ts';
import { jvp } from '../../transforms/vjp.ts';
import { mul } from '../bilinear/mul.ts';
import { sumKept } from '../linear/sum.ts';
import { where } from '../linear/where.ts';
import { hypot } from '../smooth/hypot.ts';
import { logaddexp, logaddexp2 } from '../smooth/log-add-exp.ts';
import { sqrt } from '../smooth/powers.ts';
import { atan2 } from './atan2.ts';
import { isfinite, isinf, isneginf, isposinf, signbit } from './classification.ts';
import { gt, logicalAnd, logicalNot, logicalOr, logicalXor } from './comparison.ts';
import { copysign } from './copysign.ts';
import { largestKept, smallestKept } from './extremes.ts';
import { abs, clampBetween, fmax, fmin, maximum, minimum, relu } from './kinked.ts';
import { logOdds } from './logit.ts';
import { power } from './power.ts';
import { entr, xlog1py, xlogy } from './xlogy.ts';

// What is chosen where there is no derivative: PyTorch's choices.

const vector = (...entries: number[]): Tensor => adopt(Float64Array.from(entries), [entries.length]);
const ones = (like: Tensor): Tensor => vector(...new Array<number>(like.length).fill(1));
const total = (x: Tensor): Tensor => sumKept(x, [0]);

/** The derivative of the sum of `f`, which both modes must give. */
function derivative(f: (x: Tensor) => Tensor, x: Tensor): unknown {
  const gradient = grad((y: Tensor) => total(f(y)))(x);
  const tangents = [...x.toTypedArray()].map((_, i) => {
    const direction = vector(...[...ones(x).toTypedArray()].map((_, k) => Number(k === i)));
    return jvp((y: Tensor) => total(f(y)), [x], [direction])[1].item();
  });
  expect(tangents).toEqual(gradient.toArray());
  return gradient.toArray();
}

/** The derivative of each entry, which both modes must give, where it may be infinite or NaN. */
function slopes(f: (x: Tensor) => Tensor, x: Tensor): unknown {
  const gradient = grad((y: Tensor) => total(f(y)))(x).toArray();
  expect(jvp(f, [x], [ones(x)])[1].toArray()).toEqual(gradient);
  return gradient;
}

describe('the derivative', () => {
  test('of |x| and of max(0, x) is 0 at 0, of either sign', () => {
    expect(derivative(abs, vector(-2, -0, 0, 3))).toEqual([-1, 0, 0, 1]);
    expect(derivative(relu, vector(-2, -0, 0, 3))).toEqual([0, 0, 0, 1]);
  });

  test('of the larger or smaller of two is shared at a tie', () => {
    const other = vector(1, 2, 3);
    const x = vector(2, 2, 2);
    expect(derivative((y) => maximum(y, other), x)).toEqual([1, 0.5, 0]);
    expect(derivative((y) => maximum(other, y), x)).toEqual([1, 0.5, 0]);
    expect(derivative((y) => minimum(y, other), x)).toEqual([0, 0.5, 1]);
    expect(derivative((y) => minimum(other, y), x)).toEqual([0, 0.5, 1]);
    expect(derivative((y) => maximum(y, y), x)).toEqual([1, 1, 1]);
  });

  test('of the extremes of many is shared by all that tie', () => {
    expect(derivative((y) => largestKept(y, [0]), vector(3, 1, 3, 3, 2))).toEqual([1 / 3, 0, 1 / 3, 1 / 3, 0]);
    expect(derivative((y) => smallestKept(y, [0]), vector(3, 1, 1))).toEqual([0, 0.5, 0.5]);
  });

  test('of a clamp is still 1 on a bound', () => {
    expect(derivative((y) => clampBetween(y, -1, 1), vector(-2, -1, 0, 1, 2))).toEqual([0, 1, 1, 1, 0]);
  });

  test('of a clamp goes to the bound that decides; with crossed bounds to the upper one', () => {
    const x = vector(-2, 0, 2);
    expect(derivative((low) => clampBetween(x, low, 1), vector(-1, -1, -1))).toEqual([1, 0, 0]);
    expect(derivative((high) => clampBetween(x, -1, high), vector(1, 1, 1))).toEqual([0, 0, 1]);
    expect(derivative((low) => clampBetween(x, low, -1), vector(1, 1, 1))).toEqual([0, 0, 0]);
    expect(derivative((high) => clampBetween(x, 1, high), vector(-1, -1, -1))).toEqual([1, 1, 1]);
  });

  test('of a power is 0 by the base where the exponent is 0, and by the exponent where the base is 0', () => {
    expect(derivative((y) => power(y, 0), vector(0, 2, -3))).toEqual([0, 0, 0]);
    expect(derivative((y) => power(0, y), vector(0, 1, 2.5))).toEqual([0, 0, 0]);
    expect(derivative((y) => power(y, 2), vector(0, -3))).toEqual([0, -6]);
    expect(derivative((y) => power(y, 1), vector(0))).toEqual([1]);
  });

  test('does not come from what was not chosen, even if that is infinite or NaN', () => {
    const infinite = vector(Infinity, 4, Number.NaN);
    const chosen = gt(vector(-1, 1, -1), 0);
    expect(derivative((y) => where(chosen, y, 1), infinite)).toEqual([0, 1, 0]);
    expect(derivative((y) => where(logicalNot(chosen), 1, y), infinite)).toEqual([0, 1, 0]);
    const x = vector(0, 4, -1);
    // The chosen side must be made safe inside, as everywhere: 0 times an infinite slope is NaN.
    const inside = (y: Tensor): Tensor => where(gt(y, 0), sqrt(where(gt(y, 0), y, 1)), 0);
    expect(derivative(inside, x)).toEqual([0, 0.25, 0]);
  });
});

describe('the derivative at special points is PyTorch’s:', () => {
  const { NaN: nan, POSITIVE_INFINITY: inf } = Number;

  test('beside NaN, maximum and minimum give it to both, fmax and fmin to the number', () => {
    const other = vector(nan, 1);
    const x = vector(1, nan);
    expect(slopes((y) => maximum(y, other), x)).toEqual([1, 1]);
    expect(slopes((y) => minimum(y, other), x)).toEqual([1, 1]);
    expect(fmax(x, other).toArray()).toEqual([1, 1]);
    expect(slopes((y) => fmax(y, other), x)).toEqual([1, 0]);
    expect(slopes((y) => fmin(y, other), x)).toEqual([1, 0]);
    expect(slopes((y) => fmin(other, y), x)).toEqual([1, 0]);
  });

  test('at a tie, fmax and fmin give it to the first', () => {
    expect(slopes((y) => fmax(y, vector(2)), vector(2))).toEqual([1]);
    expect(slopes((y) => fmax(vector(2), y), vector(2))).toEqual([0]);
    expect(slopes((y) => fmin(y, vector(2)), vector(2))).toEqual([1]);
    expect(slopes((y) => fmin(vector(2), y), vector(2))).toEqual([0]);
  });

  test('xlogy and xlog1py by a zero: the logarithm, where there is one', () => {
    expect(xlogy(vector(0, 0, 0, 2), vector(0, -1, nan, 0)).toArray()).toEqual([0, 0, nan, -inf]);
    expect(slopes((y) => xlogy(y, vector(0, -1, 1, inf)), vector(0, 0, 0, 0))).toEqual([0, 0, 0, inf]);
    expect(slopes((y) => xlogy(2, y), vector(0, 4))).toEqual([inf, 0.5]);
    expect(slopes((y) => xlog1py(y, vector(-1, -2, 0)), vector(0, 0, 0))).toEqual([0, 0, 0]);
  });

  test('the entropy of nothing has an infinite slope, a negative probability none', () => {
    expect(entr(vector(0, -1, 1)).toArray()).toEqual([0, -inf, -0]);
    expect(slopes(entr, vector(0, -1, 1))).toEqual([inf, nan, -1]);
  });

  test('copysign: the sign that comes of it, 0 at zero, nothing by the sign', () => {
    expect(copysign(vector(0, 3, -3, 2), vector(-0, -0, 0, -inf)).toArray()).toEqual([-0, -3, 3, -2]);
    expect(slopes((y) => copysign(y, vector(-0, -0, 0, -1)), vector(0, 3, -3, -2))).toEqual([0, -1, -1, 1]);
    expect(slopes((y) => copysign(2, y), vector(-1, 0))).toEqual([0, 0]);
  });

  test('at the origin atan2 has 0 and hypot NaN', () => {
    expect(slopes((y) => atan2(y, vector(0, 1)), vector(0, 0))).toEqual([0, 1]);
    expect(slopes((y) => atan2(vector(0, 1), y), vector(0, 0))).toEqual([0, -1]);
    expect(slopes((y) => hypot(y, vector(0, 4)), vector(0, 3))).toEqual([nan, 0.6]);
    expect(hypot(vector(inf, nan, 0, 3 * 2 ** 600), vector(nan, 1, -0, 4 * 2 ** 600)).toArray()).toEqual([
      ...[inf, nan, 0, 5 * 2 ** 600],
    ]);
  });

  test('logaddexp of infinities', () => {
    expect(logaddexp(vector(inf, -inf, inf, 1000), vector(inf, -inf, -inf, -1000)).toArray()).toEqual([
      ...[inf, -inf, inf, 1000],
    ]);
    expect(slopes((y) => logaddexp(y, vector(-inf, inf)), vector(1000, 0))).toEqual([1, 0]);
    expect(slopes((y) => logaddexp2(y, vector(-1000, 3)), vector(1000, 3))).toEqual([1, 0.5]);
  });

  test('the logit is steep at the ends and has none beyond', () => {
    expect(logOdds(vector(-1, -0, 0, 0.5, 1, 2)).toArray()).toEqual([nan, -inf, -inf, 0, inf, nan]);
    expect(slopes(logOdds, vector(-1, -0, 0, 0.5, 1, 2))).toEqual([nan, inf, inf, 4, inf, nan]);
  });
});

test('questions about numbers', () => {
  const x = vector(0, -0, -2, Number.NaN, Infinity, -Infinity);
  const answers = (ask: (y: Tensor) => Tensor): unknown => [...ask(x).toTypedArray()].map(Boolean);
  expect(answers(isfinite)).toEqual([true, true, true, false, false, false]);
  expect(answers(isinf)).toEqual([false, false, false, false, true, true]);
  expect(answers(isposinf)).toEqual([false, false, false, false, true, false]);
  expect(answers(isneginf)).toEqual([false, false, false, false, false, true]);
  expect(answers(signbit)).toEqual([false, true, true, false, false, true]);
  expect(answers((y) => logicalXor(y, 1))).toEqual([true, true, false, false, false, false]);
});

test('a second derivative at a kink is that of the side that was chosen', () => {
  const cube = (y: Tensor): Tensor => mul(relu(y), mul(y, y));
  expect(grad((y: Tensor) => total(grad((z: Tensor) => total(cube(z)))(y)))(vector(-1, 0, 2)).toArray()).toEqual([
    0, 0, 12,
  ]);
});

test('what is not zero holds, NaN too', () => {
  const x = vector(0, -0, 2, Number.NaN, -Infinity);
  expect(logicalNot(x).toArray()).toEqual([true, true, false, false, false]);
  expect(logicalAnd(x, 1).toArray()).toEqual([false, false, true, true, true]);
  expect(logicalOr(x, 0).toArray()).toEqual([false, false, true, true, true]);
});
