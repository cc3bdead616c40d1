import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { adopt } from '../core/allocate.ts';
import type { Tensor } from '../core/tensor.ts';
import { mul } from '../primitives/bilinear/mul.ts';
import { convert } from '../primitives/linear/convert.ts';
import { sumKept } from '../primitives/linear/sum.ts';
import { abs } from '../primitives/piecewise/kinked.ts';
import { exp, log } from '../primitives/smooth/exponential.ts';
import { sin, tan } from '../primitives/smooth/trigonometric.ts';
import { differencesAlong } from './differences.ts';
import { evenly } from './evenly.ts';

const number = (value: number): Tensor => adopt(Float64Array.of(value), []);
const vector = (...values: number[]): Tensor => adopt(Float64Array.from(values), [values.length]);

describe('differences', () => {
  const functions: readonly (readonly [string, (x: Tensor) => Tensor, (x: number) => number])[] = [
    ['exp', exp, Math.exp],
    ['log', log, (x) => 1 / x],
    ['sin', sin, Math.cos],
    ['tan', tan, (x) => 1 + Math.tan(x) ** 2],
  ];

  test.each(functions)('of %s are good to ten digits, and say so', (_, f, derivative) => {
    fc.assert(
      fc.property(evenly(0.15, 1.3), (x) => {
        const { values, errors } = differencesAlong((t) => [f(t)], [number(x)], [number(1)]);
        const size = 1 + Math.abs(derivative(x));
        expect(Math.abs(values[0] - derivative(x))).toBeLessThan(1e-10 * size);
        expect(errors[0]).toBeLessThan(1e-9 * size);
      }),
    );
  });

  test('go along a direction, through all inputs and results', () => {
    const product = (a: Tensor, b: Tensor) => [mul(a, b), sumKept(a, [0])];
    const { values } = differencesAlong(product, [vector(1, 2), vector(3, 4)], [vector(1, 0), vector(0, -1)]);
    [3, -2, 1].forEach((expected, i) => {
      expect(values[i]).toBeCloseTo(expected, 10);
    });
  });

  test('are exact for what is linear', () => {
    const { values } = differencesAlong((x) => [mul(x, 4)], [number(0.5)], [number(1)]);
    expect(values).toEqual([4]);
  });

  test('own up to the rounding of float32, and to kinks', () => {
    const single = differencesAlong((x) => [convert(sin(x), 'float32')], [number(1)], [number(1)]);
    expect(Math.abs(single.values[0] - Math.cos(1))).toBeLessThan(single.errors[0]);
    const kink = differencesAlong((x) => [abs(x)], [number(0.0003)], [number(1)]);
    expect(kink.errors[0]).toBeGreaterThan(1e-3);
  });

  test('of nothing are nothing', () => {
    expect(differencesAlong((x) => [x], [vector()], [vector()])).toEqual({ values: [], errors: [] });
  });
});
