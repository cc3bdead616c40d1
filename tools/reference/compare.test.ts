import { tensor } from '@gradtape/autograd';
import { describe, expect, test } from 'vitest';
import { compare } from './compare.ts';
import type { TensorRecord } from './format.ts';

const tolerance = { rtol: 0.1, atol: 0.5 };
const wanted = (data: readonly number[], dtype: TensorRecord['dtype'] = 'float64'): TensorRecord => ({
  shape: [data.length],
  dtype,
  data,
});
const got = (...data: number[]) => tensor(data, { dtype: 'float64' });

describe('compare', () => {
  test('allows atol + rtol |want| and measures in that unit', () => {
    expect(compare(got(10, 21.25), wanted([10, 20]), tolerance)).toEqual({ worst: 0.5, complaint: undefined });
    expect(compare(got(10, 22.6), wanted([10, 20]), tolerance).complaint).toBe('got 22.6 at entry 1 of [2], want 20');
  });

  test.each([
    [Number.NaN, 1],
    [1, Number.NaN],
    [Infinity, 1],
    [1, Infinity],
    [Infinity, -Infinity],
    [Number.NaN, Infinity],
  ])('tells %d from %d', (a, b) => {
    expect(compare(got(a), wanted([b]), tolerance).complaint).toBeDefined();
  });

  test('takes NaN for NaN, an infinity for itself and -0 for 0', () => {
    const numbers = [Number.NaN, Infinity, -Infinity, -0];
    expect(compare(got(...numbers), wanted([Number.NaN, Infinity, -Infinity, 0]), tolerance).worst).toBe(0);
  });

  test('compares whole numbers and truths exactly', () => {
    expect(compare(tensor([3], { dtype: 'int32' }), wanted([3], 'int64'), tolerance).complaint).toBeUndefined();
    expect(compare(tensor([2], { dtype: 'int32' }), wanted([3], 'int64'), tolerance).complaint).toBeDefined();
    expect(compare(tensor([true]), wanted([0], 'bool'), tolerance).complaint).toBeDefined();
  });

  test('wants the same dtype and shape, and something at all', () => {
    expect(compare(tensor([1]), wanted([1]), tolerance).complaint).toBe('got dtype float32, want float64');
    expect(compare(got(1).reshape([1, 1]), wanted([1]), tolerance).complaint).toBe('got shape [1,1], want [1]');
    expect(compare(undefined, wanted([1]), tolerance).complaint).toBe('got nothing, want a tensor');
  });
});
