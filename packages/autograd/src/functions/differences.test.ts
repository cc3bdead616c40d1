import fc from 'fast-check';
import { expect, test } from 'vitest';
import { cumulativeTrapezoid, diff, type Tensor, tensor, trapezoid } from '../index.ts';
import { assertGradients } from '../verify/index.ts';
import { byEntry, drawShape, drawTensor, entryAt } from './draw-tensor.ts';
import { expectLinear, expectSame } from './expect-linear.ts';

const floats = (data: number | readonly number[] | readonly (readonly number[])[]): Tensor =>
  tensor(data, { dtype: 'float64' });

const lines = drawShape(1, 3, { max: 5 }).chain((shape) =>
  fc.record({ x: drawTensor(shape), dim: fc.integer({ min: 0, max: shape.length - 1 }) }),
);

test('diff takes neighbours from each other, n times', () => {
  fc.assert(
    fc.property(lines, fc.integer({ min: 0, max: 3 }), ({ x, dim }, n) => {
      let expected = x;
      for (let k = 0; k < n; k++) {
        const before = expected;
        const size = Math.max(0, before.shape[dim] - 1);
        expected = byEntry(
          before.shape.with(dim, size),
          (place) => entryAt(before, place.with(dim, place[dim] + 1)) - entryAt(before, place),
        );
      }
      expectSame(diff(x, { n, dim }), expected);
      expectLinear((y) => diff(y, { n, dim: dim - x.rank }), x);
    }),
  );
});

test('diff puts entries before and after', () => {
  const x = floats([
    [1, 4],
    [2, 2],
  ]);
  expect(diff(x, { prepend: floats([[0], [5]]), append: floats([[9], [9]]) }).toArray()).toEqual([
    [1, 3, 5],
    [-3, 0, 7],
  ]);
  expect(diff(tensor([true, false, false])).toArray()).toEqual([true, false]);
});

test('the trapezoidal rule, for places and for a distance', () => {
  fc.assert(
    fc.property(lines, ({ x: y, dim }) => {
      const kept = y.shape.with(dim, 1);
      const size = Math.max(0, y.shape[dim] - 1);
      const area = (place: readonly number[], width: (i: number) => number, end: number): number =>
        Array.from({ length: end }, (_, i) => i).reduce(
          (sum, i) => sum + (width(i) * (entryAt(y, place.with(dim, i)) + entryAt(y, place.with(dim, i + 1)))) / 2,
          0,
        );
      const dropped = kept.toSpliced(dim, 1);
      expectSame(
        trapezoid(y, null, { dim, dx: 3 }),
        byEntry(kept, (place) => area(place, () => 3, size)).reshape(dropped),
      );
      const places = byEntry([y.shape[dim]], ([i]) => i * i);
      const widths = (i: number): number => 2 * i + 1;
      expectSame(trapezoid(y, places, { dim }), byEntry(kept, (place) => area(place, widths, size)).reshape(dropped));
      expectSame(
        cumulativeTrapezoid(y, places, { dim }),
        byEntry(y.shape.with(dim, size), (place) => area(place, widths, place[dim] + 1)),
      );
    }),
  );
});

test('places may differ from line to line, and have derivatives', () => {
  const y = floats([
    [1, 2, 4],
    [0, 3, 1],
  ]);
  const x = floats([
    [0, 1, 3],
    [0, 2, 2.5],
  ]);
  expect(trapezoid(y, x).toArray()).toEqual([7.5, 4]);
  assertGradients((a, b) => trapezoid(a, b), [y, x], { order: 2 });
  assertGradients((a, b) => cumulativeTrapezoid(a, b, { dim: 0 }), [y, floats([1, 3])], { order: 2 });
});

test('say what is wrong', () => {
  const y = floats([1, 2, 3]);
  expect(() => diff(floats(1))).toThrowErrorMatchingInlineSnapshot(`
    [GradtapeError: diff: there is nothing to take differences of
      got:   n = 1, for shape []
      needs: at least one dim, and a whole number n from 0
      fix:   unsqueeze(0) makes a line of a single number]
  `);
  expect(() => diff(y, { n: -1 })).toThrow('n = -1');
  expect(() => diff(y, { append: floats([[1]]) })).toThrow('concat: the shapes do not fit');
  expect(() => trapezoid(y, y, { dx: 1 })).toThrowErrorMatchingInlineSnapshot(`
    [GradtapeError: trapezoid: both places and a distance
      got:   x of shape [3] and dx = 1
      needs: one of them
      fix:   leave out dx: the places tell how far apart they are]
  `);
  expect(() => trapezoid(y, floats([1, 2]))).toThrowErrorMatchingInlineSnapshot(`
    [GradtapeError: trapezoid: not as many places as entries
      got:   places of shape [2] for entries of shape [3] along dim 0
      needs: 3 places: a list, or a tensor that broadcasts
      fix:   check which dim is integrated along]
  `);
});
