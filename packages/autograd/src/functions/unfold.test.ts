import fc from 'fast-check';
import { expect, test } from 'vitest';
import { ones } from './creation.ts';
import { byEntry, drawTensor, entryAt } from './draw-tensor.ts';
import { expectLinear, expectSame } from './expect-linear.ts';
import { fold, unfold } from './unfold.ts';

const pair = (min: number, max: number): fc.Arbitrary<number[]> =>
  fc.array(fc.integer({ min, max }), { minLength: 2, maxLength: 2 });

const drawn = fc
  .record({
    batch: fc.option(fc.integer({ min: 0, max: 2 }), { nil: undefined }),
    channels: fc.integer({ min: 1, max: 2 }),
    kernel: pair(1, 3),
    stride: pair(1, 2),
    dilation: pair(1, 2),
    padding: pair(0, 2),
    more: pair(1, 3),
  })
  .chain(({ batch, channels, kernel, more, ...options }) => {
    const size = more.map((extra, i) =>
      Math.max(1, options.dilation[i] * (kernel[i] - 1) + extra - options.padding[i]),
    );
    return fc.record({
      x: drawTensor([...(batch === undefined ? [] : [batch]), channels, ...size]),
      kernel: fc.constant(kernel),
      options: fc.constant(options),
    });
  });

test('unfold lays every window down as a column, and fold is its transpose', () => {
  fc.assert(
    fc.property(drawn, ({ x, kernel, options }) => {
      const { stride, dilation, padding } = options;
      const lead = x.shape.slice(0, -3);
      const [channels, ...size] = x.shape.slice(-3);
      const positions = size.map((length, i) =>
        Math.floor((length + 2 * padding[i] - dilation[i] * (kernel[i] - 1) - 1) / stride[i] + 1),
      );
      const shape = [...lead, channels * kernel[0] * kernel[1], positions[0] * positions[1]];
      const expected = byEntry(shape, (place) => {
        const [row, column] = place.slice(lead.length);
        const k = [Math.floor(row / kernel[1]) % kernel[0], row % kernel[1]];
        const at = [Math.floor(column / positions[1]), column % positions[1]];
        const where = at.map((p, i) => p * stride[i] + k[i] * dilation[i] - padding[i]);
        const channel = Math.floor(row / (kernel[0] * kernel[1]));
        const inside = where.every((p, i) => p >= 0 && p < size[i]);
        return inside ? entryAt(x, [...place.slice(0, lead.length), channel, ...where]) : 0;
      });
      const columns = unfold(x, kernel, options);
      expectSame(columns, expected);
      expectLinear((y) => unfold(y, kernel, options), x);
      expectLinear((y) => fold(y, size, kernel, options), columns);
      // ⟨unfold x, unfold x⟩ = ⟨x, fold (unfold x)⟩
      const folded = fold(columns, size, kernel, options);
      const squares = (a: typeof x, b: typeof x): number => {
        const entries = b.toTypedArray();
        return Array.from(a.toTypedArray()).reduce((sum, entry, i) => sum + entry * entries[i], 0);
      };
      expect(folded.shape).toEqual(x.shape);
      expect(squares(x, folded)).toBe(squares(columns, columns));
    }),
    { numRuns: 200 },
  );
});

test('errors of unfold and fold say what is wrong', () => {
  expect(() => unfold(ones([4, 4]), 2)).toThrowErrorMatchingInlineSnapshot(`
    [GradtapeError: unfold: the input has not the right number of dims
      got:   shape [4, 4]
      needs: [batch, channels, height, width], or [channels, height, width]
      fix:   unsqueeze(0) adds a batch, unsqueeze(1) a channel]
  `);
  expect(() => unfold(ones([1, 2, 4]), 3)).toThrowErrorMatchingInlineSnapshot(`
    [GradtapeError: unfold: the kernel is larger than the input
      got:   a kernel that spans [3, 3], on a space of [2, 4] with the padding
      needs: a kernel that fits into it
      fix:   pad more, take a smaller kernel, or check that the last dims are the space]
  `);
  expect(() => fold(ones([4, 3]), [3, 3], 2)).toThrowErrorMatchingInlineSnapshot(`
    [GradtapeError: fold: the columns do not fit the image
      got:   shape [4, 3], for an image of [3, 3] with the padding
      needs: [batch, channels · 4, 4], with or without the batch
      fix:   use the same options as for unfold; outputSize is the size before the padding]
  `);
  expect(() => fold(ones([4, 3]), [1, 3], 2)).toThrowErrorMatchingInlineSnapshot(`
    [GradtapeError: fold: the kernel is larger than the input
      got:   a kernel that spans [2, 2], on a space of [1, 3] with the padding
      needs: a kernel that fits into it
      fix:   pad more, take a smaller kernel, or check that the last dims are the space]
  `);
});
