import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { adopt, view } from '../../core/allocate.ts';
import { entriesOf, type Shape } from '../../core/shape.ts';
import type { Tensor } from '../../core/tensor.ts';
import { permuteDims } from './permute.ts';
import { reshape } from './reshape.ts';
import { slice } from './slice.ts';
import { broadcastTo } from './sum.ts';

function counted(shape: Shape): Tensor {
  return adopt(
    Float64Array.from({ length: entriesOf(shape) }, (_, i) => i),
    shape,
  );
}

/** A tensor of strides of any kind: permuted, cut, turned round, repeated. */
const strided = fc
  .array(fc.constantFrom(1, 2, 3, 4), { minLength: 1, maxLength: 4 })
  .chain((shape) =>
    fc.record({
      order: fc.shuffledSubarray(
        shape.map((_, d) => d),
        { minLength: shape.length },
      ),
      parts: fc.tuple(
        ...shape.map((size) => fc.record({ size: fc.integer({ min: 1, max: size }), turned: fc.boolean() })),
      ),
      repeated: fc.integer({ min: 1, max: 2 }),
      shape: fc.constant(shape),
    }),
  )
  .map(({ shape, order, parts, repeated }) => {
    const cut = slice(
      counted(shape),
      parts.map(({ size, turned }) => ({ start: turned ? size - 1 : 0, step: turned ? -1 : 1, size })),
    );
    const permuted = permuteDims(cut, order);
    return repeated === 1 ? permuted : broadcastTo(permuted, [repeated, ...permuted.shape]);
  });

function primeFactors(n: number): number[] {
  if (n === 1) return [];
  const factor = [2, 3, 5, 7].find((f) => n % f === 0) ?? n;
  return [factor, ...primeFactors(n / factor)];
}

/** Another shape with as many entries: their prime factors and some ones in any order, some of them joined. */
function shapesFor(x: Tensor): fc.Arbitrary<number[]> {
  const sizes = [...primeFactors(x.length), 1, 1];
  return fc
    .tuple(
      fc.shuffledSubarray(sizes, { minLength: sizes.length }),
      fc.array(fc.boolean(), { minLength: sizes.length, maxLength: sizes.length }),
    )
    .map(([order, joins]) => {
      const shape: number[] = [];
      for (const [i, size] of order.entries())
        shape.push(joins[i] && shape.length > 0 ? (shape.pop() as number) * size : size);
      return shape;
    });
}

describe('reshape', () => {
  it('keeps the entries in reading order, whatever the strides', () => {
    fc.assert(
      fc.property(
        strided.chain((x) => fc.tuple(fc.constant(x), shapesFor(x))),
        ([x, shape]) => {
          const y = reshape(x, shape);
          expect(y.shape).toEqual(shape);
          expect(y.toTypedArray()).toEqual(x.toTypedArray());
        },
      ),
      { numRuns: 500 },
    );
  });

  it('is a view where strides can say it, and a copy where they cannot', () => {
    const x = permuteDims(counted([2, 3, 4]), [2, 0, 1]);
    expect(reshape(x, [4, 1, 6]).storage).toBe(x.storage);
    expect(reshape(x, [2, 2, 3, 2]).storage).toBe(x.storage);
    expect(reshape(x, [8, 3]).storage).not.toBe(x.storage);
    const cut = slice(counted([4, 6]), [
      { start: 1, step: 2, size: 2 },
      { start: 0, step: 1, size: 6 },
    ]);
    expect(reshape(cut, [2, 2, 3]).storage).toBe(cut.storage);
    expect(reshape(cut, [12]).storage).not.toBe(cut.storage);
  });

  it('takes tensors without entries, and without dims', () => {
    const empty = view(counted([6]), [3, 0, 2], [1, 1, 3], 0);
    expect(reshape(empty, [0, 7]).shape).toEqual([0, 7]);
    const number = view(counted([6]), [], [], 4);
    expect(reshape(number, [1, 1]).toArray()).toEqual([[4]]);
  });
});
