import fc from 'fast-check';
import { expect, test } from 'vitest';
import { vjp } from '../transforms/vjp.ts';
import { onesLike, tensor } from './creation.ts';
import { byEntry, drawShape, drawTensor, drawTruths, entryAt, placesOf } from './draw-tensor.ts';
import { expectLinear, expectSame } from './expect-linear.ts';
import { maskedFill, maskedScatter, maskedSelect } from './masking.ts';

const masked = drawShape(0, 3).chain((shape) =>
  fc
    .integer({ min: 0, max: shape.length })
    .chain((start) =>
      fc.record({ x: drawTensor(shape), mask: drawTruths(shape.slice(start)), start: fc.constant(start) }),
    ),
);

test('maskedFill puts the value where the mask, broadcast, holds', () => {
  fc.assert(
    fc.property(masked, ({ x, mask, start }) => {
      const expected = byEntry(x.shape, (place) => (entryAt(mask, place.slice(start)) ? 7 : entryAt(x, place)));
      expectSame(maskedFill(x, mask, 7), expected);
      expectLinear((y) => maskedFill(y, mask, 0), x);
    }),
  );
});

test('maskedFill stops derivatives, even infinite ones, and passes those of its value', () => {
  const x = tensor([1, NaN, 3], { dtype: 'float64' });
  const mask = tensor([true, true, false]);
  const [filled, pull] = vjp((y, value) => maskedFill(y, mask, value), x, tensor(-Infinity, { dtype: 'float64' }));
  expect(filled.toArray()).toEqual([-Infinity, -Infinity, 3]);
  expect(pull(tensor([Infinity, NaN, 2], { dtype: 'float64' })).map((g) => g.toArray())).toEqual([[0, 0, 2], NaN]);
  expect(pull(onesLike(x))[1].item()).toBe(2);
});

test('maskedFill keeps truth values truth values', () => {
  const x = tensor([true, false, true]);
  const mask = tensor([true, true, false]);
  expect(maskedFill(x, mask, 0).toArray()).toEqual([false, false, true]);
  expect(maskedFill(x, mask, 1).toArray()).toEqual([true, true, true]);
});

test('maskedSelect takes the entries where the mask, broadcast, holds', () => {
  fc.assert(
    fc.property(masked, ({ x, mask, start }) => {
      const places = placesOf(x.shape).filter((place) => entryAt(mask, place.slice(start)));
      expectSame(
        maskedSelect(x, mask),
        byEntry([places.length], ([i]) => entryAt(x, places[i])),
      );
      expectLinear((y) => maskedSelect(y, mask), x);
    }),
  );
});

test('maskedSelect repeats entries that broadcast', () => {
  const mask = tensor([
    [true, false],
    [true, true],
  ]);
  expect(maskedSelect(tensor([5, 6]), mask).toArray()).toEqual([5, 5, 6]);
  expect(maskedSelect(tensor(5), tensor(true)).toArray()).toEqual([5]);
});

test('errors of masks say what is wrong', () => {
  expect(() => maskedFill(tensor([1, 2]), tensor([1, 0]), 0)).toThrowErrorMatchingInlineSnapshot(`
    [GradtapeError: maskedFill: the mask is not of truth values
      got:   dtype float32
      needs: dtype bool
      fix:   compare first: x.gt(0), or convert: mask.to('bool')]
  `);
  expect(() => maskedFill(tensor([1, 2]), tensor([true, false]), tensor([1, 2]))).toThrowErrorMatchingInlineSnapshot(`
    [GradtapeError: maskedFill: the value is not a single number
      got:   a value of shape [2]
      needs: a number, or a tensor without dims
      fix:   use where(mask, value, x) for a value for each entry]
  `);
  expect(() => maskedSelect(tensor([1, 2]), tensor([true, false, true]))).toThrowErrorMatchingInlineSnapshot(`
    [GradtapeError: maskedSelect: the shapes do not broadcast
      got:   [2] with [3]: 2 against 3 in dim -1
      needs: sizes that, counted from the last dim, are equal or one of them 1
      fix:   reshape, transpose or unsqueeze one operand so that the dims that belong together line up]
  `);
});

test('maskedScatter puts entries one after the other where the mask holds', () => {
  fc.assert(
    fc.property(masked, fc.integer({ min: 0, max: 2 }), ({ x, mask, start }, more) => {
      const holds = (place: readonly number[]): boolean => entryAt(mask, place.slice(start)) === 1;
      const places = placesOf(x.shape).filter(holds);
      const source = byEntry([places.length + more], ([i]) => 100 + i);
      const numbers = new Map(places.map((place, i) => [place.join(), 100 + i]));
      expectSame(
        maskedScatter(x, mask, source),
        byEntry(x.shape, (place) => numbers.get(place.join()) ?? entryAt(x, place)),
      );
      expectLinear(
        (y) =>
          maskedScatter(
            byEntry(x.shape, () => 0),
            mask,
            y,
          ),
        source,
      );
      expectLinear(
        (y) =>
          maskedScatter(
            y,
            mask,
            byEntry(source.shape, () => 0),
          ),
        x,
      );
    }),
  );
});

test('maskedScatter says what is wrong', () => {
  const mask = tensor([true, true, false]);
  expect(() => maskedScatter(tensor([1, 2, 3]), mask, tensor([4]))).toThrowErrorMatchingInlineSnapshot(`
    [GradtapeError: maskedScatter: an index is out of range
      got:   index 2 of dim 0, which has size 2
      needs: 0 to 1
      fix:   check which dim the indices count, and that they count from 0]
  `);
  expect(() =>
    maskedScatter(tensor([1, 2, 3]), mask, tensor([4, 5], { dtype: 'int32' })),
  ).toThrowErrorMatchingInlineSnapshot(`
    [GradtapeError: maskedScatter: the dtypes differ
      got:   a source of dtype int32 for dtype float32
      needs: dtype float32
      fix:   convert it: source.to('float32')]
  `);
});
