import { describe, expect, test } from 'vitest';
import { abs, add, customGrad, floor, mul, relu, sqrt, square, sum, type Tensor, tensor } from '../../index.ts';
import { checkGradients } from '../index.ts';

describe('kinks', () => {
  test('are named, and not compared', () => {
    const report = checkGradients((x) => sum(relu(x)), { x: tensor([-1, 0, 2]) });
    expect(report.passed).toBe(true);
    const close = [expect.closeTo(0), expect.closeTo(1)];
    expect(report.orders[0].inputs[0].kinks).toEqual([
      { along: '[1]', why: 'kink', operation: 'relu at [1]', slopes: close },
    ]);
  });

  test('do not hide a wrong derivative beside them', () => {
    const wrong = customGrad({ name: 'wrong', forward: (x) => relu(x), backward: (g, [x]) => [mul(g, relu(x))] });
    const report = checkGradients((x) => sum(wrong(x)), { x: tensor([-1, 0, 2, 3e-8]) });
    expect(report.passed).toBe(false);
    expect(report.orders[0].inputs[0].worst?.along).toBe('[2]');
    expect(report.orders[0].inputs[0].kinks.map(({ along }) => along)).toContain('[1]');
  });

  test('do not excuse what is wrong by more than they jump', () => {
    const wrong = customGrad({ name: 'wrong', forward: (x) => square(x), backward: (g, [x]) => [mul(g, x)] });
    const f = (x: Tensor): Tensor => add(sum(wrong(add(x, 1))), mul(sum(abs(x)), 1e-3));
    const report = checkGradients(f, { x: tensor([0]) });
    expect(report.passed).toBe(false);
    expect(report.orders[0].inputs[0].kinks).toEqual([]);
  });

  test('that are near are stepped around', () => {
    for (const distance of [1e-3, 1e-4, 1e-5, -1e-5]) {
      const { kinks, worst } = checkGradients((x) => sum(relu(x)), [tensor([1, distance])]).orders[0].inputs[0];
      expect(kinks).toEqual([]);
      expect(worst?.error).toBeLessThan(1);
    }
  });

  test('and jumps, ends of domains, and what does not settle', () => {
    const whys = (f: (x: Tensor) => Tensor, x: Tensor) =>
      checkGradients(f, { x }).orders[0].inputs[0].kinks.map(({ along, why, operation }) => [along, why, operation]);
    expect(whys((x) => sum(mul(floor(x), x)), tensor([1, 2.5]))).toEqual([['[0]', 'kink', 'floor at [0]']]);
    expect(whys((x) => sum(sqrt(x)), tensor([0, 1]))).toEqual([['[0]', 'not finite', undefined]]);
    expect(checkGradients((x) => sum(sqrt(x)), { x: tensor([0, 1]) }).passed).toBe(true);
    const noisy = customGrad({
      name: 'noisy',
      forward: (x) => add(x, tensor((1e6 * (x.toTypedArray()[0] * 1e9)) % 1)),
      backward: (g) => [g],
    });
    expect(whys((x) => sum(noisy(x)), tensor([0.3]))).toEqual([['[0]', 'not settled', undefined]]);
  });
});
