import fc from 'fast-check';
import { expect, test } from 'vitest';
import { adopt, view } from '../core/allocate.ts';
import { contiguousStrides, entriesOf, indexAt } from '../core/shape.ts';
import type { Tensor } from '../core/tensor.ts';
import { type InnerWindows, largestInWindows } from './largest-in-windows.ts';

/** A dim and the windows in it, of which the last need not reach its end. */
const drawnDim = fc
  .record({
    positions: fc.integer({ min: 1, max: 9 }),
    stride: fc.integer({ min: 1, max: 3 }),
    size: fc.integer({ min: 1, max: 3 }),
    dilation: fc.integer({ min: 1, max: 2 }),
    behind: fc.integer({ min: 0, max: 2 }),
  })
  .map(({ behind, ...window }) => ({
    window,
    length: (window.positions - 1) * window.stride + window.dilation * (window.size - 1) + 1 + behind,
  }));

const entry = fc.oneof(
  { arbitrary: fc.integer({ min: -3, max: 3 }), weight: 9 },
  { arbitrary: fc.constantFrom(Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, -0), weight: 1 },
);

const drawn = fc.record({
  dims: fc.array(drawnDim, { minLength: 1, maxLength: 3 }),
  entries: fc.array(entry, { minLength: 7, maxLength: 41 }),
  isTurned: fc.boolean(),
});

/** A tensor of so many planes that the vectors take it, with entries that come again and again. */
function tensorOf({ dims, entries, isTurned }: Parameters<Parameters<typeof drawn.map>[0]>[0]): Tensor {
  const windows = entriesOf(dims.map(({ window }) => window.positions));
  const shape = [Math.ceil(1024 / windows), ...dims.map(({ length }) => length)];
  const strides = contiguousStrides(isTurned ? [...shape].reverse() : shape);
  const storage = Float32Array.from({ length: entriesOf(shape) }, (_, i) => entries[i % entries.length]);
  return view(adopt(storage, [storage.length]), shape, isTurned ? [...strides].reverse() : strides, 0);
}

/** The same by its definition: one window after the other. */
function byDefinition(x: Tensor, windows: readonly InnerWindows[]): { values: number[]; indices: number[] } {
  const space = x.shape.slice(1);
  const positions = windows.map((window) => window.positions);
  const [values, indices]: [number[], number[]] = [[], []];
  for (let at = 0; at < x.shape[0] * entriesOf(positions); at++) {
    const [plane, ...position] = indexAt(at, [x.shape[0], ...positions]);
    let [best, largest] = [-1, Number.NaN];
    for (let k = 0; k < entriesOf(windows.map(({ size }) => size)); k++) {
      const inWindow = indexAt(
        k,
        windows.map(({ size }) => size),
      );
      const index = windows.map(({ stride, dilation }, d) => position[d] * stride + inWindow[d] * dilation);
      const value = x.storage[[plane, ...index].reduce((sum, i, d) => sum + i * x.strides[d], 0)];
      if (best < 0 || value > largest || (Number.isNaN(value) && !Number.isNaN(largest))) {
        [best, largest] = [index.reduce((place, i, d) => place * space[d] + i, 0), value];
      }
    }
    values.push(largest);
    indices.push(best);
  }
  return { values, indices };
}

test('the first of the largest entries of every window, and where it lies', () => {
  fc.assert(
    fc.property(drawn, (draw) => {
      const x = tensorOf(draw);
      const windows = draw.dims.map(({ window }) => window);
      const found = largestInWindows(x, windows);
      const expected = byDefinition(x, windows);
      expect([...(found?.values.toTypedArray() ?? [])]).toEqual(expected.values);
      expect([...(found?.indices.toTypedArray() ?? [])]).toEqual(expected.indices);
      expect(found?.values.shape).toEqual([x.shape[0], ...windows.map(({ positions }) => positions)]);
    }),
    { numRuns: 60 },
  );
});

test('few windows, and other dtypes, are left to others', () => {
  const window = { positions: 1000, stride: 1, size: 2, dilation: 1 };
  expect(largestInWindows(adopt(new Float32Array(1001), [1001]), [window])).toBeUndefined();
  expect(largestInWindows(adopt(new Float64Array(3003), [3, 1001]), [window])).toBeUndefined();
});

test('of an input in another order, which is copied by vectors itself', () => {
  const storage = Float32Array.from({ length: 20 * 60 * 30 }, (_, i) => (i * 7919) % 1009);
  const x = view(adopt(storage, [storage.length]), [60, 20, 30], [30, 60 * 30, 1], 0);
  const windows = [20, 30].map((size) => ({ positions: size / 2, stride: 2, size: 2, dilation: 1 }));
  const found = largestInWindows(x, windows);
  const expected = byDefinition(x, windows);
  expect([...(found?.values.toTypedArray() ?? [])]).toEqual(expected.values);
  expect([...(found?.indices.toTypedArray() ?? [])]).toEqual(expected.indices);
});
