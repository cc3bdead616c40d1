import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { storagesTaken } from '../core/storage-pool.ts';
import type { Tensor } from '../core/tensor.ts';
import { vjp } from '../transforms/vjp.ts';
import { to } from './arithmetic.ts';
import { conv1d, conv2d, conv3d } from './convolution.ts';
import { ones } from './creation.ts';
import { byEntry, drawTensor, entryAt, placesOf } from './draw-tensor.ts';
import { expectLinear, expectSame } from './expect-linear.ts';
import { convTranspose1d, convTranspose2d, convTranspose3d } from './transposed-convolution.ts';

const convolutions = [conv1d, conv2d, conv3d];
const transposes = [convTranspose1d, convTranspose2d, convTranspose3d];

interface Setting {
  readonly dims: number;
  readonly batch: number | undefined;
  readonly groups: number;
  readonly stride: number[];
  readonly padding: number[];
  readonly dilation: number[];
  readonly kernel: number[];
  readonly positions: number[];
  readonly rest: number[];
  readonly share: number;
  readonly outShare: number;
}

const settings: fc.Arbitrary<Setting> = fc.integer({ min: 1, max: 3 }).chain((dims) => {
  const perDim = (min: number, max: number): fc.Arbitrary<number[]> =>
    fc.array(fc.integer({ min, max }), { minLength: dims, maxLength: dims });
  return fc.record({
    dims: fc.constant(dims),
    batch: fc.option(fc.integer({ min: 0, max: 2 }), { nil: undefined }),
    groups: fc.integer({ min: 1, max: 2 }),
    stride: perDim(1, 2),
    padding: perDim(0, 2),
    dilation: perDim(1, 2),
    kernel: perDim(1, 3),
    positions: perDim(1, dims === 3 ? 2 : 3),
    rest: perDim(0, 1),
    share: fc.integer({ min: 1, max: 2 }),
    outShare: fc.integer({ min: 1, max: 2 }),
  });
});

/** The space that so many positions need, with some at the end that no window reaches, less the padding. */
function spaceOf({ stride, padding, dilation, kernel, positions, rest }: Setting): number[] {
  return positions.map((count, i) =>
    Math.max(
      0,
      (count - 1) * stride[i] + dilation[i] * (kernel[i] - 1) + 1 + Math.min(rest[i], stride[i] - 1) - 2 * padding[i],
    ),
  );
}

/** Σ over channels and kernel, written out; what lies outside of the space is zero. */
function naive(x: Tensor, weight: Tensor, bias: Tensor, setting: Setting): Tensor {
  const { dims, groups, stride, padding, dilation, kernel, share, outShare } = setting;
  const batched = x.rank === dims + 2;
  const space = x.shape.slice(-dims);
  const positions = space.map((size, i) =>
    Math.floor((size + 2 * padding[i] - dilation[i] * (kernel[i] - 1) - 1) / stride[i] + 1),
  );
  const lead = batched ? [x.shape[0]] : [];
  return byEntry([...lead, groups * outShare, ...positions], (place) => {
    const [o, ...at] = place.slice(lead.length);
    const group = Math.floor(o / outShare);
    return placesOf([share, ...kernel]).reduce(
      (sum, [c, ...k]) => {
        const where = at.map((p, i) => p * stride[i] + k[i] * dilation[i] - padding[i]);
        const inside = where.every((p, i) => p >= 0 && p < space[i]);
        const from = [...place.slice(0, lead.length), group * share + c, ...where];
        return inside ? sum + entryAt(x, from) * entryAt(weight, [o, c, ...k]) : sum;
      },
      entryAt(bias, [o]),
    );
  });
}

const drawn = settings
  .filter((setting) => spaceOf(setting).every((size) => size > 0))
  .chain((setting) => {
    const { batch, groups, kernel, share, outShare } = setting;
    return fc.record({
      setting: fc.constant(setting),
      x: drawTensor([...(batch === undefined ? [] : [batch]), groups * share, ...spaceOf(setting)]),
      weight: drawTensor([groups * outShare, share, ...kernel]),
      bias: drawTensor([groups * outShare]),
    });
  });

describe('conv1d, conv2d, conv3d', () => {
  it('are the sum over channels and kernel, in 1 to 3 dims, and linear in input and weight', () => {
    fc.assert(
      fc.property(drawn, ({ setting, x, weight, bias }) => {
        const convolve = convolutions[setting.dims - 1];
        expectSame(convolve(x, weight, bias, setting), naive(x, weight, bias, setting));
        expectLinear((y) => convolve(y, weight, null, setting), x);
        expectLinear((w) => convolve(x, w, undefined, setting), weight);
      }),
      { numRuns: 200 },
    );
  });

  it("padding 'same' keeps the size, with the odd zero at the end; 'valid' pads nothing", () => {
    const x = byEntry([1, 4], ([, i]) => i + 1);
    const weight = byEntry([1, 1, 2], ([, , k]) => 1 + 9 * k);
    expect(conv1d(x, weight, null, { padding: 'same' }).toArray()).toEqual([[21, 32, 43, 4]]);
    expect(conv1d(x, weight, null, { padding: 'valid' }).toArray()).toEqual([[21, 32, 43]]);
    expect(conv2d(ones([1, 5, 6]), ones([1, 1, 3, 4]), null, { padding: 'same', dilation: 2 }).shape).toEqual([
      1, 5, 6,
    ]);
  });

  it('never have the windows of a batch in memory, forwards or backwards', () => {
    const [x, weight] = [ones([16, 3, 12, 12]), ones([4, 3, 5, 5])];
    const { taken } = storagesTaken(() => {
      const [y, pull] = vjp((x, weight) => conv2d(x, weight, null, { padding: 2 }), x, weight);
      pull(y);
    });
    const windowsOfBatch = 5 * 5 * x.length;
    expect(taken.reduce((sum, { length }) => sum + length, 0)).toBeLessThan(windowsOfBatch / 2);
  });

  it('one number stands for all dims', () => {
    const [x, weight] = [ones([1, 1, 7, 7]), ones([1, 1, 2, 2])];
    const all = { stride: 2, padding: 1, dilation: 2 };
    const each = { stride: [2, 2], padding: [1, 1], dilation: [2, 2] };
    expectSame(conv2d(x, weight, null, all), conv2d(x, weight, null, each));
  });

  it('say what is wrong', () => {
    const [x, weight, bias] = [ones([2, 3, 5, 5]), ones([4, 3, 3, 3]), ones([4])];
    expect(() => conv2d(ones([5, 5]), weight)).toThrowErrorMatchingInlineSnapshot(`
      [GradtapeError: conv2d: the input has not the right number of dims
        got:   shape [5, 5]
        needs: [batch, channels, height, width], or [channels, height, width]
        fix:   unsqueeze(0) adds a batch, unsqueeze(1) a channel]
    `);
    expect(() => conv2d(x, ones([4, 3, 3]))).toThrowErrorMatchingInlineSnapshot(`
      [GradtapeError: conv2d: the weight has not the right number of dims
        got:   weight [4, 3, 3]
        needs: 4 dims: two for channels and 2 for the kernel
        fix:   check the weight, or take the convolution of its number of dims]
    `);
    expect(() => conv2d(x, ones([4, 2, 3, 3]))).toThrowErrorMatchingInlineSnapshot(`
      [GradtapeError: conv2d: the channels do not fit
        got:   input [2, 3, 5, 5], weight [4, 2, 3, 3], groups 1
        needs: 2 channels in the input, not 3
        fix:   check the layer before, or the order of the dims]
    `);
    expect(() => conv2d(x, ones([4, 1, 3, 3]), bias, { groups: 3 })).toThrowErrorMatchingInlineSnapshot(`
      [GradtapeError: conv2d: the channels do not fit
        got:   input [2, 3, 5, 5], weight [4, 1, 3, 3], groups 3
        needs: channels that fall into so many groups evenly
        fix:   take multiples of groups as numbers of channels]
    `);
    expect(() => conv2d(x, weight, ones([3]))).toThrowErrorMatchingInlineSnapshot(`
      [GradtapeError: conv2d: the bias does not fit
        got:   bias [3]
        needs: [4]
        fix:   one entry for each output channel]
    `);
    expect(() => conv2d(x, to(weight, 'float64'))).toThrowErrorMatchingInlineSnapshot(`
      [GradtapeError: conv2d: the dtypes differ
        got:   input float32, weight float64
        needs: one dtype
        fix:   convert the input: x.to('float64')]
    `);
    expect(() => conv2d(to(x, 'int32'), to(weight, 'int32'))).toThrowErrorMatchingInlineSnapshot(`
      [GradtapeError: conv2d: not defined for whole numbers
        got:   dtype int32
        needs: float32 or float64
        fix:   convert first: x.to('float32')]
    `);
    expect(() => conv2d(x, weight, bias, { dilation: 3 })).toThrowErrorMatchingInlineSnapshot(`
      [GradtapeError: conv2d: the kernel is larger than the input
        got:   a kernel that spans [7, 7], on a space of [5, 5] with the padding
        needs: a kernel that fits into it
        fix:   pad more, take a smaller kernel, or check that the last dims are the space]
    `);
    expect(() => conv2d(x, weight, bias, { stride: 0 })).toThrowErrorMatchingInlineSnapshot(`
      [GradtapeError: conv2d: stride does not fit
        got:   0
        needs: whole numbers from 1: one for all, or 2
        fix:   stride: [1, 1]]
    `);
    expect(() => conv2d(x, weight, bias, { padding: [1] })).toThrowErrorMatchingInlineSnapshot(`
      [GradtapeError: conv2d: padding does not fit
        got:   [1]
        needs: whole numbers from 0: one for all, or 2
        fix:   padding: [1, 1]]
    `);
    expect(() => conv2d(x, weight, bias, { padding: 'same', stride: 2 })).toThrowErrorMatchingInlineSnapshot(`
      [GradtapeError: conv2d: padding 'same' with a stride
        got:   stride [2, 2]
        needs: stride 1
        fix:   give the padding in numbers]
    `);
  });
});

describe('convTranspose1d, convTranspose2d, convTranspose3d', () => {
  it('put the kernel, times each entry, onto the output', () => {
    fc.assert(
      fc.property(
        drawn,
        fc.infiniteStream(fc.integer({ min: 0, max: 1 })),
        ({ setting, x, weight: drawnWeight }, added) => {
          const { dims, groups, stride, padding, dilation, kernel, share, outShare } = setting;
          const outputPadding = stride.map((step, i) => Math.min(added.next().value, Math.max(step, dilation[i]) - 1));
          const weight = byEntry([groups * share, outShare, ...kernel], (place) =>
            entryAt(drawnWeight, [(place[0] % groups) * outShare + place[1], place[0] % share, ...place.slice(2)]),
          );
          const space = x.shape.slice(-dims);
          const size = space.map(
            (length, i) =>
              (length - 1) * stride[i] - 2 * padding[i] + dilation[i] * (kernel[i] - 1) + outputPadding[i] + 1,
          );
          if (size.some((length) => length <= 0)) return;
          const lead = x.shape.slice(0, -dims - 1);
          const expected = byEntry([...lead, groups * outShare, ...size], () => 0);
          for (const place of placesOf([...lead, groups * share, ...space, outShare, ...kernel])) {
            const batch = place.slice(0, lead.length);
            const [c, ...rest] = place.slice(lead.length);
            const [at, o, k] = [rest.slice(0, dims), rest[dims], rest.slice(dims + 1)];
            const target = at.map((p, i) => p * stride[i] + k[i] * dilation[i] - padding[i]);
            if (!target.every((p, i) => p >= 0 && p < size[i])) continue;
            const channel = Math.floor(c / share) * outShare + o;
            const to = [...batch, channel, ...target].reduce((sum, i, d) => sum + i * expected.strides[d], 0);
            expected.storage[to] += entryAt(x, [...batch, c, ...at]) * entryAt(weight, [c, o, ...k]);
          }
          const transposed = transposes[dims - 1];
          const options = { ...setting, outputPadding };
          expectSame(transposed(x, weight, null, options), expected);
          expectLinear((y) => transposed(y, weight, null, options), x);
          expectLinear((w) => transposed(x, w, null, options), weight);
        },
      ),
      { numRuns: 200 },
    );
  });

  it('add the bias, and say what is wrong', () => {
    const [x, weight] = [ones([1, 2, 3, 3]), ones([2, 4, 2, 2])];
    expect(convTranspose2d(x, weight, ones([4]), { padding: 1 }).shape).toEqual([1, 4, 2, 2]);
    expect(convTranspose1d(ones([1, 2]), ones([1, 1, 1]), ones([1])).toArray()).toEqual([[2, 2]]);
    expect(() => convTranspose2d(x, ones([3, 4, 2, 2]))).toThrowErrorMatchingInlineSnapshot(`
      [GradtapeError: convTranspose2d: the channels do not fit
        got:   input [1, 2, 3, 3], weight [3, 4, 2, 2], groups 1
        needs: 3 channels in the input, not 2
        fix:   check the layer before, or the order of the dims]
    `);
    expect(() => convTranspose2d(x, weight, ones([2]))).toThrowErrorMatchingInlineSnapshot(`
      [GradtapeError: convTranspose2d: the bias does not fit
        got:   bias [2]
        needs: [4]
        fix:   one entry for each output channel]
    `);
    expect(() => convTranspose2d(x, weight, null, { outputPadding: 1 })).toThrowErrorMatchingInlineSnapshot(`
      [GradtapeError: convTranspose2d: outputPadding is too large
        got:   outputPadding [1, 1], stride [1, 1]
        needs: less than stride or dilation, in each dim
        fix:   it only chooses between sizes that the stride cannot tell apart; use pad to add more]
    `);
    expect(() => convTranspose2d(x, weight, null, { padding: 2 })).toThrowErrorMatchingInlineSnapshot(`
      [GradtapeError: convTranspose2d: the padding cuts off everything
        got:   input [1, 2, 3, 3] and an output space of [0, 0]
        needs: an output that is not empty
        fix:   pad less]
    `);
  });
});
