import fc from 'fast-check';
import { expect, test } from 'vitest';
import { adopt } from '../core/allocate.ts';
import { drawBy } from '../verify/draw-samples.ts';
import { runningSum } from './scan.ts';

test('running sums differ by the entries, from either end', () => {
  fc.assert(
    fc.property(
      fc.constantFrom('float64' as const, 'int32' as const),
      fc.boolean(),
      fc.gen(),
      (dtype, reverse, choose) => {
        const draw = drawBy(choose, { dtype, entries: 'halves' });
        const x = draw.tensor(draw.shape({ minimumRank: 1 }));
        const dim = draw.integer(0, x.rank - 1);
        const entries = x.toTypedArray();
        const step = x.shape.slice(dim + 1).reduce((a, b) => a * b, 1);
        const sums = runningSum(x, dim, reverse).toTypedArray();
        sums.forEach((sum, i) => {
          const place = Math.floor(i / step) % x.shape[dim];
          const isFirst = place === (reverse ? x.shape[dim] - 1 : 0);
          const before = isFirst ? 0 : sums[reverse ? i + step : i - step];
          expect(sum - before).toBe(entries[i]);
        });
      },
    ),
    { numRuns: 300 },
  );
});

test('float32 sums are accumulated in float64', () => {
  const tenth = Math.fround(0.1);
  const sums = runningSum(adopt(new Float32Array(1e5).fill(tenth), [1e5]), 0, false).toTypedArray();
  expect(sums[1e5 - 1]).toBe(Math.fround(tenth * 1e5));
});

test('infinities and NaN stay from where they come in', () => {
  const x = adopt(Float64Array.of(1, Infinity, 2, -Infinity, 3), [5]);
  expect(runningSum(x, 0, false).toArray()).toEqual([1, Infinity, Infinity, Number.NaN, Number.NaN]);
  expect(runningSum(x, 0, true).toArray()).toEqual([Number.NaN, Number.NaN, -Infinity, -Infinity, 3]);
});
