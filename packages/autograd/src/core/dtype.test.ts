import { describe, expect, test } from 'vitest';
import {
  type DType,
  dtypeCode,
  dtypeOf,
  dtypes,
  isFloating,
  newStorage,
  newUnfilledStorage,
  promote,
  smallestNormal,
  unitRoundoff,
} from './dtype.ts';

describe('storage', () => {
  test.each(dtypes)('of %s knows its dtype, begins as zeros and has its code', (dtype) => {
    const storage = newStorage(dtype, 3);
    expect(dtypeOf(storage)).toBe(dtype);
    expect([...storage]).toEqual([0, 0, 0]);
    expect(dtypes[dtypeCode(dtype)]).toBe(dtype);
  });

  test.each(dtypes)('of %s, large and unfilled, has a buffer to itself', (dtype) => {
    const storage = newUnfilledStorage(dtype, 5000);
    expect([dtypeOf(storage), storage.length, storage.byteOffset]).toEqual([dtype, 5000, 0]);
    expect(storage.buffer.byteLength).toBe(5000 * storage.BYTES_PER_ELEMENT);
    expect([...newUnfilledStorage(dtype, 3)]).toEqual([0, 0, 0]);
  });

  test('the unit roundoff is half the distance from 1 to its neighbour', () => {
    expect(1 + 2 * unitRoundoff('float64')).toBeGreaterThan(1);
    expect(1 + unitRoundoff('float64')).toBe(1);
    expect(Math.fround(1 + 2 * unitRoundoff('float32'))).toBeGreaterThan(1);
    expect(Math.fround(1 + unitRoundoff('float32'))).toBe(1);
  });

  test('float32 and float64 are floating', () => {
    expect(dtypes.filter(isFloating)).toEqual(['float32', 'float64']);
  });
});

// What torch.result_type says, for tensors of these dtypes: rows a, columns b, both in the order of `order`.
const order: readonly DType[] = ['bool', 'int32', 'float32', 'float64'];
const [b, i, f, d]: readonly DType[] = order;

const bothWithDims: readonly (readonly DType[])[] = [
  [b, i, f, d],
  [i, i, f, d],
  [f, f, f, d],
  [d, d, d, d],
];
/** The columns are tensors without dims: they count only if they are of a higher kind. */
const secondWithoutDims: readonly (readonly DType[])[] = [
  [b, i, f, d],
  [i, i, f, d],
  [f, f, f, f],
  [d, d, d, d],
];

describe.each(order.map((a, row) => [a, row] as const))('%s promoted', (a, row) => {
  test.each(order.map((other, column) => [other, column] as const))('with %s', (other, column) => {
    expect(promote(a, 2, other, 1)).toBe(bothWithDims[row][column]);
    expect(promote(a, 0, other, 0)).toBe(bothWithDims[row][column]);
    expect(promote(a, 2, other, 0)).toBe(secondWithoutDims[row][column]);
    expect(promote(other, 0, a, 2)).toBe(secondWithoutDims[row][column]);
  });
});

test('the smallest normal number is the last whose half has fewer digits; whole numbers have none', () => {
  for (const [dtype, round] of [
    ['float32', Math.fround],
    ['float64', (x: number) => x],
  ] as const) {
    const smallest = smallestNormal(dtype);
    const next = round(smallest * (1 + 2 * unitRoundoff(dtype)));
    expect(next).toBeGreaterThan(smallest);
    expect(round(next / 2)).toBe(round(smallest / 2));
  }
  expect(() => smallestNormal('int32')).toThrowErrorMatchingInlineSnapshot(`
    [GradtapeError: smallestNormal
      got:   int32
      needs: a floating dtype: float32 or float64
      fix:   whole numbers and truth values are exact, and need no such bound]
  `);
});
