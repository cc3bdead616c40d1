import fc from 'fast-check';
import { expect, test } from 'vitest';
import { vjp } from '../transforms/vjp.ts';
import { tensor } from './creation.ts';
import { byEntry, drawShape, drawTensor, entryAt, placesOf } from './draw-tensor.ts';
import { expectSame } from './expect-linear.ts';
import { argsort, msort, sort, topk } from './sorting.ts';

const lines = drawShape(1, 3, { max: 6 }).chain((shape) =>
  fc.record({
    x: drawTensor(shape),
    dim: fc.integer({ min: 0, max: shape.length - 1 }),
    descending: fc.boolean(),
    share: fc.double({ min: 0, max: 1, noNaN: true }),
  }),
);

test('sort orders every line along a dim, equal entries as they stood', () => {
  fc.assert(
    fc.property(lines, ({ x, dim, descending }) => {
      const sign = descending ? -1 : 1;
      const { values, indices } = sort(x, dim, { descending });
      const expected = byEntry(x.shape, (place) => {
        const line = Array.from({ length: x.shape[dim] }, (_, i) => entryAt(x, place.with(dim, i)));
        return line.toSorted((a, b) => sign * (a - b))[place[dim]];
      });
      expectSame(values, expected);
      for (const place of placesOf(x.shape)) {
        expect(entryAt(x, place.with(dim, entryAt(indices, place)))).toBe(entryAt(values, place));
        if (place[dim] === 0) continue;
        const before = place.with(dim, place[dim] - 1);
        if (entryAt(values, before) === entryAt(values, place)) {
          expect(entryAt(indices, before)).toBeLessThan(entryAt(indices, place));
        }
      }
      expectSame(argsort(x, dim - x.rank, { descending }), indices);
    }),
  );
});

test('the derivative goes to where an entry stood', () => {
  fc.assert(
    fc.property(lines, ({ x, dim, descending }) => {
      const [values, pull] = vjp((y) => sort(y, dim, { descending }).values, x);
      const ranks = byEntry(values.shape, (place) => place[dim] + 1);
      const [gradient] = pull(ranks);
      const { indices } = sort(x, dim, { descending });
      for (const place of placesOf(x.shape)) {
        expect(entryAt(gradient, place.with(dim, entryAt(indices, place)))).toBe(entryAt(ranks, place));
      }
    }),
  );
});

test('topk is the head of the sorted line', () => {
  fc.assert(
    fc.property(lines, ({ x, dim, descending, share }) => {
      const k = Math.floor(share * x.shape[dim]);
      const sorted = sort(x, dim, { descending });
      const { values, indices } = topk(x, k, dim, { largest: descending });
      const head = x.shape.with(dim, k);
      expectSame(
        values,
        byEntry(head, (place) => entryAt(sorted.values, place)),
      );
      expectSame(
        indices,
        byEntry(head, (place) => entryAt(sorted.indices, place)),
      );
    }),
  );
});

test('long lines are sorted as short ones are', () => {
  for (const dtype of ['float32', 'float64', 'int32'] as const) {
    const entries = Array.from(
      { length: 1000 },
      (_, i) => ((i * 7919) % 101) - 50 + (dtype === 'int32' ? 0 : i % 3) / 4,
    );
    const lines = tensor([entries, entries.map((entry) => 0 - entry)], { dtype });
    for (const descending of [false, true]) {
      const { values, indices } = sort(lines, 1, { descending });
      const sign = descending ? -1 : 1;
      [entries, entries.map((entry) => 0 - entry)].forEach((line, row) => {
        const order = line.map((_, i) => i).sort((i, j) => sign * (line[i] - line[j]) || i - j);
        expect(indices.toTypedArray().slice(1000 * row, 1000 * (row + 1))).toEqual(Int32Array.from(order));
        expect([...values.toTypedArray().slice(1000 * row, 1000 * (row + 1))]).toEqual(order.map((i) => line[i]));
      });
    }
  }
});

test('NaN counts as the largest', () => {
  const x = tensor([NaN, 1, -Infinity, NaN, Infinity]);
  expect(sort(x).values.toArray()).toEqual([-Infinity, 1, Infinity, NaN, NaN]);
  expect(sort(x).indices.toArray()).toEqual([2, 1, 4, 0, 3]);
  expect(sort(x, 0, { descending: true }).indices.toArray()).toEqual([0, 3, 4, 1, 2]);
  expect(topk(x, 1).values.toArray()).toEqual([NaN]);
});

test('msort orders the first dim; options that promise less change nothing', () => {
  const x = tensor([
    [3, 1],
    [2, 4],
  ]);
  expect(msort(x).toArray()).toEqual([
    [2, 1],
    [3, 4],
  ]);
  expect(sort(x, 0, { stable: false }).indices.toArray()).toEqual(argsort(x, 0, { stable: true }).toArray());
  expect(topk(x, 2, 0, { sorted: false }).values.toArray()).toEqual([
    [3, 4],
    [2, 1],
  ]);
});

test('a tensor without dims is sorted', () => {
  expect(sort(tensor(3)).values.item()).toBe(3);
  expect(argsort(tensor(3)).item()).toBe(0);
  expect(topk(tensor(3), 1).values.shape).toEqual([]);
});

test('topk of too many says what there is', () => {
  expect(() => topk(tensor([1, 2]), 3)).toThrowErrorMatchingInlineSnapshot(`
    [GradtapeError: topk: k is out of range
      got:   k = 3 along dim -1, which has size 2
      needs: a whole number from 0 to 2
      fix:   topk(x, Math.min(k, 2)), or check the dim]
  `);
});
