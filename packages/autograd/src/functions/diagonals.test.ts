import fc from 'fast-check';
import { expect, test } from 'vitest';
import { tensor } from './creation.ts';
import { diag, diagEmbed, diagflat, diagonal, trace } from './diagonals.ts';
import { byEntry, drawShape, drawTensor, entryAt } from './draw-tensor.ts';
import { expectLinear, expectSame } from './expect-linear.ts';
import { transpose } from './movement.ts';

test('diagonal walks down two dims', () => {
  const drawn = drawShape(2, 4).chain((shape) =>
    fc.record({
      x: drawTensor(shape),
      dims: fc.shuffledSubarray(
        shape.map((_, d) => d),
        { minLength: 2, maxLength: 2 },
      ),
      offset: fc.integer({ min: -5, max: 5 }),
    }),
  );
  fc.assert(
    fc.property(drawn, ({ x, dims: [dim1, dim2], offset }) => {
      const others = x.shape.map((_, d) => d).filter((d) => d !== dim1 && d !== dim2);
      const [rows, columns] = [x.shape[dim1], x.shape[dim2]];
      const rowsMet = Array.from({ length: rows }, (_, i) => i).filter((i) => i + offset >= 0 && i + offset < columns);
      const expected = byEntry([...others.map((d) => x.shape[d]), rowsMet.length], (place) => {
        const row = rowsMet[place[place.length - 1]];
        return entryAt(
          x,
          x.shape.map((_, d) => (d === dim1 ? row : d === dim2 ? row + offset : place[others.indexOf(d)])),
        );
      });
      expectSame(diagonal(x, { offset, dim1, dim2 }), expected);
      expectSame(diagonal(x, { offset, dim1: dim1 - x.rank, dim2: dim2 - x.rank }), expected);
      expectLinear((y) => diagonal(y, { offset, dim1, dim2 }), x);
    }),
  );
});

test('diag turns a vector into a matrix and back', () => {
  const drawn = fc.tuple(
    fc.integer({ min: 0, max: 4 }).chain((n) => drawTensor([n])),
    fc.integer({ min: -3, max: 3 }),
  );
  fc.assert(
    fc.property(drawn, ([x, offset]) => {
      const matrix = diag(x, offset);
      const size = x.length + Math.abs(offset);
      expectSame(
        matrix,
        byEntry([size, size], ([i, j]) => (j - i === offset ? entryAt(x, [Math.min(i, j)]) : 0)),
      );
      expectSame(diag(matrix, offset), x);
      expectLinear((y) => diag(y, offset), x);
    }),
  );
});

test('trace adds up the diagonal', () => {
  const x = tensor([
    [1, 2, 3],
    [4, 5, 6],
  ]);
  expect(trace(x).item()).toBe(6);
  expect(trace(transpose(x, 0, 1)).item()).toBe(6);
});

test('errors of diagonals say what is wrong', () => {
  const x = tensor([[1, 2]]);
  expect(() => diagonal(x, { dim1: 1 })).toThrowErrorMatchingInlineSnapshot(`
    [GradtapeError: diagonal: the two dims are the same
      got:   dim1 1 and dim2 1 of a tensor of 2 dims
      needs: two different dims
      fix:   dim1: -2, dim2: -1 for the matrices in a batch]
  `);
  expect(() => diagonal(tensor([1, 2]))).toThrowErrorMatchingInlineSnapshot(`
    [GradtapeError: diagonal: dim out of range
      got:   dim 1 for a tensor of 1 dims
      needs: a whole number from -1 to 0
      fix:   count dims from 0, or from the end with -1; print x.shape to see them]
  `);
  expect(() => diagonal(x, { offset: 0.5 })).toThrowErrorMatchingInlineSnapshot(`
    [GradtapeError: diagonal: not a diagonal
      got:   0.5
      needs: a whole number: 0 for the main diagonal, above it positive
      fix:   leave it out for the main diagonal]
  `);
  expect(() => diag(tensor([[[1]]]))).toThrowErrorMatchingInlineSnapshot(`
    [GradtapeError: diag: neither a vector nor a matrix
      got:   shape [1, 1, 1]
      needs: one or two dims
      fix:   use diagonal(x, { dim1, dim2 }) for a batch of matrices]
  `);
  expect(() => trace(tensor([1]))).toThrowErrorMatchingInlineSnapshot(`
    [GradtapeError: trace: not a matrix
      got:   shape [1]
      needs: two dims
      fix:   for a batch: diagonal(x, { dim1: -2, dim2: -1 }).sum(-1)]
  `);
});

test('diagEmbed is the transpose of diagonal', () => {
  const drawn = drawShape(1, 3).chain((shape) =>
    fc.record({
      x: drawTensor(shape),
      dims: fc.shuffledSubarray([...shape.keys(), shape.length], { minLength: 2, maxLength: 2 }),
      offset: fc.integer({ min: -2, max: 2 }),
    }),
  );
  fc.assert(
    fc.property(drawn, ({ x, dims: [dim1, dim2], offset }) => {
      const whole = diagEmbed(x, { offset, dim1, dim2: dim2 - x.rank - 1 });
      expectSame(diagonal(whole, { offset, dim1, dim2 }), x);
      const sum = (y: typeof x): number => Array.from(y.toTypedArray()).reduce((a, b) => a + Math.abs(b), 0);
      expect(sum(whole)).toBe(sum(x));
      expect(whole.shape[dim1]).toBe(x.shape[x.rank - 1] + Math.abs(offset));
      expectLinear((y) => diagEmbed(y, { offset, dim1, dim2 }), x);
    }),
  );
  expect(diagEmbed(tensor([[1, 2]])).toArray()).toEqual([
    [
      [1, 0],
      [0, 2],
    ],
  ]);
});

test('diagflat puts all entries on a diagonal', () => {
  expect(diagflat(tensor([[1], [2]])).toArray()).toEqual([
    [1, 0],
    [0, 2],
  ]);
  expect(diagflat(tensor(3), -1).toArray()).toEqual([
    [0, 0],
    [3, 0],
  ]);
});

test('diagEmbed says what is wrong', () => {
  expect(() => diagEmbed(tensor([1]), { dim1: 0, dim2: -2 })).toThrowErrorMatchingInlineSnapshot(`
    [GradtapeError: diagEmbed: no plane for the diagonal
      got:   dim1 0 and dim2 -2, for shape [1]
      needs: at least one dim, and two different dims of the result
      fix:   leave the dims out for the last two]
  `);
  expect(() => diagEmbed(tensor(1))).toThrow('no plane for the diagonal');
  expect(() => diagflat(tensor([1]), 0.5)).toThrow('not a diagonal');
});
