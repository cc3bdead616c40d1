import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Shape } from '../core/shape.ts';
import { Tensor } from '../core/tensor.ts';
import { vjp } from '../transforms/vjp.ts';
import { add } from './arithmetic.ts';
import { ones, tensor } from './creation.ts';
import { byEntry, drawIndices, drawShape, drawTensor, drawTruths, entryAt, placesOf } from './draw-tensor.ts';
import { expectLinear, expectSame } from './expect-linear.ts';
import { type Index, index, indexPut, type Slice, slice } from './indexing.ts';

const whole = (data: number | readonly number[] | readonly (readonly number[])[]) => tensor(data, { dtype: 'int32' });

/** Python's `list(range(size))[start:stop:step]`. */
function indicesOfSlice({ start, stop, step }: Slice, size: number): number[] {
  const all = Array.from({ length: size }, (_, i) => i);
  return all.slice(start ?? 0, stop ?? size).filter((_, k) => k % (step ?? 1) === 0);
}

const drawSlice = fc.record({
  start: fc.option(fc.integer({ min: -6, max: 6 })),
  stop: fc.option(fc.integer({ min: -6, max: 6 })),
  step: fc.option(fc.integer({ min: 1, max: 3 })),
});

describe('index', () => {
  const x = tensor(
    [
      [
        [0, 1, 2, 3],
        [4, 5, 6, 7],
        [8, 9, 10, 11],
      ],
      [
        [12, 13, 14, 15],
        [16, 17, 18, 19],
        [20, 21, 22, 23],
      ],
    ],
    { dtype: 'float64' },
  );

  it('takes numbers, slices and new dims as Python does, as a view', () => {
    const drawn = drawShape(0, 4, { min: 1 }).chain((shape) =>
      fc.record({
        x: drawTensor(shape),
        parts: fc.tuple(...shape.map((size) => fc.oneof(fc.integer({ min: -size, max: size - 1 }), drawSlice))),
        newDims: fc.array(fc.integer({ min: 0, max: shape.length }), { maxLength: 2 }),
        rest: fc.integer({ min: 0, max: shape.length }),
      }),
    );
    fc.assert(
      fc.property(drawn, ({ x, parts, newDims, rest }) => {
        const named: Index[] = parts.slice(0, rest);
        const chosen = x.shape.map((size, d) => {
          const part = d < rest ? parts[d] : {};
          return typeof part === 'number' ? [(part + size) % size] : indicesOfSlice(part, size);
        });
        const kept = chosen.flatMap((list, d) => (typeof named[d] === 'number' ? [] : [list]));
        const isKept = x.shape.map((_, d) => typeof named[d] !== 'number');
        const expected = byEntry(
          kept.map((list) => list.length),
          (place) => {
            let next = 0;
            return entryAt(
              x,
              chosen.map((list, d) => (isKept[d] ? kept[next][place[next++]] : list[0])),
            );
          },
        );
        const got = index(x, ...named);
        expectSame(got, expected);
        expect(got.length === 0 || got.storage === x.storage).toBe(true);
        expectSame(index(x, ...named, '...'), expected);
        expectLinear((y) => index(y, ...named), x);
        const withNew = [...named];
        for (const place of newDims) withNew.splice(place, 0, null);
        expect(index(x, ...withNew).length).toBe(expected.length);
      }),
    );
  });

  it('puts new dims and the ellipsis where they stand', () => {
    expect(index(x, null).shape).toEqual([1, 2, 3, 4]);
    expect(index(x, '...', null).shape).toEqual([2, 3, 4, 1]);
    expect(index(x, 1, null, '...', 0).shape).toEqual([1, 3]);
    expect(index(x, '...', slice(1, 3)).shape).toEqual([2, 3, 2]);
    expect(index(x).shape).toEqual([2, 3, 4]);
  });

  it('places tensors of indices as PyTorch does', () => {
    // The shapes are what PyTorch gives for the same brackets.
    const rows = whole([0, 1, 1]);
    const columns = whole([[3], [0]]);
    expect(index(x, rows).shape).toEqual([3, 3, 4]);
    expect(index(x, slice(), slice(), columns).shape).toEqual([2, 3, 2, 1]);
    expect(index(x, rows, rows).shape).toEqual([3, 4]);
    expect(index(x, slice(), rows, columns).shape).toEqual([2, 2, 3]);
    expect(index(x, rows, slice(), columns).shape).toEqual([2, 3, 3]);
    expect(index(x, rows, null, rows).shape).toEqual([3, 1, 4]);
    expect(index(x, 0, slice(), rows).shape).toEqual([3, 3]);
    expect(index(x, whole(0), slice(), rows).shape).toEqual([3, 3]);
    expect(index(x, whole(-1)).shape).toEqual([3, 4]);
    expect(index(x, [1, 0], [-1, 0], [0, -1]).toArray()).toEqual([20, 3]);
    expect(index(x, rows, null, rows).toArray()).toEqual([[[0, 1, 2, 3]], [[16, 17, 18, 19]], [[16, 17, 18, 19]]]);
  });

  it('picks entry by entry with tensors of indices, side by side or apart', () => {
    const drawn = drawShape(2, 3, { min: 1, max: 3 }).chain((shape) =>
      fc.record({
        x: drawTensor(shape),
        at: fc.shuffledSubarray(
          shape.map((_, d) => d),
          { minLength: 1 },
        ),
        picks: drawShape(0, 2, { max: 3 }).chain((common) =>
          fc.tuple(...shape.map((size) => drawIndices(common, -size, size - 1))),
        ),
      }),
    );
    fc.assert(
      fc.property(drawn, ({ x, at, picks }) => {
        const dims = [...at].sort();
        const indices: Index[] = x.shape.map((_, d) => (dims.includes(d) ? picks[d] : slice()));
        const common = picks[0].shape;
        const apart = dims.some((dim, k) => dim !== dims[0] + k) && common.length > 0;
        const front = apart ? 0 : dims[0];
        const others = x.shape.map((_, d) => d).filter((d) => !dims.includes(d));
        const before = others.filter((d) => d < dims[0]).slice(0, front).length;
        const shape: Shape = [
          ...others.slice(0, before).map((d) => x.shape[d]),
          ...common,
          ...others.slice(before).map((d) => x.shape[d]),
        ];
        const expected = byEntry(shape, (place) => {
          const chosen = place.slice(before, before + common.length);
          const rest = [...place.slice(0, before), ...place.slice(before + common.length)];
          return entryAt(
            x,
            x.shape.map((size, d) =>
              dims.includes(d) ? (entryAt(picks[d], chosen) + size) % size : rest[others.indexOf(d)],
            ),
          );
        });
        expectSame(index(x, ...indices), expected);
        expectLinear((y) => index(y, ...indices), x);
      }),
    );
  });

  it('takes tensors of truth values for as many dims as they have', () => {
    const drawn = drawShape(1, 3, { max: 3 }).chain((shape) =>
      fc
        .integer({ min: 1, max: shape.length })
        .chain((rank) => fc.record({ x: drawTensor(shape), mask: drawTruths(shape.slice(0, rank)) })),
    );
    fc.assert(
      fc.property(drawn, ({ x, mask }) => {
        const places = placesOf(mask.shape).filter((place) => entryAt(mask, place));
        const expected = byEntry([places.length, ...x.shape.slice(mask.rank)], ([i, ...rest]) =>
          entryAt(x, [...places[i], ...rest]),
        );
        expectSame(index(x, mask), expected);
        expectLinear((y) => index(y, mask), x);
      }),
    );
    const mask = tensor([true, false, true]);
    expect(index(x, 0, mask, [1, 2]).toArray()).toEqual([1, 10]);
    expect(index(x, slice(), mask).shape).toEqual([2, 2, 4]);
  });

  it('takes tensors of whole numbers as x', () => {
    expect(index(whole([5, 6, 7]), [2, 0])).toBeInstanceOf(Tensor);
    expect(index(whole([5, 6, 7]), [2, 0]).toArray()).toEqual([7, 5]);
  });

  it('says what is wrong', () => {
    expect(() => index(x, 2)).toThrowErrorMatchingInlineSnapshot(`
      [GradtapeError: index: index out of range
        got:   index 2 of dim 0, which has size 2
        needs: -2 to 1
        fix:   check which dim the index counts]
    `);
    expect(() => index(x, slice(), [0, 3])).toThrowErrorMatchingInlineSnapshot(`
      [GradtapeError: index: index out of range
        got:   index 3 of dim 1, which has size 3
        needs: -3 to 2
        fix:   check which dim the index counts]
    `);
    expect(() => index(x, slice(), slice(), whole([4]))).toThrowErrorMatchingInlineSnapshot(`
      [GradtapeError: index: an index is out of range
        got:   index 4 of dim 2, which has size 4
        needs: -4 to 3
        fix:   check which dim the indices count, and that they count from 0]
    `);
    expect(() => index(x, slice(), whole([0]), whole([-5]))).toThrowErrorMatchingInlineSnapshot(`
      [GradtapeError: index: an index is out of range
        got:   index -5 of dim 2, which has size 4
        needs: -4 to 3
        fix:   check which dim the indices count, and that they count from 0]
    `);
    expect(() => index(x, 0, 0, 0, 0)).toThrowErrorMatchingInlineSnapshot(`
      [GradtapeError: index: more indices than dims
        got:   indices for 4 dims of a tensor of shape [2, 3, 4]
        needs: at most 3
        fix:   remove indices, or add dims with null]
    `);
    expect(() => index(x, '...', 0, '...')).toThrowErrorMatchingInlineSnapshot(`
      [GradtapeError: index: more than one '...'
        got:   '...' at places 0 and 2
        needs: at most one: how many dims each stands for would be open
        fix:   write slice() for each dim of one of them]
    `);
    expect(() => index(x, slice(0, 2, -1))).toThrowErrorMatchingInlineSnapshot(`
      [GradtapeError: index: not a slice
        got:   start 0, stop 2, step -1 for dim 0
        needs: whole numbers, and a step of at least 1
        fix:   use flip(x, dim) to turn a dim round]
    `);
    expect(() => index(x, tensor([true, false, true]))).toThrowErrorMatchingInlineSnapshot(`
      [GradtapeError: index: the mask has another shape than the dims that it stands for
        got:   a mask of shape [3] at dim 0, for sizes [2]
        needs: [2]
        fix:   put slice() before the mask to move it to a later dim; maskedSelect broadcasts]
    `);
    expect(() => index(x, tensor([0.5]))).toThrowErrorMatchingInlineSnapshot(`
      [GradtapeError: index: the indices are not whole numbers
        got:   dtype float32
        needs: dtype int32
        fix:   tensor([0, 2], { dtype: 'int32' }), or convert: indices.to('int32')]
    `);
    expect(() => index(x, [0, 1], whole([0, 1, 1]))).toThrowErrorMatchingInlineSnapshot(`
      [GradtapeError: index: the shapes do not broadcast
        got:   [2] with [3]: 2 against 3 in dim -1
        needs: sizes that, counted from the last dim, are equal or one of them 1
        fix:   reshape, transpose or unsqueeze one operand so that the dims that belong together line up]
    `);
  });
});

describe('indexPut', () => {
  const float = (data: number | readonly number[] | readonly (readonly number[])[]) =>
    tensor(data, { dtype: 'float64' });

  /** Every form of index, also mixed, for shape [2, 3, 4]. */
  const drawIndex = fc.constantFrom<readonly Index[]>(
    [],
    [1],
    [-1, 2],
    [slice(0, 1), slice(null, null, 2)],
    [null, 1, '...', slice(1, -1)],
    ['...', 3],
    [[0, 1, 1]],
    [slice(), [2, 0]],
    [whole([[0], [1]]), whole([-1, 0, 1])],
    [whole([1, 1]), slice(), whole([3, 3])],
    [slice(1), '...', whole(2)],
    [tensor([true, false])],
    [slice(), tensor([true, false, true]), 1],
    [
      tensor([
        [true, false, true],
        [false, false, true],
      ]),
      [0, 1, 0],
    ],
    [slice(), slice(), slice(4)],
  );

  it('adds to what index reads: the transpose of reading', () => {
    fc.assert(
      fc.property(drawTensor([2, 3, 4]), drawIndex, fc.integer({ min: -3, max: 3 }), (x, indices, seed) => {
        const [read, pull] = vjp((y) => index(y, ...indices), x);
        const values = byEntry(read.shape, (place) => place.reduce((sum, i) => 3 * sum + i, seed));
        expectSame(indexPut(x, indices, values, { accumulate: true }), add(x, pull(values)[0]));
      }),
    );
  });

  it('replaces what index reads, and nothing else', () => {
    fc.assert(
      fc.property(drawTensor([2, 3, 4]), drawIndex, (x, indices) => {
        const [read, pull] = vjp((y) => index(y, ...indices), x);
        const [hits] = pull(ones(read.shape, { dtype: 'float64' }));
        const values = byEntry(read.shape, (place) => 100 + place.reduce((sum, i) => 4 * sum + i, 0));
        const put = indexPut(x, indices, values);
        const [kept, written] = [0, 1].map((count) => placesOf(x.shape).filter((at) => entryAt(hits, at) === count));
        for (const place of kept) expect(entryAt(put, place)).toBe(entryAt(x, place));
        for (const place of written) expect(entryAt(put, place)).toBeGreaterThanOrEqual(100);
        if (written.length === read.length) expectSame(index(put, ...indices), values);
        expectLinear((y) => indexPut(x.length > 0 ? byEntry(x.shape, () => 0) : x, indices, y), values);
      }),
    );
  });

  it('repeats values that broadcast, and takes the last of several', () => {
    const x = float([
      [1, 2, 3],
      [4, 5, 6],
    ]);
    expect(indexPut(x, [slice(), [0, 2]], float([7, 8])).toArray()).toEqual([
      [7, 2, 8],
      [7, 5, 8],
    ]);
    expect(indexPut(x, [1], 9).toArray()).toEqual([
      [1, 2, 3],
      [9, 9, 9],
    ]);
    expect(
      indexPut(
        x,
        [
          [0, 0],
          [1, 1],
        ],
        float([7, 8]),
      ).toArray(),
    ).toEqual([
      [1, 8, 3],
      [4, 5, 6],
    ]);
    expect(indexPut(tensor([true, false]), [1], 1).toArray()).toEqual([true, true]);
    expect(indexPut(float(3), [], 4).item()).toBe(4);
  });

  it('says what is wrong', () => {
    const x = float([
      [1, 2, 3],
      [4, 5, 6],
    ]);
    expect(() => indexPut(x, [0], float([1, 2]))).toThrow('indexPut: the shapes do not broadcast');
    expect(() => indexPut(x, [0, 0], float([1, 2]))).toThrowErrorMatchingInlineSnapshot(`
      [GradtapeError: indexPut: the values do not fit
        got:   values of shape [2] and dtype float64
        needs: dtype float64, and a shape that broadcasts to []
        fix:   look at the shape of index(x, …) with the same indices]
    `);
    expect(() => indexPut(x, [0], tensor([1, 2, 3]))).toThrow('and dtype float32');
    expect(() => indexPut(x, [5], 1)).toThrow('index out of range');
  });
});
