import fc from 'fast-check';
import { expect, test } from 'vitest';
import { adopt } from '../../core/allocate.ts';
import { unitRoundoff } from '../../core/dtype.ts';
import type { Tensor } from '../../core/tensor.ts';
import { evenly } from '../evenly.ts';
import { type AlongInput, confirmedSlope, slopeAlong } from './slope.ts';

const number = (x: number): Tensor => adopt(Float64Array.of(x), []);
const forwards = number(1);

/** A function of a number at a point, and how often it was evaluated. */
function counted(
  f: (x: number) => number,
  x: number,
  largest: number,
): { along: AlongInput; evaluations: () => number } {
  let count = 0;
  const along = {
    f: (t: Tensor): number => {
      count++;
      return f(t.item());
    },
    x: number(x),
    rounding: 2 * unitRoundoff('float64') * Math.abs(f(x)),
    largest,
  };
  return { along, evaluations: () => count };
}

const functions: readonly (readonly [string, (x: number) => number, (x: number) => number])[] = [
  ['exp', Math.exp, Math.exp],
  ['sin', Math.sin, Math.cos],
  ['log', Math.log, (x) => 1 / x],
  ['cube', (x) => x ** 3, (x) => 3 * x * x],
];

test.each(functions)(
  'a right derivative of %s is confirmed by two evaluations, a wrong one never',
  (_, f, derivative) => {
    fc.assert(
      fc.property(evenly(0.5, 1.2), fc.constantFrom(-1, 0, 2, 1 + 1e-7, 1 - 1e-7), (x, factor) => {
        const right = derivative(x);
        const { along, evaluations } = counted(f, x, Math.abs(right));
        const confirmed = confirmedSlope(along, forwards, right);
        expect(evaluations()).toBe(2);
        expect(Math.abs((confirmed?.value ?? Number.NaN) - slopeAlong(along, forwards).value)).toBeLessThan(
          1e-8 * right,
        );
        expect(confirmedSlope(along, forwards, factor * right)).toBeUndefined();
      }),
    );
  },
);

test('beside a kink, the nearer step confirms', () => {
  const { along, evaluations } = counted(Math.abs, 2 ** -17, 1);
  const far: AlongInput = {
    ...along,
    x: adopt(Float64Array.of(2 ** -17, Math.SQRT2), [2]),
    f: (t) => along.f(number(t.toTypedArray()[0])),
  };
  const first = adopt(Float64Array.of(1, 0), [2]);
  expect(confirmedSlope(far, first, 1)?.value).toBeCloseTo(1, 8);
  expect(evaluations()).toBe(4);
  expect(confirmedSlope(far, first, -1)).toBeUndefined();
});

test('what is rounded so that it could not be confirmed is not evaluated', () => {
  const { along, evaluations } = counted(Math.sin, 1, 1);
  expect(confirmedSlope({ ...along, rounding: unitRoundoff('float32') }, forwards, Math.cos(1))).toBeUndefined();
  expect(evaluations()).toBe(0);
});
