import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { adopt, view } from '../core/allocate.ts';
import { type DType, newStorage } from '../core/dtype.ts';
import { contiguousStrides, entriesOf, type Shape } from '../core/shape.ts';
import type { Tensor } from '../core/tensor.ts';
import { drawBy } from '../verify/draw-samples.ts';
import { keptShape, reduceKernel } from './reduce.ts';
import { withoutCompiler } from './without-compiler.ts';

const engines = [
  ['compiled', <T>(run: () => T): T => run()],
  ['without a compiler', withoutCompiler],
] as const;

/** The results of a reduction in reading order, entry after entry. */
function naive(
  x: Tensor,
  dims: readonly number[],
  combine: (a: number, b: number) => number,
  initial: number,
): number[] {
  const shape = keptShape(x.shape, dims);
  const strides = contiguousStrides(shape);
  const results = new Array<number>(entriesOf(shape)).fill(initial);
  const entries = x.toTypedArray();
  let i = 0;
  const visit = (dim: number, at: number): void => {
    if (dim === x.rank) results[at] = combine(results[at], entries[i++]);
    else for (let k = 0; k < x.shape[dim]; k++) visit(dim + 1, at + (dims.includes(dim) ? 0 : k * strides[dim]));
  };
  visit(0, 0);
  return results;
}

/** Small whole numbers: their sums are exact in every dtype and order. */
function counted(shape: Shape, dtype: DType): Tensor {
  const storage = newStorage(dtype, entriesOf(shape));
  for (let i = 0; i < storage.length; i++) storage[i] = ((i * 7) % 11) - 5;
  return adopt(storage, shape, dtype);
}

describe.each(engines)('reductions, %s,', (_, under) => {
  const sum = reduceKernel((m, a, b) => m.add(a, b), 0);
  const largest = reduceKernel((m, a, b) => m.maximum(a, b), -Infinity);

  test('join all entries over the dims, whatever the layout and dtype', () => {
    fc.assert(
      fc.property(fc.constantFrom<DType[]>('float64', 'float32', 'int32'), fc.gen(), (dtype, choose) => {
        const draw = drawBy(choose, { dtype, entries: 'halves' });
        const x = draw.tensor(draw.shape());
        const dims = x.shape.flatMap((_, d) => (draw.integer(0, 1) ? [d] : []));
        const y = under(() => sum(x, dims, 'float64'));
        expect(y.shape).toEqual(keptShape(x.shape, dims));
        expect([...y.toTypedArray()]).toEqual(naive(x, dims, (a, b) => a + b, 0));
        const extreme = under(() => largest(x, dims, 'float64'));
        expect([...extreme.toTypedArray()]).toEqual(naive(x, dims, Math.max, -Infinity));
      }),
      { numRuns: 300 },
    );
  });

  // Longer than the blocks in which entries are added up, and not by a whole number of them.
  test.each([
    [[1300], [0]],
    [[3, 1300], [1]],
    [[1300, 3], [0]],
    [[1300, 1], [0]],
    [[2, 700, 5], [1]],
    [
      [700, 2, 3],
      [0, 2],
    ],
    [
      [40, 3, 30, 2],
      [0, 2],
    ],
    [
      [6, 5, 4, 3, 7],
      [0, 2, 4],
    ],
  ])('add up %j over %j, also permuted and backwards', (shape, dims) => {
    for (const dtype of ['float64', 'float32', 'int32', 'bool'] as const) {
      const x = counted(shape, dtype);
      const turned = shape.map((_, d) => (d + 1) % shape.length);
      const permuted = view(
        x,
        turned.map((d) => x.shape[d]),
        turned.map((d) => x.strides[d]),
        0,
      );
      const backwards = view(
        x,
        x.shape,
        x.strides.map((step) => -step),
        x.length - 1,
      );
      for (const y of [x, permuted, backwards]) {
        const result = under(() => sum(y, dims, 'float64'));
        expect([...result.toTypedArray()]).toEqual(naive(y, dims, (a, b) => a + b, 0));
      }
    }
  });

  test('of nothing are the neutral value', () => {
    const nothing = counted([2, 0, 3], 'float32');
    expect(under(() => sum(nothing, [1], 'float32')).toArray()).toEqual([[[0, 0, 0]], [[0, 0, 0]]]);
    expect(new Set(under(() => largest(nothing, [1], 'float32')).toTypedArray())).toEqual(new Set([-Infinity]));
    expect(under(() => largest(nothing, [0, 1, 2], 'float32')).item()).toBe(-Infinity);
    expect(under(() => sum(nothing, [0], 'float32')).shape).toEqual([1, 0, 3]);
  });
});

describe('sums', () => {
  const sum = reduceKernel((m, a, b) => m.add(a, b), 0);
  const million = 1e6;

  test('of ten million float32 ones is exactly ten million', () => {
    const ones = adopt(new Float32Array(10 * million).fill(1), [10 * million]);
    expect(sum(ones, [0], 'float32').item()).toBe(10 * million);
    const table = view(ones, [million, 10], [10, 1], 0);
    expect(sum(table, [0], 'float32').toArray()).toEqual([new Array(10).fill(million)]);
    expect(sum(table, [0, 1], 'float32').item()).toBe(10 * million);
  });

  test('of a million tenths is off by no more than the rounding of the result', () => {
    const tenth = Math.fround(0.1);
    const tenths = adopt(new Float32Array(million).fill(tenth), [million]);
    expect(sum(tenths, [0], 'float32').item()).toBe(Math.fround(tenth * million));
    expect(sum(tenths, [0], 'float64').item()).toBeCloseTo(tenth * million, 8);
  });

  test('are added up in blocks: errors do not grow with the length', () => {
    const tenths = adopt(new Float64Array(10 * million).fill(0.1), [10 * million]);
    // One after the other they give 999999.99984.
    expect(Math.abs(sum(tenths, [0], 'float64').item() - million)).toBeLessThan(1e-6);
    const table = view(tenths, [5 * million, 2], [2, 1], 0);
    for (const column of sum(table, [0], 'float64').toTypedArray()) {
      expect(Math.abs(column - million / 2)).toBeLessThan(1e-6);
    }
  });

  test('of large and small float32 numbers keep the small ones', () => {
    const x = adopt(Float32Array.of(1e8, 1, -1e8, 1), [4]);
    expect(sum(x, [0], 'float32').item()).toBe(2);
  });

  test('of whole numbers and truth values count', () => {
    expect(sum(counted([1300], 'int32'), [0], 'int32').item()).toBe(
      naive(counted([1300], 'int32'), [0], (a, b) => a + b, 0)[0],
    );
    const truths = adopt(
      Uint8Array.from({ length: 1000 }, (_, i) => i % 2),
      [1000],
    );
    expect(sum(truths, [0], 'int32').item()).toBe(500);
    expect(sum(adopt(Int32Array.of(2 ** 31 - 1, -1), [2]), [0], 'int32').item()).toBe(2 ** 31 - 2);
  });
});
