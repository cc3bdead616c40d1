import fc from 'fast-check';
import { expect, test } from 'vitest';
import { adaptiveAvgPool1d, adaptiveAvgPool2d } from './adaptive-pooling.ts';
import { ones, tensor } from './creation.ts';
import { byEntry, drawShape, drawTensor, entryAt } from './draw-tensor.ts';
import { expectLinear, expectSame } from './expect-linear.ts';
import { type InterpolateOptions, interpolate } from './interpolate.ts';

const line = (data: readonly number[], options: InterpolateOptions) =>
  interpolate(tensor([[data]], { dtype: 'float64' }), options).toTypedArray();

test('nearest repeats or skips entries', () => {
  expect([...line([1, 2], { scaleFactor: 2 })]).toEqual([1, 1, 2, 2]);
  expect([...line([1, 2, 3, 4], { size: 2 })]).toEqual([1, 3]);
  expect([...line([1, 2, 3, 4], { size: 2, mode: 'nearest-exact' })]).toEqual([2, 4]);
  expect([...line([1, 2, 3], { size: 5 })]).toEqual([1, 1, 2, 2, 3]);
});

test('straight lines stay straight, whichever mode', () => {
  const rising = [0, 1, 2, 3, 4, 5];
  expect([...line(rising, { size: 11, mode: 'linear', alignCorners: true })]).toEqual(
    Array.from({ length: 11 }, (_, i) => expect.closeTo(i / 2, 12)),
  );
  // Away from the edges, where entries are held.
  expect([...line(rising, { scaleFactor: 2, mode: 'linear' })].slice(1, -1)).toEqual(
    Array.from({ length: 10 }, (_, i) => expect.closeTo(0.25 + i / 2, 12)),
  );
  const plane = byEntry([1, 1, 6, 7], ([, , i, j]) => 2 * i - 3 * j);
  const wide = interpolate(plane, { size: [11, 13], mode: 'bicubic', alignCorners: true });
  for (let i = 2; i < 9; i++) {
    for (let j = 2; j < 11; j++) expect(entryAt(wide, [0, 0, i, j])).toBeCloseTo(i - 1.5 * j, 10);
  }
});

test('a constant stays constant, and the same size gives the same image', () => {
  const modes = [undefined, 'nearest', 'linear', 'bilinear', 'trilinear'] as const;
  fc.assert(
    fc.property(
      drawShape(1, 3, { min: 1, max: 3 }).chain((space) =>
        fc.record({
          x: drawTensor([1, 2, ...space]),
          size: fc.tuple(...space.map(() => fc.integer({ min: 1, max: 5 }))),
          smooth: fc.boolean(),
          alignCorners: fc.boolean(),
        }),
      ),
      ({ x, size, smooth, alignCorners: aligned }) => {
        const alignCorners = smooth && aligned;
        const mode = smooth ? modes[1 + size.length] : 'nearest';
        const constant = byEntry(x.shape, () => 3);
        const resized = interpolate(constant, { size, mode, alignCorners });
        expect(resized.shape).toEqual([1, 2, ...size]);
        for (const entry of resized.toTypedArray()) expect(entry).toBeCloseTo(3, 12);
        const same = interpolate(x, { size: x.shape.slice(2), mode, alignCorners });
        const entries = x.toTypedArray();
        same.toTypedArray().forEach((entry, i) => {
          expect(entry).toBeCloseTo(entries[i], 12);
        });
        expectLinear((y) => interpolate(y, { size: size.map((each) => 2 ** Math.min(each, 2)), mode }), x);
      },
    ),
  );
});

test('errors say what is wrong', () => {
  const x = ones([1, 1, 4, 4]);
  expect(() => interpolate(x, {})).toThrowErrorMatchingInlineSnapshot(`
    [GradtapeError: interpolate: not exactly one of size and scaleFactor
      got:   neither
      needs: one of them
      fix:   interpolate(x, { size: [32, 32] }) or interpolate(x, { scaleFactor: 2 })]
  `);
  expect(() => interpolate(x, { size: [2] })).toThrowErrorMatchingInlineSnapshot(`
    [GradtapeError: interpolate: the sizes do not fit
      got:   size [2] for a space of [4, 4]
      needs: sizes from 1: one number for all, or 2
      fix:   check the numbers, and that the first two dims are batch and channels]
  `);
  expect(() => interpolate(x, { scaleFactor: 0.1 })).toThrowErrorMatchingInlineSnapshot(`
    [GradtapeError: interpolate: the sizes do not fit
      got:   scaleFactor [0.1, 0.1] for a space of [4, 4]
      needs: sizes from 1: one number for all, or 2
      fix:   check the numbers, and that the first two dims are batch and channels]
  `);
  expect(() => interpolate(x, { size: 2, mode: 'linear' })).toThrowErrorMatchingInlineSnapshot(`
    [GradtapeError: interpolate: mode linear does not fit the input
      got:   shape [1, 1, 4, 4]
      needs: [batch, channels, …], then 1 dims of space
      fix:   'linear', 'bilinear' and 'trilinear' are for one, two and three dims of space]
  `);
});

test('area is the mean of what a new entry covers', () => {
  expect([...line([1, 2, 3, 4, 5], { size: 2, mode: 'area' })]).toEqual([2, 4]);
  fc.assert(
    fc.property(
      drawShape(1, 2, { min: 1, max: 4 }).chain((space) => drawTensor([1, 2, ...space])),
      (x) => {
        const size = x.shape.slice(2).map((each) => Math.max(1, each - 1));
        const pooled = size.length === 1 ? adaptiveAvgPool1d(x, size) : adaptiveAvgPool2d(x, size);
        expectSame(interpolate(x, { size, mode: 'area' }), pooled);
      },
    ),
  );
});

test('recomputeScaleFactor takes the distance of entries from the sizes', () => {
  // Three entries times 1.5 are four and a half, so four.
  const options = { scaleFactor: 1.5, mode: 'linear' } as const;
  expect([...line([0, 3, 6], { ...options, recomputeScaleFactor: true })]).toEqual([
    ...line([0, 3, 6], { size: 4, mode: 'linear' }),
  ]);
  expect([...line([0, 3, 6], options)].map((entry) => Math.round(entry * 1e6) / 1e6)).toEqual([0, 1.5, 3.5, 5.5]);
});

test('says what a mode cannot do', () => {
  const image = ones([1, 1, 4, 4]);
  expect(() => interpolate(image, { size: 2, alignCorners: true })).toThrowErrorMatchingInlineSnapshot(`
    [GradtapeError: interpolate: mode nearest has no corners to align
      got:   alignCorners true
      needs: mode 'linear', 'bilinear', 'trilinear' or 'bicubic'
      fix:   leave alignCorners out]
  `);
  expect(() => interpolate(image, { size: 2, mode: 'cubic' as 'bicubic' })).toThrowErrorMatchingInlineSnapshot(`
    [GradtapeError: interpolate: no such mode
      got:   'cubic'
      needs: nearest, nearest-exact, area, linear, bilinear, trilinear, bicubic
      fix:   'bilinear' for images, 'linear' for lines]
  `);
  expect(() => interpolate(image, { size: 2, recomputeScaleFactor: true })).toThrowErrorMatchingInlineSnapshot(`
    [GradtapeError: interpolate: there is no scale factor to compute anew
      got:   size and recomputeScaleFactor
      needs: scaleFactor, or size alone
      fix:   leave recomputeScaleFactor out]
  `);
});
