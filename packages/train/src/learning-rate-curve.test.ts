import { learningRateRange } from '@gradtape/optim';
import { expect, test } from 'vitest';
import { learningRateCurve } from './index.ts';

test('draws the losses, their mean and where it falls fastest, without what explodes', () => {
  const range = learningRateRange((rate) => 2 - Math.min(1, 10 * rate) + rate ** 3, { from: 1e-4, to: 100, count: 50 });
  expect(range.hasDiverged).toBe(true);
  const { svg } = learningRateCurve(range);
  for (const text of ['running mean', 'steepest at 0.', 'ended where the loss exploded', 'learning rate']) {
    expect(svg).toContain(text);
  }
  // The largest loss is above 100, and the axis is not.
  expect(Math.max(...range.losses)).toBeGreaterThan(8);
  expect(svg).not.toContain('>10<');
  expect(learningRateCurve(range, { title: 'Mine' }).svg).toContain('Mine');
});

test('says so where the loss never falls', () => {
  const range = learningRateRange((rate) => 1 + rate, { from: 1e-4, to: 1, count: 20 });
  expect(learningRateCurve(range).svg).toContain('the loss never falls');
});
