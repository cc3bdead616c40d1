import { expect, test } from 'vitest';
import { type Tensor, tensor, tripletMarginLoss, tripletMarginWithDistanceLoss } from '../../index.ts';

const [anchor, positive, negative] = [
  [0, 0],
  [3, 4],
  [4, 4],
].map((point) => tensor([point]));

test('is the nearer less the further distance, and the margin', () => {
  const far = Math.sqrt(32);
  expect(tripletMarginLoss(anchor, positive, negative, { eps: 0 }).item()).toBeCloseTo(5 - far + 1, 5);
  expect(tripletMarginLoss(anchor, positive, negative, { eps: 0, margin: 0.5 }).item()).toBe(0);
  expect(tripletMarginLoss(anchor, positive, negative, { eps: 0, swap: true }).item()).toBeCloseTo(5 - 1 + 1, 5);
  expect(tripletMarginLoss(anchor, positive, negative, { eps: 0, p: 1 }).item()).toBe(0);
});

test('takes any distance', () => {
  const distanceFunction = (a: Tensor, b: Tensor): Tensor => a.sub(b).abs().amax(1);
  const loss = (options: { swap?: boolean; margin?: number }): unknown =>
    tripletMarginWithDistanceLoss(anchor, positive, negative, {
      distanceFunction,
      reduction: 'none',
      ...options,
    }).toArray();
  expect(loss({})).toEqual([1]);
  expect(loss({ margin: 2.5 })).toEqual([2.5]);
  expect(loss({ swap: true })).toEqual([4]);
  expect(tripletMarginWithDistanceLoss(anchor, positive, negative).item()).toBe(
    tripletMarginLoss(anchor, positive, negative).item(),
  );
});
