import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Shape } from '../core/shape.ts';
import { tensor } from './creation.ts';
import { byEntry, drawIndices, drawShape, drawTensor, entryAt, placesOf } from './draw-tensor.ts';
import { expectLinear, expectSame } from './expect-linear.ts';
import { gather, indexAdd, indexSelect, scatter, scatterAdd, takeAlongDim } from './gather.ts';

const whole = (data: number | readonly number[] | readonly (readonly number[])[]) => tensor(data, { dtype: 'int32' });
const floats = (data: number | readonly number[] | readonly (readonly number[])[]) =>
  tensor(data, { dtype: 'float64' });

/** A tensor, a dim, and an index for each entry of a shape that is at most as large in the other dims. */
const indexed = drawShape(1, 3, { min: 1 }).chain((shape) =>
  fc
    .record({
      dim: fc.integer({ min: 0, max: shape.length - 1 }),
      sizes: fc.tuple(...shape.map((size) => fc.integer({ min: 0, max: size }))),
      count: fc.integer({ min: 0, max: 5 }),
    })
    .chain(({ dim, sizes, count }) => {
      const indexShape = sizes.map((size, d) => (d === dim ? count : size));
      return fc.record({
        dim: fc.constant(dim),
        x: drawTensor(shape),
        index: drawIndices(indexShape, 0, shape[dim] - 1),
        src: drawTensor(indexShape.map((size, d) => size + (d % 2))),
      });
    }),
);

const withIndex = (place: readonly number[], dim: number, index: number): number[] =>
  place.map((i, d) => (d === dim ? index : i));

describe('gather', () => {
  it('takes the entry that each index names', () => {
    fc.assert(
      fc.property(indexed, ({ x, dim, index }) => {
        const expected = byEntry(index.shape, (place) => entryAt(x, withIndex(place, dim, entryAt(index, place))));
        expectSame(gather(x, dim, index), expected);
        expectSame(gather(x, dim - x.rank, index), expected);
        expectLinear((y) => gather(y, dim, index), x);
      }),
    );
  });

  it('takes tensors without dims', () => {
    expect(gather(floats(5), 0, whole(0)).item()).toBe(5);
  });

  it('says what is wrong with an index', () => {
    const x = floats([
      [1, 2, 3],
      [4, 5, 6],
    ]);
    expect(() => gather(x, 1, whole([[0], [3]]))).toThrowErrorMatchingInlineSnapshot(`
      [GradtapeError: gather: an index is out of range
        got:   index 3 of dim 1, which has size 3
        needs: 0 to 2
        fix:   check which dim the indices count, and that they count from 0]
    `);
    expect(() => gather(x, 1, whole([[0], [-1]]))).toThrowErrorMatchingInlineSnapshot(`
      [GradtapeError: gather: an index is out of range
        got:   index -1 of dim 1, which has size 3
        needs: 0 to 2
        fix:   add the size to negative indices: -1 counted from the end is 2]
    `);
    expect(() => gather(x, 1, whole([0, 1]))).toThrowErrorMatchingInlineSnapshot(`
      [GradtapeError: gather: the index has not as many dims as the tensor
        got:   index [2] for a tensor of shape [2, 3]
        needs: 2 dims: one index for each entry of the result
        fix:   unsqueeze and expand the index, or use indexSelect to take whole rows]
    `);
    expect(() => gather(x, 1, whole([[0], [1], [2]]))).toThrowErrorMatchingInlineSnapshot(`
      [GradtapeError: gather: the index is larger than the tensor
        got:   index [3, 1] for a tensor of shape [2, 3], along dim 1
        needs: at most the tensor's sizes in the dims other than 1
        fix:   check which dim is indexed]
    `);
    expect(() => gather(x, 1, floats([[0], [1]]))).toThrowErrorMatchingInlineSnapshot(`
      [GradtapeError: gather: the indices are not whole numbers
        got:   dtype float64
        needs: dtype int32
        fix:   tensor([0, 2], { dtype: 'int32' }), or convert: indices.to('int32')]
    `);
  });
});

describe('scatterAdd', () => {
  it('adds each entry where its index points', () => {
    fc.assert(
      fc.property(indexed, ({ x, dim, index, src }) => {
        const expected = byEntry(x.shape, (place) =>
          placesOf(index.shape)
            .filter((at) => withIndex(at, dim, entryAt(index, at)).join() === place.join())
            .reduce((sum, at) => sum + entryAt(src, at), entryAt(x, place)),
        );
        expectSame(scatterAdd(x, dim, index, src), expected);
        expectLinear(
          (y) =>
            scatterAdd(
              byEntry(x.shape, () => 0),
              dim,
              index,
              y,
            ),
          src,
        );
      }),
    );
  });

  it('says what is wrong with a source', () => {
    const x = floats([1, 2, 3]);
    expect(() => scatterAdd(x, 0, whole([0, 1]), floats([1]))).toThrowErrorMatchingInlineSnapshot(`
      [GradtapeError: scatterAdd: the source does not fit the index
        got:   source [1] float64, index [2], tensor float64
        needs: dtype float64 and at least [2]
        fix:   one entry of the source for each index; convert it if only the dtype differs]
    `);
    expect(() => scatterAdd(x, 0, whole([0, 3]), floats([1, 1]))).toThrowErrorMatchingInlineSnapshot(`
      [GradtapeError: scatterAdd: an index is out of range
        got:   index 3 of dim 0, which has size 3
        needs: 0 to 2
        fix:   check which dim the indices count, and that they count from 0]
    `);
  });
});

describe('scatter', () => {
  it('puts each entry where its index points; the last one counts, in value and derivative', () => {
    fc.assert(
      fc.property(indexed, ({ x, dim, index, src }) => {
        const lastAt = (place: readonly number[]) =>
          placesOf(index.shape)
            .filter((at) => withIndex(at, dim, entryAt(index, at)).join() === place.join())
            .at(-1);
        const expected = byEntry(x.shape, (place) => {
          const at = lastAt(place);
          return at ? entryAt(src, at) : entryAt(x, place);
        });
        expectSame(scatter(x, dim, index, src), expected);
        expectLinear((y) => scatter(y, dim, index, 0), x);
        expectLinear(
          (y) =>
            scatter(
              byEntry(x.shape, () => 0),
              dim,
              index,
              y,
            ),
          src,
        );
      }),
    );
  });

  it('takes a number, and leaves NaN and infinities where they are', () => {
    const x = floats([NaN, 1, Infinity]);
    expect(scatter(x, 0, whole([1, 0]), -Infinity).toArray()).toEqual([-Infinity, -Infinity, Infinity]);
    expect(scatter(floats(1), 0, whole(0), floats(7)).item()).toBe(7);
  });
});

describe('indexSelect and indexAdd', () => {
  const rows = drawShape(1, 3, { min: 1 }).chain((shape) =>
    fc.integer({ min: 0, max: shape.length - 1 }).chain((dim) =>
      fc.integer({ min: 0, max: 5 }).chain((count) =>
        fc.record({
          dim: fc.constant(dim),
          x: drawTensor(shape),
          list: drawIndices([count], 0, shape[dim] - 1),
          source: drawTensor(shape.map((size, d) => (d === dim ? count : size))),
        }),
      ),
    ),
  );

  it('indexSelect takes the slices of a list', () => {
    fc.assert(
      fc.property(rows, ({ x, dim, list }) => {
        const shape: Shape = x.shape.map((size, d) => (d === dim ? list.length : size));
        const expected = byEntry(shape, (place) => entryAt(x, withIndex(place, dim, entryAt(list, [place[dim]]))));
        expectSame(indexSelect(x, dim, list), expected);
        expectLinear((y) => indexSelect(y, dim, list), x);
      }),
    );
  });

  it('indexAdd adds slices to those of a list', () => {
    fc.assert(
      fc.property(rows, ({ x, dim, list, source }) => {
        const expected = byEntry(x.shape, (place) =>
          placesOf(list.shape).reduce(
            (sum, [i]) =>
              entryAt(list, [i]) === place[dim] ? sum - 2 * entryAt(source, withIndex(place, dim, i)) : sum,
            entryAt(x, place),
          ),
        );
        expectSame(indexAdd(x, dim, list, source, { alpha: -2 }), expected);
        expectLinear(
          (y) =>
            indexAdd(
              y,
              dim,
              list,
              byEntry(source.shape, () => 0),
            ),
          x,
        );
      }),
    );
  });

  it('say what is wrong', () => {
    const x = floats([
      [1, 2],
      [3, 4],
    ]);
    expect(() => indexSelect(x, 0, whole([2]))).toThrowErrorMatchingInlineSnapshot(`
      [GradtapeError: indexSelect: an index is out of range
        got:   index 2 of dim 0, which has size 2
        needs: 0 to 1
        fix:   check which dim the indices count, and that they count from 0]
    `);
    expect(() => indexSelect(x, 0, whole([-1]))).toThrowErrorMatchingInlineSnapshot(`
      [GradtapeError: indexSelect: an index is out of range
        got:   index -1 of dim 0, which has size 2
        needs: 0 to 1
        fix:   add the size to negative indices: -1 counted from the end is 1]
    `);
    expect(() => indexSelect(x, 0, whole([[0]]))).toThrowErrorMatchingInlineSnapshot(`
      [GradtapeError: indexSelect: the indices are not a list
        got:   an index of shape [1, 1]
        needs: one dim
        fix:   use gather for one index for each entry, or x.index(…) for any shape of indices]
    `);
    expect(() => indexAdd(x, 0, whole([0]), floats([[1]]))).toThrowErrorMatchingInlineSnapshot(`
      [GradtapeError: indexAdd: the source does not fit
        got:   [1, 1] float64 for x [2, 2] and 1 indices of dim 0
        needs: [1, 2] float64
        fix:   one slice of the source for each index]
    `);
  });
});

describe('takeAlongDim', () => {
  it('broadcasts the other dims', () => {
    const x = floats([
      [10, 20, 30],
      [40, 50, 60],
    ]);
    expect(takeAlongDim(x, whole([[2, 0]]), 1).toArray()).toEqual([
      [30, 10],
      [60, 40],
    ]);
    expect(takeAlongDim(floats([[1, 2, 3]]), whole([[2], [0]]), 1).toArray()).toEqual([[3], [1]]);
    expect(takeAlongDim(x, whole([[5], [0]])).toArray()).toEqual([60, 10]);
    expectLinear((y) => takeAlongDim(y, whole([[2], [0]]), 1), floats([[1, 2, 3]]));
  });
});
