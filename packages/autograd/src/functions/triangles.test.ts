import fc from 'fast-check';
import { expect, test } from 'vitest';
import { ones, tensor } from './creation.ts';
import { byEntry, drawShape, drawTensor, entryAt } from './draw-tensor.ts';
import { expectLinear, expectSame } from './expect-linear.ts';
import { transpose } from './movement.ts';
import { nonzero } from './nonzero.ts';
import { tril, trilIndices, triu, triuIndices } from './triangles.ts';

test('tril and triu keep what lies below and above a diagonal', () => {
  const drawn = drawShape(2, 4).chain((shape) => fc.tuple(drawTensor(shape), fc.integer({ min: -5, max: 5 })));
  fc.assert(
    fc.property(drawn, ([x, offset]) => {
      const kept = (holds: (distance: number) => boolean) =>
        byEntry(x.shape, (place) => {
          const [row, column] = place.slice(-2);
          return holds(column - row - offset) ? entryAt(x, place) : 0;
        });
      expectSame(
        tril(x, offset),
        kept((distance) => distance <= 0),
      );
      expectSame(
        triu(x, offset),
        kept((distance) => distance >= 0),
      );
      expectLinear((y) => tril(y, offset), x);
      expectLinear((y) => triu(y, offset), x);
    }),
  );
});

test('what is cut off is zero, even NaN', () => {
  const x = tensor([
    [1, NaN],
    [Infinity, 2],
  ]);
  expect(tril(x).toArray()).toEqual([
    [1, 0],
    [Infinity, 2],
  ]);
  expect(triu(x, 1).toArray()).toEqual([
    [0, NaN],
    [0, 0],
  ]);
});

test('truth values and whole numbers keep their dtype', () => {
  expect(tril(tensor([[true, true]])).toArray()).toEqual([[true, false]]);
  expect(triu(tensor([[1], [2]], { dtype: 'int32' })).dtype).toBe('int32');
});

test('a vector has no triangle', () => {
  expect(() => tril(tensor([1, 2]))).toThrowErrorMatchingInlineSnapshot(`
    [GradtapeError: tril: not a matrix
      got:   shape [2]
      needs: at least two dims: rows and columns
      fix:   reshape or unsqueeze the tensor first]
  `);
});

test('the indices of a triangle are where its ones are', () => {
  const sizes = fc.record({
    rows: fc.integer({ min: 0, max: 4 }),
    columns: fc.integer({ min: 0, max: 4 }),
    offset: fc.integer({ min: -4, max: 4 }),
  });
  fc.assert(
    fc.property(sizes, ({ rows, columns, offset }) => {
      for (const [indicesOf, triangle] of [
        [trilIndices, tril],
        [triuIndices, triu],
      ] as const) {
        expectSame(
          indicesOf(rows, columns, { offset }),
          transpose(nonzero(triangle(ones([rows, columns]), offset)), 0, 1),
        );
      }
    }),
  );
  expect(trilIndices(1, 1, { dtype: 'float64' }).dtype).toBe('float64');
  expect(() => trilIndices(-1, 2)).toThrow('trilIndices: not a shape');
  expect(() => triuIndices(2, 2, { offset: 0.5 })).toThrow('not a diagonal');
});
