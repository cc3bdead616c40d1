import fc from 'fast-check';
import { expect, test } from 'vitest';
import { adopt, allocate, constant, filled, view } from './allocate.ts';
import { dtypes } from './dtype.ts';
import { entriesOf } from './shape.ts';

const shapes = fc.array(fc.integer({ min: 0, max: 4 }), { maxLength: 3 });
const requests = fc.array(fc.tuple(shapes, fc.constantFrom(...dtypes)), { maxLength: 300 });

test('tensors that share storage never overlap, and begin as zeros', () => {
  fc.assert(
    fc.property(requests, (asked) => {
      const tensors = asked.map(([shape, dtype], mark) => {
        const x = allocate(shape, dtype);
        expect(x.contiguous).toBe(true);
        expect(x.toTypedArray().every((entry) => entry === 0)).toBe(true);
        x.storage.fill(1 + (mark % 250), x.offset, x.offset + x.length);
        return x;
      });
      tensors.forEach((x, mark) => {
        expect(x.toTypedArray()).toHaveLength(entriesOf(asked[mark][0]));
        expect(x.toTypedArray().every((entry) => entry === 1 + (mark % 250))).toBe(true);
      });
    }),
    { numRuns: 50 },
  );
});

test('small tensors share storage, large ones have their own', () => {
  const [a, b] = [allocate([2], 'float32'), allocate([2], 'float32')];
  const [large, other] = [allocate([100], 'float32'), allocate([100], 'float32')];
  expect(a.storage === b.storage || b.offset === 0).toBe(true);
  expect(large.storage).not.toBe(other.storage);
  expect(large.storage).toHaveLength(100);
});

test('filled writes only what is its own', () => {
  const before = filled([3], 'float64', 1);
  const middle = filled([2, 2], 'float64', 2);
  const after = filled([0], 'float64', 3);
  expect([before, middle, after].map((x) => x.toArray())).toEqual([
    [1, 1, 1],
    [
      [2, 2],
      [2, 2],
    ],
    [],
  ]);
});

test('a constant is held once', () => {
  const x = constant(2.5, [2, 3], 'float32');
  expect(x.toArray()).toEqual([
    [2.5, 2.5, 2.5],
    [2.5, 2.5, 2.5],
  ]);
  expect(x.strides).toEqual([0, 0]);
  expect(constant(7, [], 'int32').item()).toBe(7);
  expect(constant(1, [0], 'bool').toArray()).toEqual([]);
});

test('an adopted array is not copied; a view is another look at it', () => {
  const storage = Float64Array.of(1, 2, 3, 4, 5, 6);
  const x = adopt(storage, [2, 3]);
  expect(x.storage).toBe(storage);
  expect(x.dtype).toBe('float64');
  const backwards = view(x, [3, 2], [-1, -3], 5);
  expect(backwards.storage).toBe(storage);
  expect(backwards.toArray()).toEqual([
    [6, 3],
    [5, 2],
    [4, 1],
  ]);
});
