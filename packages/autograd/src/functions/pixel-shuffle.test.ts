import fc from 'fast-check';
import { expect, test } from 'vitest';
import { ones } from './creation.ts';
import { byEntry, drawShape, drawTensor, entryAt } from './draw-tensor.ts';
import { expectLinear, expectSame } from './expect-linear.ts';
import { pixelShuffle, pixelUnshuffle } from './pixel-shuffle.ts';

const images = fc
  .record({ lead: drawShape(0, 2), r: fc.integer({ min: 1, max: 3 }) })
  .chain(({ lead, r }) => fc.record({ r: fc.constant(r), x: drawTensor([...lead, 2 * r * r, 2, 3]) }));

test('pixelShuffle lays groups of channels out as squares, and pixelUnshuffle takes them back', () => {
  fc.assert(
    fc.property(images, ({ x, r }) => {
      const lead = x.shape.slice(0, -3);
      const expected = byEntry([...lead, 2, 2 * r, 3 * r], (place) => {
        const [c, i, j] = place.slice(-3);
        const channel = c * r * r + (i % r) * r + (j % r);
        return entryAt(x, [...place.slice(0, -3), channel, Math.floor(i / r), Math.floor(j / r)]);
      });
      expectSame(pixelShuffle(x, r), expected);
      expectSame(pixelUnshuffle(expected, r), x);
      expectLinear((y) => pixelShuffle(y, r), x);
    }),
  );
});

test('errors say what is wrong', () => {
  expect(() => pixelShuffle(ones([3, 2, 2]), 2)).toThrowErrorMatchingInlineSnapshot(`
    [GradtapeError: pixelShuffle: the sizes do not fit
      got:   shape [3, 2, 2]
      needs: a number of channels that 4 divides
      fix:   check the factor, or the layer before]
  `);
  expect(() => pixelShuffle(ones([2, 2]), 2)).toThrowErrorMatchingInlineSnapshot(`
    [GradtapeError: pixelShuffle: the sizes do not fit
      got:   shape [2, 2]
      needs: at least three dims: channels, height and width
      fix:   check the factor, or the layer before]
  `);
  expect(() => pixelUnshuffle(ones([1, 3, 2]), 2)).toThrowErrorMatchingInlineSnapshot(`
    [GradtapeError: pixelUnshuffle: the sizes do not fit
      got:   shape [1, 3, 2]
      needs: height and width that 2 divides
      fix:   check the factor, or the layer before]
  `);
  expect(() => pixelUnshuffle(ones([1, 2, 2]), 0.5)).toThrowErrorMatchingInlineSnapshot(`
    [GradtapeError: pixelUnshuffle: not a factor
      got:   downscaleFactor 0.5
      needs: a whole number from 1
      fix:   pixelUnshuffle(x, 2)]
  `);
});
