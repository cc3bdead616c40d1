import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  arange,
  atleast1d,
  atleast2d,
  atleast3d,
  broadcastShapes,
  broadcastTensors,
  cat,
  clone,
  columnStack,
  concat,
  dsplit,
  dstack,
  expandAs,
  fliplr,
  flipud,
  hsplit,
  hstack,
  moveaxis,
  Parameter,
  repeatInterleave,
  rot90,
  rowStack,
  swapaxes,
  type Tensor,
  tensor,
  tensorSplit,
  tile,
  unflatten,
  view,
  viewAs,
  vsplit,
  vstack,
} from '../index.ts';
import { byEntry, drawShape, drawTensor, entryAt } from './draw-tensor.ts';
import { expectLinear, expectSame } from './expect-linear.ts';

const floats = (data: number | readonly number[] | readonly (readonly number[])[]): Tensor =>
  tensor(data, { dtype: 'float64' });
const whole = (data: readonly number[]): Tensor => tensor(data, { dtype: 'int32' });
const matrix = floats([
  [1, 2, 3],
  [4, 5, 6],
]);

describe('joining', () => {
  test('hstack, vstack, dstack and columnStack of lists and matrices', () => {
    const [a, b] = [floats([1, 2]), floats([3, 4])];
    expect(hstack([a, floats(3)]).toArray()).toEqual([1, 2, 3]);
    expect(hstack([matrix, matrix]).shape).toEqual([2, 6]);
    expect(vstack([a, b]).toArray()).toEqual([
      [1, 2],
      [3, 4],
    ]);
    expect(vstack([matrix, floats([7, 8, 9])]).shape).toEqual([3, 3]);
    expect(dstack([a, b]).toArray()).toEqual([
      [
        [1, 3],
        [2, 4],
      ],
    ]);
    expect(dstack([matrix, matrix]).shape).toEqual([2, 3, 2]);
    expect(columnStack([a, b]).toArray()).toEqual([
      [1, 3],
      [2, 4],
    ]);
    expect(
      columnStack([
        a,
        floats([
          [5, 6],
          [7, 8],
        ]),
      ]).toArray(),
    ).toEqual([
      [1, 5, 6],
      [2, 7, 8],
    ]);
    expect(rowStack([a, b]).toArray()).toEqual([
      [1, 2],
      [3, 4],
    ]);
    for (const join of [hstack, vstack, dstack, columnStack]) expectLinear((x) => join([x, x.mul(2)]), matrix);
  });

  test('nothing to join', () => {
    expect(() => hstack([])).toThrowErrorMatchingInlineSnapshot(`
      [GradtapeError: hstack: nothing to join
        got:   no tensors
        needs: at least one, in an array
        fix:   hstack([a, b])]
    `);
    expect(() => dstack([])).toThrow('dstack: nothing to join');
    expect(() => vstack([matrix, floats([1, 2])])).toThrow('concat: the shapes do not fit');
  });
});

describe('splitting', () => {
  test('tensorSplit leaves nothing out, and its parts differ by one at most', () => {
    const drawn = drawShape(1, 3, { max: 6 }).chain((shape) =>
      fc.record({
        x: drawTensor(shape),
        dim: fc.integer({ min: 0, max: shape.length - 1 }),
        parts: fc.integer({ min: 1, max: 7 }),
      }),
    );
    fc.assert(
      fc.property(drawn, ({ x, dim, parts }) => {
        const pieces = tensorSplit(x, parts, dim - x.rank);
        const sizes = pieces.map((piece) => piece.shape[dim]);
        expect(pieces).toHaveLength(parts);
        expect(sizes).toEqual(sizes.toSorted((a, b) => b - a));
        expect(sizes[0] - sizes[parts - 1]).toBeLessThanOrEqual(1);
        expectSame(concat(pieces, dim), x);
      }),
    );
  });

  test('tensorSplit cuts before indices, read as in a slice', () => {
    const lists = (x: Tensor[]): unknown => x.map((part) => part.toArray());
    expect(lists(tensorSplit(arange(5), [1, -1]))).toEqual([[0], [1, 2, 3], [4]]);
    expect(lists(tensorSplit(arange(3), [2, 1, 9]))).toEqual([[0, 1], [], [1, 2], []]);
    expect(lists(hsplit(matrix, [1]))).toEqual([
      [[1], [4]],
      [
        [2, 3],
        [5, 6],
      ],
    ]);
    expect(lists(hsplit(arange(4), 2))).toEqual([
      [0, 1],
      [2, 3],
    ]);
    expect(lists(vsplit(matrix, 2))).toEqual([[[1, 2, 3]], [[4, 5, 6]]]);
    expect(dsplit(arange(8).reshape([2, 2, 2]), 2).map((part) => part.shape)).toEqual([
      [2, 2, 1],
      [2, 2, 1],
    ]);
  });

  test('say what is wrong', () => {
    expect(() => tensorSplit(matrix, 0)).toThrowErrorMatchingInlineSnapshot(`
      [GradtapeError: tensorSplit: not a way to cut
        got:   0 for shape [2, 3]
        needs: at least one dim, and a number of parts from 1 or a list of whole numbers
        fix:   tensorSplit(x, 2) or tensorSplit(x, [1, 3])]
    `);
    expect(() => tensorSplit(floats(1), 1)).toThrow('at least one dim');
    expect(() => hsplit(matrix, 2)).toThrowErrorMatchingInlineSnapshot(`
      [GradtapeError: hsplit: the parts do not come out even
        got:   2 parts of shape [2, 3]
        needs: dims: 1 or more, and a number of parts that divides dim 1
        fix:   tensorSplit(x, 2, dim) allows for uneven parts]
    `);
    expect(() => dsplit(matrix, 1)).toThrow('dims: 3 or more');
  });
});

describe('turning', () => {
  test('rot90 turns from the first dim towards the second', () => {
    const drawn = drawShape(2, 3).chain((shape) =>
      fc.record({ x: drawTensor(shape), k: fc.integer({ min: -5, max: 5 }) }),
    );
    fc.assert(
      fc.property(drawn, ({ x, k }) => {
        const once = rot90(x, 1, [0, -1]);
        const last = x.rank - 1;
        expectSame(
          once,
          byEntry(once.shape, (place) => {
            const from = place.with(0, place[last]).with(last, x.shape[last] - 1 - place[0]);
            return entryAt(x, from);
          }),
        );
        let turned = x;
        for (let i = 0; i < ((k % 4) + 4) % 4; i++) turned = rot90(turned);
        expectSame(rot90(x, k), turned);
        expectLinear((y) => rot90(y, k), x);
      }),
    );
  });

  test('fliplr, flipud', () => {
    expect(fliplr(matrix).toArray()).toEqual([
      [3, 2, 1],
      [6, 5, 4],
    ]);
    expect(flipud(matrix).toArray()).toEqual([
      [4, 5, 6],
      [1, 2, 3],
    ]);
  });

  test('say what is wrong', () => {
    expect(() => fliplr(floats([1]))).toThrowErrorMatchingInlineSnapshot(`
      [GradtapeError: fliplr: too few dims
        got:   shape [1]
        needs: at least two dims: rows and columns
        fix:   flip(x, 0) turns a list round]
    `);
    expect(() => flipud(floats(1))).toThrowErrorMatchingInlineSnapshot(`
      [GradtapeError: flipud: too few dims
        got:   shape []
        needs: at least one dim
        fix:   there is nothing to turn round in a single number]
    `);
    expect(() => rot90(matrix, 1, [0, -2])).toThrowErrorMatchingInlineSnapshot(`
      [GradtapeError: rot90: not a rotation in a plane
        got:   k = 1, dims [0, -2] of shape [2, 3]
        needs: a whole number of right angles, and two different dims
        fix:   rot90(x, 1, [-2, -1]) turns the matrices of a batch]
    `);
    expect(() => rot90(matrix, 0.5)).toThrow('k = 0.5');
  });
});

describe('shapes', () => {
  test('atleast1d, atleast2d, atleast3d', () => {
    const ranks = [floats(1), floats([1, 2]), matrix, matrix.unsqueeze(0)];
    expect(atleast1d(ranks).map(({ shape }) => shape)).toEqual([[1], [2], [2, 3], [1, 2, 3]]);
    expect(atleast2d(ranks).map(({ shape }) => shape)).toEqual([
      [1, 1],
      [1, 2],
      [2, 3],
      [1, 2, 3],
    ]);
    expect(atleast3d(ranks).map(({ shape }) => shape)).toEqual([
      [1, 1, 1],
      [1, 2, 1],
      [2, 3, 1],
      [1, 2, 3],
    ]);
    expect(atleast2d(floats(1)).shape).toEqual([1, 1]);
  });

  test('unflatten is the way back from flatten', () => {
    fc.assert(
      fc.property(drawShape(2, 4).chain(drawTensor), fc.nat(), (x, n) => {
        const start = n % (x.rank - 1);
        expectSame(unflatten(x.flatten(start, start + 1), start, x.shape.slice(start, start + 2)), x);
      }),
    );
    expect(unflatten(matrix, -1, [-1, 1]).shape).toEqual([2, 3, 1]);
    expect(() => unflatten(matrix, 1, [2, -1])).toThrowErrorMatchingInlineSnapshot(`
      [GradtapeError: unflatten: the sizes do not make up the dim
        got:   [2, -1] for dim 1 of shape [2, 3]
        needs: sizes whose product is 3; one of them may be -1
        fix:   use -1 for the size that follows from the others]
    `);
    expect(() => unflatten(matrix, 1, [])).toThrow('do not make up the dim');
    expect(() => unflatten(matrix, 1, [-1, -1])).toThrow('do not make up the dim');
  });

  test('tile repeats the last dims', () => {
    fc.assert(
      fc.property(drawShape(0, 3).chain(drawTensor), drawShape(0, 4, { max: 3 }), (x, times) => {
        const rank = Math.max(x.rank, times.length);
        const sizes = [...new Array<number>(rank - x.rank).fill(1), ...x.shape];
        const all = [...new Array<number>(rank - times.length).fill(1), ...times];
        const expected = byEntry(
          sizes.map((size, d) => size * all[d]),
          (place) => entryAt(x, place.map((i, d) => i % sizes[d]).slice(rank - x.rank)),
        );
        expectSame(tile(x, times), expected);
        expectLinear((y) => tile(y, times), x);
      }),
    );
  });

  test('repeatInterleave by a number for each index', () => {
    expect(repeatInterleave(matrix, whole([0, 2, 1]), 1).toArray()).toEqual([
      [2, 2, 3],
      [5, 5, 6],
    ]);
    expect(repeatInterleave(matrix, whole([2]), 0).shape).toEqual([4, 3]);
    expect(repeatInterleave(floats([1, 2]), whole([1, 3])).toArray()).toEqual([1, 2, 2, 2]);
    expectLinear((x) => repeatInterleave(x, whole([3, 1]), 0), matrix);
    expect(() => repeatInterleave(matrix, whole([1, 1]), 1)).toThrowErrorMatchingInlineSnapshot(`
      [GradtapeError: repeatInterleave: the numbers do not fit
        got:   numbers of shape [2] for a dim of size 3
        needs: one number, or 3, from 0
        fix:   name the dim; without one the tensor is one line]
    `);
    expect(() => repeatInterleave(matrix, whole([1, -1]), 0)).toThrow('the numbers do not fit');
  });

  test('expandAs and broadcastTensors', () => {
    expect(expandAs(floats([[1], [2]]), matrix).toArray()).toEqual([
      [1, 1, 1],
      [2, 2, 2],
    ]);
    expect(broadcastTensors([floats([1, 2, 3]), floats([[1], [2]]), floats(0)]).map(({ shape }) => shape)).toEqual([
      [2, 3],
      [2, 3],
      [2, 3],
    ]);
    expect(() => broadcastTensors([floats([1, 2, 3]), floats([1, 2])])).toThrow('the shapes do not broadcast');
    expect(broadcastShapes([3], [2, 1], [])).toEqual([2, 3]);
    expect(broadcastShapes([0], [1])).toEqual([0]);
    expect(() => broadcastShapes([3], [2])).toThrow('broadcastShapes: the shapes do not broadcast');
  });

  test('a clone is another tensor, with the derivative of the first', () => {
    const parameter = new Parameter(floats([1, 2]));
    const copy = clone(parameter);
    parameter.assign(floats([3, 4]));
    expect(copy.toArray()).toEqual([1, 2]);
    expectLinear((x) => clone(x), matrix);
    copy.sum().backward();
    expect(parameter.grad?.toArray()).toEqual([1, 1]);
  });
});

test('second names', () => {
  expect(cat).toBe(concat);
  expect(view(matrix, [3, 2]).shape).toEqual([3, 2]);
  expect(
    viewAs(
      matrix,
      floats([
        [0, 0],
        [0, 0],
        [0, 0],
      ]),
    ).toArray(),
  ).toEqual(view(matrix, [3, 2]).toArray());
  expect(() => viewAs(matrix, floats([1, 2, 3, 4]))).toThrow('reshape: the shape does not hold the entries');
  expect(moveaxis(matrix, 0, 1).shape).toEqual([3, 2]);
  expect(swapaxes(matrix, 0, 1).shape).toEqual([3, 2]);
});
