import { expect, test } from 'vitest';
import {
  dropout,
  dropout1d,
  dropout2d,
  dropout3d,
  Generator,
  GradtapeError,
  jvp,
  manualSeed,
  ones,
  type Tensor,
  tensor,
  zeros,
} from '../index.ts';
import { expectLinear } from './expect-linear.ts';

const seeded = (seed = 1): { generator: Generator } => ({ generator: new Generator(seed) });

test('entries are dropped with probability p, and the mean stays', () => {
  const n = 40_000;
  const y = dropout(ones([n]), 0.2, seeded());
  const dropped = y.eq(0).to('float64').mean().item();
  expect([...new Set(y.toTypedArray())].sort()).toEqual([0, 1.25]);
  expect(Math.abs(dropped - 0.2)).toBeLessThan(5 * Math.sqrt((0.2 * 0.8) / n));
});

test('what is kept is divided by 1 - p; derivatives pass where it is kept', () => {
  const x = tensor([1, -2, 3, 4, 5, 6, -7, 8], { dtype: 'float64' });
  const y = dropout(x, 0.5, seeded());
  const kept = y.ne(0).to('float64');
  expect(y.toArray()).toEqual(x.mul(kept).mul(2).toArray());
  expectLinear((v) => dropout(v, 0.5, seeded()), x);
  expect(jvp((v: Tensor) => dropout(v, 0.5, seeded()), [x], [ones([8], { dtype: 'float64' })])[1].toArray()).toEqual(
    kept.mul(2).toArray(),
  );
});

test('the same seed drops the same; without a generator manualSeed seeds it', () => {
  const draw = (): unknown => dropout(ones([100])).toArray();
  manualSeed(3);
  const first = draw();
  expect(draw()).not.toEqual(first);
  manualSeed(3);
  expect(draw()).toEqual(first);
});

test('nothing is dropped in evaluation or for p = 0, everything for p = 1', () => {
  const x = tensor([1, Number.NaN, Infinity]);
  expect(dropout(x, 0.9, { training: false })).toBe(x);
  expect(dropout(x, 0)).toBe(x);
  expect(dropout(ones([3]), 1).toArray()).toEqual([0, 0, 0]);
  expect(dropout(zeros([0, 3])).shape).toEqual([0, 3]);
});

test('dropout1d, dropout2d and dropout3d drop whole channels', () => {
  for (const y of [
    dropout1d(ones([40, 50, 3]), 0.5, seeded()).flatten(0, 1),
    dropout1d(ones([2000, 3]), 0.5, seeded()),
    dropout2d(ones([40, 50, 2, 3]), 0.5, seeded())
      .flatten(2)
      .flatten(0, 1),
    dropout2d(ones([2000, 2, 3]), 0.5, seeded()).flatten(1),
    dropout3d(ones([40, 50, 1, 2, 3]), 0.5, seeded())
      .flatten(2)
      .flatten(0, 1),
  ]) {
    const [first, ...others] = y.unbind(1);
    for (const other of others) expect(other.toTypedArray()).toEqual(first.toTypedArray());
    expect([...new Set(first.toTypedArray())].sort()).toEqual([0, 2]);
    expect(Math.abs(first.mean().item() - 1)).toBeLessThan(5 / Math.sqrt(2000));
  }
});

test('errors', () => {
  for (const p of [-0.1, 1.1, 50, Number.NaN]) expect(() => dropout(ones([2]), p)).toThrow(GradtapeError);
  expect(() => dropout(ones([2]), 50, { training: false })).toThrow(/p 50/);
  expect(() => dropout(tensor([1], { dtype: 'int32' }))).toThrow(GradtapeError);
  expect(() => dropout2d(ones([2, 3]))).toThrow(GradtapeError);
  expect(() => dropout1d(ones([1, 2, 3, 4]))).toThrow(GradtapeError);
});
