import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Tensor } from '../core/tensor.ts';
import { vjp } from '../transforms/vjp.ts';
import { adaptiveAvgPool1d, adaptiveAvgPool2d, adaptiveMaxPool1d, adaptiveMaxPool2d } from './adaptive-pooling.ts';
import { ones, tensor } from './creation.ts';
import { byEntry, drawTensor, entryAt, placesOf } from './draw-tensor.ts';
import { expectSame } from './expect-linear.ts';
import { avgPool1d, avgPool2d, avgPool3d, maxPool1d, maxPool2d, maxPool3d } from './pooling.ts';

/** The places of the entries of each window, by the definition: those of the padding are left out. */
type Windows = (position: readonly number[]) => readonly (readonly number[])[];

interface Setting {
  readonly kernel: number[];
  readonly stride: number[] | null;
  readonly padding: number[];
  readonly dilation: number[];
  readonly ceilMode: boolean;
}

const drawn = fc.integer({ min: 1, max: 3 }).chain((dims) => {
  const perDim = (min: number, max: number): fc.Arbitrary<number[]> =>
    fc.array(fc.integer({ min, max }), { minLength: dims, maxLength: dims });
  return fc
    .record({
      kernel: perDim(1, 3),
      stride: fc.option(perDim(1, 3)),
      dilation: perDim(1, 2),
      half: perDim(0, 1),
      ceilMode: fc.boolean(),
      batch: fc.option(fc.integer({ min: 0, max: 2 })),
      more: perDim(0, 3),
    })
    .chain(({ batch, more, half, ...setting }) => {
      const padding = half.map((share, i) => share * Math.floor(setting.kernel[i] / 2));
      const space = more.map((extra, i) => setting.dilation[i] * (setting.kernel[i] - 1) + 1 + extra);
      return fc.record({
        dims: fc.constant(dims),
        setting: fc.constant<Setting>({ ...setting, padding }),
        x: drawTensor([...(batch === null ? [] : [batch]), 2, ...space]),
      });
    });
});

/** The positions along a dim: windows that begin inside the input or its padding on the left, and fit (or, rounded up, begin). */
function positionsOf(size: number, i: number, { kernel, stride, padding, dilation, ceilMode }: Setting): number {
  const step = (stride ?? kernel)[i];
  const end = (at: number): number => at * step + dilation[i] * (kernel[i] - 1) - padding[i];
  let count = 0;
  while (end(count) < size + padding[i]) count++;
  const fitsWhole = count > 0 && end(count - 1) === size + padding[i] - 1;
  return ceilMode && !fitsWhole && count * step - padding[i] < size ? count + 1 : count;
}

function windowsOf(space: readonly number[], { kernel, stride, padding, dilation }: Setting): Windows {
  return (position) =>
    placesOf(kernel)
      .map((k) => k.map((each, i) => position[i] * (stride ?? kernel)[i] + each * dilation[i] - padding[i]))
      .filter((place) => place.every((at, i) => at >= 0 && at < space[i]));
}

/** The windows of adaptive pooling. */
function sharesOf(space: readonly number[], sizes: readonly number[]): Windows {
  return (position) => {
    const starts = position.map((at, i) => Math.floor((at * space[i]) / sizes[i]));
    const ends = position.map((at, i) => Math.ceil(((at + 1) * space[i]) / sizes[i]));
    return placesOf(ends.map((end, i) => end - starts[i])).map((k) => k.map((each, i) => each + starts[i]));
  };
}

interface Naive {
  readonly values: Tensor;
  readonly indices: Tensor;
  /** What one at every output gives every input. */
  readonly gradient: Tensor;
}

function naiveMax(x: Tensor, positions: readonly number[], windows: Windows): Naive {
  const lead = x.shape.slice(0, -positions.length);
  const space = x.shape.slice(-positions.length);
  const gradient = byEntry(x.shape, () => 0);
  const indices = byEntry([...lead, ...positions], (place) => {
    const before = place.slice(0, lead.length);
    const [first, ...rest] = windows(place.slice(lead.length));
    const at = (index: readonly number[]): number => entryAt(x, [...before, ...index]);
    const best = rest.reduce((winner, each) => (at(each) > at(winner) ? each : winner), first);
    gradient.storage[[...before, ...best].reduce((sum, i, d) => sum + i * gradient.strides[d], 0)] += 1;
    return best.reduce((at, i, d) => at * space[d] + i, 0);
  });
  const values = byEntry(indices.shape, (place) => {
    const index = entryAt(indices, place);
    const at = space.map((size, d) => Math.floor(index / space.slice(d + 1).reduce((a, b) => a * b, 1)) % size);
    return entryAt(x, [...place.slice(0, lead.length), ...at]);
  });
  return { values, indices, gradient };
}

function naiveMean(
  x: Tensor,
  positions: readonly number[],
  windows: Windows,
  divisor: (position: readonly number[], seen: number) => number,
): Tensor {
  const lead = x.shape.slice(0, -positions.length);
  return byEntry([...lead, ...positions], (place) => {
    const before = place.slice(0, lead.length);
    const position = place.slice(lead.length);
    const seen = windows(position);
    return seen.reduce((sum, at) => sum + entryAt(x, [...before, ...at]), 0) / divisor(position, seen.length);
  });
}

function expectClose(got: Tensor, wanted: Tensor): void {
  expect(got.shape).toEqual(wanted.shape);
  const entries = wanted.toTypedArray();
  got.toTypedArray().forEach((entry, i) => {
    expect(entry).toBeCloseTo(entries[i], 12);
  });
}

describe('maxPool1d and maxPool2d', () => {
  it('take the first of the largest entries of every window', () => {
    fc.assert(
      fc.property(drawn, ({ dims, setting, x }) => {
        const space = x.shape.slice(-dims);
        const positions = space.map((size, i) => positionsOf(size, i, setting));
        const expected = naiveMax(x, positions, windowsOf(space, setting));
        const pool = [maxPool1d, maxPool2d, maxPool3d][dims - 1];
        const { values, indices } = pool(x, setting.kernel, { ...setting, returnIndices: true });
        expectSame(values, expected.values);
        expectSame(indices, expected.indices);
        const [, pull] = vjp((y) => pool(y, setting.kernel, setting), x);
        expectSame(pull(byEntry(values.shape, () => 1))[0], expected.gradient);
      }),
      { numRuns: 300 },
    );
  });

  it('let NaN win, and keep -Infinity apart from the padding', () => {
    const x = tensor([[1, NaN, 2, -Infinity, -Infinity, -Infinity]]);
    expect(maxPool1d(x, 2).toArray()).toEqual([[NaN, 2, -Infinity]]);
    const { values, indices } = maxPool1d(tensor([[-Infinity, 5]]), 2, { padding: 1, returnIndices: true });
    expect(values.toArray()).toEqual([[-Infinity, 5]]);
    expect(indices.toArray()).toEqual([[0, 1]]);
  });

  it('say what is wrong', () => {
    const x = ones([1, 4, 4]);
    expect(() => maxPool2d(ones([4, 4]), 2)).toThrowErrorMatchingInlineSnapshot(`
      [GradtapeError: maxPool2d: the input has not the right number of dims
        got:   shape [4, 4]
        needs: [batch, channels, height, width], or [channels, height, width]
        fix:   unsqueeze(0) adds a batch, unsqueeze(1) a channel]
    `);
    expect(() => maxPool2d(x, 5)).toThrowErrorMatchingInlineSnapshot(`
      [GradtapeError: maxPool2d: there is nothing to pool
        got:   a space of [4, 4] for [0, 0] windows
        needs: at least one window, and an entry in each
        fix:   take a smaller kernel or less dilation, pad more, or check that the last dims are the space]
    `);
    expect(() => maxPool2d(x, 2, { padding: 2 })).toThrowErrorMatchingInlineSnapshot(`
      [GradtapeError: maxPool2d: a window could lie wholly in the padding
        got:   padding [2, 2] for windows that span [2, 2]
        needs: at most half of what the window spans
        fix:   pad less, or call pad(…) first]
    `);
    expect(() => maxPool2d(x, [2, 2, 2])).toThrowErrorMatchingInlineSnapshot(`
      [GradtapeError: maxPool2d: kernelSize does not fit
        got:   [2, 2, 2]
        needs: whole numbers from 1: one for all, or 2
        fix:   kernelSize: [1, 1]]
    `);
    expect(() => maxPool1d(ones([1, 1]), 2, { dilation: 5, padding: 3 })).toThrowErrorMatchingInlineSnapshot(`
      [GradtapeError: maxPool1d: there is nothing to pool
        got:   a space of [1] for [1] windows
        needs: at least one window, and an entry in each
        fix:   take a smaller kernel or less dilation, pad more, or check that the last dims are the space]
    `);
  });
});

describe('avgPool1d and avgPool2d', () => {
  const means = fc.tuple(
    drawn.filter(({ setting }) => setting.dilation.every((each) => each === 1)),
    fc.boolean(),
    fc.option(fc.constantFrom(-2, 3)),
  );

  it('take the mean of every window', () => {
    fc.assert(
      fc.property(means, ([{ dims, setting, x }, countIncludePad, divisorOverride]) => {
        const { kernel, stride, padding } = setting;
        const space = x.shape.slice(-dims);
        const positions = space.map((size, i) => positionsOf(size, i, setting));
        const windows = windowsOf(space, setting);
        // With the padding, a window counts what lies inside of input and padding.
        const whole = (position: readonly number[]): number =>
          placesOf(kernel).filter((k) =>
            k.every((each, i) => position[i] * (stride ?? kernel)[i] + each < space[i] + 2 * padding[i]),
          ).length;
        const options = { ...setting, countIncludePad };
        const expected = naiveMean(x, positions, windows, (position, seen) =>
          countIncludePad ? whole(position) : seen,
        );
        const got = [avgPool1d, avgPool2d, avgPool3d][dims - 1](x, kernel, options);
        expectClose(got, expected);
        if (dims === 1) return;
        const divided = naiveMean(
          x,
          positions,
          windows,
          (position, seen) => divisorOverride ?? (countIncludePad ? whole(position) : seen),
        );
        const pool = dims === 2 ? avgPool2d : avgPool3d;
        expectClose(pool(x, kernel, { ...options, divisorOverride }), divided);
      }),
      { numRuns: 300 },
    );
  });

  it('give every entry its share of the derivative', () => {
    const [, pull] = vjp((y) => avgPool2d(y, 2, { padding: 1 }), ones([1, 2, 2]));
    expect(
      pull(
        tensor([
          [
            [4, 8],
            [12, 16],
          ],
        ]),
      )[0].toArray(),
    ).toEqual([
      [
        [1, 2],
        [3, 4],
      ],
    ]);
    const [, pullEach] = vjp((y) => avgPool1d(y, 2, { padding: 1, countIncludePad: false }), ones([1, 2]));
    expect(pullEach(tensor([[3, 5]]))[0].toArray()).toEqual([[3, 5]]);
  });

  it('do not let infinities spread to windows that do not see them', () => {
    expect(avgPool1d(tensor([[Infinity, 1, 2, NaN]]), 2, { stride: 1, padding: 1 }).toArray()).toEqual([
      [Infinity, Infinity, 1.5, NaN, NaN],
    ]);
    expect(avgPool1d(tensor([[Infinity, 1, 3]]), 1).toArray()).toEqual([[Infinity, 1, 3]]);
  });

  it('say what is wrong', () => {
    expect(() => avgPool2d(tensor([[[1]]], { dtype: 'int32' }), 1)).toThrowErrorMatchingInlineSnapshot(`
      [GradtapeError: avgPool2d: not defined for whole numbers
        got:   dtype int32
        needs: float32 or float64
        fix:   convert first: x.to('float32')]
    `);
    expect(() => avgPool2d(ones([1, 1, 1]), 1, { divisorOverride: 0 })).toThrowErrorMatchingInlineSnapshot(`
      [GradtapeError: avgPool2d: sums cannot be divided by zero
        got:   divisorOverride 0
        needs: another number, or null
        fix:   leave it out to divide by the number of entries]
    `);
  });
});

describe('adaptive pooling', () => {
  const shared = fc.integer({ min: 1, max: 2 }).chain((dims) => {
    const perDim = (max: number): fc.Arbitrary<number[]> =>
      fc.array(fc.integer({ min: 1, max }), { minLength: dims, maxLength: dims });
    return fc.record({
      dims: fc.constant(dims),
      x: perDim(6).chain((space) => drawTensor([2, ...space])),
      sizes: perDim(7),
    });
  });

  it('shares the input among windows that overlap where they must', () => {
    fc.assert(
      fc.property(shared, ({ dims, x, sizes }) => {
        const windows = sharesOf(x.shape.slice(-dims), sizes);
        const [average, largest] =
          dims === 1 ? [adaptiveAvgPool1d, adaptiveMaxPool1d] : [adaptiveAvgPool2d, adaptiveMaxPool2d];
        expectClose(
          average(x, sizes),
          naiveMean(x, sizes, windows, (_, seen) => seen),
        );
        const expected = naiveMax(x, sizes, windows);
        const { values, indices } = largest(x, sizes, { returnIndices: true });
        expectSame(values, expected.values);
        expectSame(indices, expected.indices);
        const [, pull] = vjp((y) => largest(y, sizes), x);
        expectSame(pull(byEntry(values.shape, () => 1))[0], expected.gradient);
        const ones = naiveMean(
          byEntry(x.shape, () => 1),
          sizes,
          windows,
          (_, seen) => seen,
        );
        const [, pullMean] = vjp((y) => average(y, sizes), x);
        const total = Array.from(pullMean(ones)[0].toTypedArray()).reduce((sum, entry) => sum + entry, 0);
        expect(total).toBeCloseTo(ones.length, 9);
      }),
      { numRuns: 200 },
    );
  });

  it('keeps a size that is null, and takes one number for all', () => {
    expect(adaptiveAvgPool2d(ones([1, 5, 6]), [null, 2]).shape).toEqual([1, 5, 2]);
    expect(adaptiveAvgPool2d(ones([3, 1, 5, 6]), 1).shape).toEqual([3, 1, 1, 1]);
  });

  it('says what is wrong', () => {
    expect(() => adaptiveAvgPool2d(ones([1, 5, 6]), [2])).toThrowErrorMatchingInlineSnapshot(`
      [GradtapeError: adaptiveAvgPool2d: outputSize does not fit
        got:   [2] for an input [1, 5, 6]
        needs: whole numbers from 1: one for all, or 2
        fix:   null keeps the size of a dim]
    `);
    expect(() => adaptiveMaxPool1d(ones([1, 0]), 2)).toThrowErrorMatchingInlineSnapshot(`
      [GradtapeError: adaptiveMaxPool1d: there is nothing to pool
        got:   a space of [0] for [2] windows
        needs: at least one window, and an entry in each
        fix:   take a smaller kernel or less dilation, pad more, or check that the last dims are the space]
    `);
  });
});
