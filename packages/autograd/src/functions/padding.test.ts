import fc from 'fast-check';
import { expect, test } from 'vitest';
import { ones, tensor } from './creation.ts';
import { byEntry, drawShape, drawTensor, entryAt } from './draw-tensor.ts';
import { expectLinear, expectSame } from './expect-linear.ts';
import { type PadOptions, pad } from './padding.ts';

const modes = ['constant', 'reflect', 'replicate', 'circular'] as const;

const upTo = (size: number): number[] => Array.from({ length: size }, (_, i) => i);

/** Which index a mode shows, looked up in the line that it repeats. */
const looksAt: Record<(typeof modes)[number], (i: number, size: number) => number | undefined> = {
  constant: (i, size) => (i < 0 ? undefined : upTo(size).at(i)),
  reflect: (i, size) => {
    const thereAndBack = [...upTo(size), ...upTo(size).slice(1, -1).reverse()];
    return thereAndBack.at(i % thereAndBack.length);
  },
  replicate: (i, size) => upTo(size).at(i < 0 ? 0 : i >= size ? -1 : i),
  circular: (i, size) => upTo(size).at(i % size),
};

const padded = fc
  .record({ shape: drawShape(1, 3, { min: 1 }), mode: fc.constantFrom(...modes) })
  .chain(({ shape, mode }) =>
    fc.record({
      x: drawTensor(shape),
      mode: fc.constant(mode),
      margins: fc.tuple(
        ...shape.map((size) => {
          const most = { constant: 3, reflect: size - 1, replicate: 3, circular: size }[mode];
          const margin = fc.integer({ min: -2, max: most });
          return fc.tuple(margin, margin).filter(([a, b]) => size + Math.min(a, 0) + Math.min(b, 0) >= 0);
        }),
      ),
      value: fc.integer({ min: -2, max: 2 }),
      named: fc.integer({ min: 0, max: shape.length }),
    }),
  );

test('pad shows, beside the tensor, what the mode says', () => {
  fc.assert(
    fc.property(padded, ({ x, mode, margins, value, named }) => {
      const used = margins.map((pair, d) => (d < x.rank - named ? [0, 0] : pair));
      const flat = used
        .slice(x.rank - named)
        .toReversed()
        .flat();
      const expected = byEntry(
        x.shape.map((size, d) => size + used[d][0] + used[d][1]),
        (place) => {
          const at = place.map((i, d) => looksAt[mode](i - used[d][0], x.shape[d]));
          return at.includes(undefined) ? value : entryAt(x, at as number[]);
        },
      );
      expectSame(pad(x, flat, { mode, value }), expected);
      expectLinear((y) => pad(y, flat, { mode }), x);
    }),
    { numRuns: 300 },
  );
});

test('an infinite or NaN value stays outside', () => {
  expect(pad(tensor([1, NaN]), [1, 0], { value: -Infinity }).toArray()).toEqual([-Infinity, 1, NaN]);
  expect(pad(tensor([1, Infinity]), [0, 1], { value: NaN }).toArray()).toEqual([1, Infinity, NaN]);
});

test('empty dims are padded with the value, and cannot be shown otherwise', () => {
  expect(pad(ones([2, 0]), [1, 1], { value: 3 }).toArray()).toEqual([
    [3, 3],
    [3, 3],
  ]);
  expect(() => pad(ones([2, 0]), [1, 1], { mode: 'replicate' })).toThrowErrorMatchingInlineSnapshot(`
    [GradtapeError: pad: mode replicate has not enough entries to show
      got:   margins 1 and 1 for dim 1 of 2 dims, which has size 0
      needs: at most 0
      fix:   pad less, or use mode 'constant']
  `);
});

test('errors of pad say what is wrong', () => {
  const x = ones([2, 3]);
  const attempt = (margins: number[], options?: PadOptions) => () => pad(x, margins, options);
  expect(attempt([1])).toThrowErrorMatchingInlineSnapshot(`
    [GradtapeError: pad: the margins do not fit the tensor
      got:   [1] for a tensor of shape [2, 3]
      needs: whole numbers, two for each dim from the last one: at most 4
      fix:   [before, after] pads the last dim, [left, right, top, bottom] the last two]
  `);
  expect(attempt([0, 0, 0, 0, 1, 1])).toThrowErrorMatchingInlineSnapshot(`
    [GradtapeError: pad: the margins do not fit the tensor
      got:   [0, 0, 0, 0, 1, 1] for a tensor of shape [2, 3]
      needs: whole numbers, two for each dim from the last one: at most 4
      fix:   [before, after] pads the last dim, [left, right, top, bottom] the last two]
  `);
  expect(attempt([0.5, 1])).toThrowErrorMatchingInlineSnapshot(`
    [GradtapeError: pad: the margins do not fit the tensor
      got:   [0.5, 1] for a tensor of shape [2, 3]
      needs: whole numbers, two for each dim from the last one: at most 4
      fix:   [before, after] pads the last dim, [left, right, top, bottom] the last two]
  `);
  expect(attempt([-2, -2])).toThrowErrorMatchingInlineSnapshot(`
    [GradtapeError: pad: more is cut off than there is
      got:   margins -2 and -2 for dim 1, which has size 3
      needs: at most 3 cut off
      fix:   check the order: the first two margins belong to the last dim]
  `);
  expect(attempt([3, 0], { mode: 'reflect' })).toThrowErrorMatchingInlineSnapshot(`
    [GradtapeError: pad: mode reflect has not enough entries to show
      got:   margins 3 and 0 for dim 1 of 2 dims, which has size 3
      needs: at most 2
      fix:   pad less, or use mode 'constant']
  `);
  expect(attempt([0, 0, 0, 3], { mode: 'circular' })).toThrowErrorMatchingInlineSnapshot(`
    [GradtapeError: pad: mode circular has not enough entries to show
      got:   margins 0 and 3 for dim 0 of 2 dims, which has size 2
      needs: at most 2
      fix:   pad less, or use mode 'constant']
  `);
});
