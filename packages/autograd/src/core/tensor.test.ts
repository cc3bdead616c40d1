import { inspect } from 'node:util';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { drawBy } from '../verify/draw-samples.ts';
import { adopt, constant, view } from './allocate.ts';
import { dtypes } from './dtype.ts';
import { GradtapeError } from './errors.ts';
import { contiguousStrides } from './shape.ts';
import type { Nested, Tensor } from './tensor.ts';

const anyTensor = (check: (x: Tensor) => void): void =>
  fc.assert(
    fc.property(fc.constantFrom(...dtypes), fc.gen(), (dtype, choose) => {
      const draw = drawBy(choose, { dtype });
      check(dtype === 'bool' ? draw.truths(draw.shape()) : draw.tensor(draw.shape()));
    }),
    { numRuns: 300 },
  );

/** What nested loops over the indices read. */
function readByIndex(x: Tensor, index: readonly number[] = []): Nested {
  if (index.length < x.rank) {
    return Array.from({ length: x.shape[index.length] }, (_, i) => readByIndex(x, index.concat(i)));
  }
  const entry = x.storage[index.reduce((at, i, d) => at + i * x.strides[d], x.offset)];
  return x.dtype === 'bool' ? entry === 1 : entry;
}

function flat(nested: Nested): (number | boolean)[] {
  return typeof nested === 'object' ? nested.flatMap(flat) : [nested];
}

describe('reading', () => {
  test('toArray nests the entries as the shape says, whatever the strides', () => {
    anyTensor((x) => {
      expect(x.toArray()).toEqual(readByIndex(x));
    });
  });

  test('toTypedArray has the same entries in a row, in an array of its own', () => {
    anyTensor((x) => {
      const entries = x.toTypedArray();
      expect(entries.constructor).toBe(x.storage.constructor);
      expect([...entries]).toEqual(flat(readByIndex(x)).map(Number));
      const before = [...x.storage];
      entries.fill(1);
      expect([...x.storage]).toEqual(before);
    });
  });

  test('contiguous means: in reading order, without gaps', () => {
    anyTensor((x) => {
      const expected = contiguousStrides(x.shape);
      const inOrder = x.shape.every((size, d) => size === 1 || x.strides[d] === expected[d]);
      if (x.length > 0) expect(x.contiguous).toBe(inOrder);
    });
  });

  test('item is the one entry', () => {
    expect(view(adopt(Float32Array.of(1, 2, 3), [3]), [1, 1], [9, 9], 2).item()).toBe(3);
    expect(() => adopt(Float32Array.of(1, 2), [2]).item()).toThrow(/not exactly one entry(.|\n)*shape \[2\](.|\n)*sum/);
    expect(() => adopt(new Float32Array(0), [0]).item()).toThrow(GradtapeError);
  });
});

describe('printing', () => {
  const x = adopt(Float32Array.of(1, 2.5, -3, 4), [2, 2]);

  test('shows entries, shape and, if it is not float32, the dtype', () => {
    expect(String(x)).toBe('tensor([[ 1.0000,  2.5000],\n        [-3.0000,  4.0000]], shape=[2, 2])');
    expect(String(adopt(Int32Array.of(7), []))).toBe('tensor(7, shape=[], dtype=int32)');
    expect(String(adopt(Uint8Array.of(1, 0), [2]))).toBe('tensor([ true, false], shape=[2], dtype=bool)');
    expect(String(constant(1, [0, 2], 'float64'))).toBe('tensor([], shape=[0, 2], dtype=float64)');
  });

  test('is the same in console.log, in templates, and through strides', () => {
    expect(inspect(x)).toBe(x.toString());
    expect(`${x}`).toBe(x.toString());
    const transposed = view(x, [2, 2], [1, 2], 0);
    expect(String(transposed)).toBe('tensor([[ 1.0000, -3.0000],\n        [ 2.5000,  4.0000]], shape=[2, 2])');
  });
});

test("JavaScript's operators throw, and say what to write", () => {
  const x: unknown = adopt(Float32Array.of(1, 2), [2]);
  const operations: (() => unknown)[] = [
    () => (x as number) + 1,
    () => (x as number) * 2,
    () => (x as number) < 1,
    () => +(x as number),
    () => -(x as number),
    () => (x as number) ** 2,
  ];
  for (const operation of operations) {
    expect(operation).toThrow(GradtapeError);
    expect(operation).toThrow(/x\.mul\(2\)/);
  }
});
