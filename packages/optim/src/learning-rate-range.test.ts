import { Parameter, tensor } from '@gradtape/autograd';
import { expect, test } from 'vitest';
import { Adam, learningRateRange } from './index.ts';

/** Losses that stay until 1e-3, fall until 1e-1, and then explode. */
const typical = (rate: number): number => {
  const position = Math.log10(rate);
  return 2 - 1 / (1 + Math.exp(-6 * (position + 2))) + Math.exp(8 * (position - 0.2));
};

test('suggests a rate at which the loss falls, and ends when it explodes', () => {
  const found = learningRateRange(typical);
  expect(found.suggestion).toBeGreaterThan(1e-3);
  expect(found.suggestion).toBeLessThan(1e-1);
  expect(found.hasDiverged).toBe(true);
  expect(found.rates.length).toBeLessThan(100);
  expect([found.losses.length, found.smoothed.length]).toEqual([found.rates.length, found.rates.length]);
  expect(found.rates[0]).toBe(1e-6);
});

test('without smoothing the smoothed losses are the losses, and the rates are evenly spaced', () => {
  const { rates, losses, smoothed, hasDiverged, suggestion } = learningRateRange((rate) => -rate, {
    from: 1,
    to: 16,
    count: 5,
    smoothing: 0,
  });
  for (const [k, rate] of rates.entries()) expect(rate).toBeCloseTo(2 ** k, 12);
  expect(losses).toEqual(rates.map((rate) => -rate));
  for (const [k, loss] of smoothed.entries()) expect(loss).toBeCloseTo(losses[k] as number, 12);
  expect([hasDiverged, suggestion]).toEqual([false, rates[3]]);
});

test('a loss that is no number ends it; one that never falls suggests nothing', () => {
  const found = learningRateRange((rate) => (rate > 1e-3 ? Number.NaN : 1 + rate), { smoothing: 0.5 });
  expect(found.hasDiverged).toBe(true);
  expect(found.losses.at(-1)).toBeNaN();
  expect(found.suggestion).toBeUndefined();
});

test('the optimizer is put back as it was, also when a step fails', () => {
  const w = new Parameter(tensor([1, 2]));
  const optimizer = new Adam([w], { lr: 0.5 });
  const step = () =>
    optimizer.step(() => {
      optimizer.zeroGrad();
      const loss = w.square().sum();
      loss.backward();
      return loss;
    });
  step();
  const before = JSON.stringify([w.toArray(), optimizer.stateDict()]);
  const seen: number[] = [];
  learningRateRange(
    (rate) => {
      seen.push(optimizer.paramGroups[0]?.lr === rate ? 1 : 0);
      return step();
    },
    { optimizer, count: 10, to: 1 },
  );
  expect(seen).toEqual(new Array(10).fill(1));
  expect(JSON.stringify([w.toArray(), optimizer.stateDict()])).toBe(before);
  const failing = () => {
    step();
    throw new Error('no more data');
  };
  expect(() => learningRateRange(failing, { optimizer })).toThrow('no more data');
  expect(JSON.stringify([w.toArray(), optimizer.stateDict()])).toBe(before);
});

test('options out of range are named', () => {
  expect(() => learningRateRange(typical, { from: 1, to: 0.1 })).toThrowErrorMatchingInlineSnapshot(`
    [GradtapeError: learningRateRange: an option is out of range
      got:   from = 1, to = 0.1
      needs: rates that rise from above 0
      fix:   the defaults fit most trainings: learningRateRange(step, { optimizer })]
  `);
  expect(() => learningRateRange(typical, { count: 1.5 })).toThrowErrorMatchingInlineSnapshot(`
    [GradtapeError: learningRateRange: an option is out of range
      got:   count = 1.5
      needs: a whole number, 2 or more
      fix:   the defaults fit most trainings: learningRateRange(step, { optimizer })]
  `);
  expect(() => learningRateRange(typical, { smoothing: 1 })).toThrowErrorMatchingInlineSnapshot(`
    [GradtapeError: learningRateRange: an option is out of range
      got:   smoothing = 1
      needs: at least 0 and less than 1
      fix:   the defaults fit most trainings: learningRateRange(step, { optimizer })]
  `);
  expect(() => learningRateRange(typical, { divergence: 1 })).toThrowErrorMatchingInlineSnapshot(`
    [GradtapeError: learningRateRange: an option is out of range
      got:   divergence = 1
      needs: a number above 1
      fix:   the defaults fit most trainings: learningRateRange(step, { optimizer })]
  `);
});
