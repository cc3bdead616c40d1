import { expect, test } from 'vitest';
import { Generator, grad, gumbelSoftmax, manualSeed, softmax, type Tensor, tensor, zeros } from '../index.ts';

const seeded = (seed = 1) => ({ generator: new Generator(seed) });

test('chooses with the probabilities of softmax', () => {
  const n = 20_000;
  const logits = tensor([0, 1, -1], { dtype: 'float64' });
  const choices = gumbelSoftmax(logits.expand([n, 3]), { hard: true, ...seeded() });
  const shares = choices.mean(0).sub(softmax(logits, 0)).abs().amax().item();
  expect(shares).toBeLessThan(5 * Math.sqrt(0.25 / n));
  expect(new Set(choices.toTypedArray()).size).toBe(2);
  expect(choices.sum(1).eq(1).all().item()).toBe(1);
});

test('is a distribution, sharper the lower the temperature, along any dim', () => {
  const sharpness = (tau: number): number =>
    gumbelSoftmax(zeros([4, 500], { dtype: 'float64' }), { tau, dim: 0, ...seeded() })
      .amax(0)
      .mean()
      .item();
  const y = gumbelSoftmax(zeros([4, 500], { dtype: 'float64' }), { dim: 0, ...seeded() });
  expect(y.sum(0).sub(1).abs().amax().item()).toBeLessThan(1e-12);
  expect(sharpness(0.1)).toBeGreaterThan(sharpness(1));
  expect(sharpness(1)).toBeGreaterThan(sharpness(10));
});

test('hard choices have the derivative of soft ones', () => {
  const logits = tensor([0.3, -1, 2], { dtype: 'float64' });
  const slope = (hard: boolean) =>
    grad((x: Tensor) => gumbelSoftmax(x, { hard, ...seeded() }).select(0, 2))(logits).toArray();
  expect(slope(true)).toEqual(slope(false));
  expect(slope(true)).not.toEqual([0, 0, 0]);
});

test('dtype and seed', () => {
  const logits = zeros([3, 5]);
  expect(gumbelSoftmax(logits).dtype).toBe('float32');
  manualSeed(2);
  const first = gumbelSoftmax(logits).toArray();
  expect(gumbelSoftmax(logits).toArray()).not.toEqual(first);
  manualSeed(2);
  expect(gumbelSoftmax(logits).toArray()).toEqual(first);
  expect(gumbelSoftmax(zeros([0, 5])).shape).toEqual([0, 5]);
  expect(gumbelSoftmax(zeros([]), { hard: true }).item()).toBe(1);
});

test('errors', () => {
  expect(() => gumbelSoftmax(zeros([2]), { tau: 0 })).toThrowErrorMatchingInlineSnapshot(`
    [GradtapeError: gumbelSoftmax: not a temperature
      got:   tau 0
      needs: a number above 0
      fix:   start at 1 and go down; { hard: true } gives single ones at any temperature]
  `);
  expect(() => gumbelSoftmax(zeros([2]), { dim: 1 })).toThrowErrorMatchingInlineSnapshot(`
    [GradtapeError: gumbelSoftmax: dim out of range
      got:   dim 1 for a tensor of 1 dims
      needs: a whole number from -1 to 0
      fix:   count dims from 0, or from the end with -1; print x.shape to see them]
  `);
  expect(() => gumbelSoftmax(tensor([1], { dtype: 'int32' }))).toThrowErrorMatchingInlineSnapshot(`
    [GradtapeError: gumbelSoftmax: not defined for whole numbers
      got:   dtype int32
      needs: float32 or float64
      fix:   convert first: x.to('float32')]
  `);
});
