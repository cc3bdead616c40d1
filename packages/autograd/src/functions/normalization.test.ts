import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Tensor } from '../core/tensor.ts';
import type { Domain, Draw } from '../tape/primitive.ts';
import { grad } from '../transforms/grad.ts';
import { hold } from '../verify/expect-laws.ts';
import { asPrimitive, lawsOfFunctions } from '../verify/function-primitive.ts';
import { batchNorm, instanceNorm, type NormalizedBatch } from './batch-norm.ts';
import { full, ones, tensor } from './creation.ts';
import { byEntry, drawShape, drawTensor, entryAt, placesOf } from './draw-tensor.ts';
import { groupNorm, layerNorm, rmsNorm } from './normalization.ts';
import { sum } from './reductions.ts';

function expectClose(got: Tensor, wanted: Tensor): void {
  expect(got.shape).toEqual(wanted.shape);
  const entries = wanted.toTypedArray();
  got.toTypedArray().forEach((entry, i) => {
    expect(entry).toBeCloseTo(entries[i], 9);
  });
}

/** Mean and variance of the entries that stand with one, by the definition. */
function momentsAmong(x: Tensor, standsWith: (other: readonly number[]) => boolean): [mean: number, variance: number] {
  const entries = placesOf(x.shape)
    .filter(standsWith)
    .map((place) => entryAt(x, place));
  const mean = entries.reduce((total, entry) => total + entry, 0) / entries.length;
  return [mean, entries.reduce((total, entry) => total + (entry - mean) ** 2, 0) / entries.length];
}

type StandTogether = (a: readonly number[], b: readonly number[]) => boolean;

/** Every entry standardized among those that it stands with, then scaled and shifted. */
function naive(x: Tensor, together: StandTogether, eps: number, factor: Scale, shift: Scale): Tensor {
  return byEntry(x.shape, (place) => {
    const [mean, variance] = momentsAmong(x, (other) => together(place, other));
    return ((entryAt(x, place) - mean) / Math.sqrt(variance + eps)) * factor(place) + shift(place);
  });
}
type Scale = (place: readonly number[]) => number;

const eps = 0.01;
const wide: Domain = { low: -2, high: 2 };
const imageShape = drawShape(1, 2, { min: 1, max: 3 }).chain((space) =>
  fc.tuple(fc.integer({ min: 1, max: 3 }), fc.constantFrom(1, 2, 4)).map((lead) => [...lead, ...space]),
);

describe('the values', () => {
  test('layerNorm standardizes the last dims', () => {
    const drawn = drawShape(1, 3, { min: 1 }).chain((shape) =>
      fc.integer({ min: 1, max: shape.length }).chain((count) =>
        fc.record({
          x: drawTensor(shape),
          weight: drawTensor(shape.slice(-count)),
          bias: drawTensor(shape.slice(-count)),
        }),
      ),
    );
    fc.assert(
      fc.property(drawn, ({ x, weight, bias }) => {
        const lead = x.rank - weight.rank;
        const together: StandTogether = (a, b) => a.slice(0, lead).join() === b.slice(0, lead).join();
        const inShape =
          (t: Tensor): Scale =>
          (place) =>
            entryAt(t, place.slice(lead));
        const expected = naive(x, together, eps, inShape(weight), inShape(bias));
        expectClose(layerNorm(x, weight.shape, { weight, bias, eps }), expected);
        expectClose(
          layerNorm(x, weight.shape, { eps }),
          naive(
            x,
            together,
            eps,
            () => 1,
            () => 0,
          ),
        );
      }),
    );
  });

  test('rmsNorm divides the last dims by their root mean square', () => {
    const x = tensor([[3, -4, 0, 0]], { dtype: 'float64' });
    expectClose(rmsNorm(x, [4], { eps: 0 }), tensor([[1.2, -1.6, 0, 0]], { dtype: 'float64' }));
    expectClose(
      rmsNorm(x, 4, { weight: full([4], 2, { dtype: 'float64' }) }),
      tensor([[2.4, -3.2, 0, 0]], { dtype: 'float64' }),
    );
    expect(rmsNorm(tensor([0, 0]), 2).toArray()).toEqual([0, 0]);
  });

  test('groupNorm standardizes groups of channels of a sample', () => {
    const drawn = imageShape.chain((shape) => {
      const [, channels] = shape;
      return fc.record({
        x: drawTensor(shape),
        weight: drawTensor([channels]),
        bias: drawTensor([channels]),
        groups: fc.constantFrom(...[1, 2, 4].filter((count) => channels % count === 0)),
      });
    });
    fc.assert(
      fc.property(drawn, ({ x, weight, bias, groups }) => {
        const share = x.shape[1] / groups;
        const group = (place: readonly number[]): string => `${place[0]} ${Math.floor(place[1] / share)}`;
        const perChannel =
          (t: Tensor): Scale =>
          ([, c]) =>
            entryAt(t, [c]);
        const expected = naive(x, (a, b) => group(a) === group(b), eps, perChannel(weight), perChannel(bias));
        expectClose(groupNorm(x, groups, { weight, bias, eps }), expected);
      }),
    );
  });

  const channelwise = imageShape
    .filter((shape) => shape.slice(2).some((size) => size > 1))
    .chain((shape) => {
      const perChannel = drawTensor([shape[1]]);
      return fc.record({ x: drawTensor(shape), weight: perChannel, bias: perChannel, running: perChannel });
    });

  test.each([
    { name: 'batchNorm', norm: batchNorm, overBatch: true },
    { name: 'instanceNorm', norm: instanceNorm, overBatch: false },
  ])('$name standardizes channels, and moves the running statistics', ({ norm, overBatch }) => {
    const run = norm as (x: Tensor, options: object) => NormalizedBatch;
    fc.assert(
      fc.property(channelwise, ({ x, weight, bias, running }) => {
        const together: StandTogether = (a, b) => a[1] === b[1] && (overBatch || a[0] === b[0]);
        const perChannel =
          (t: Tensor): Scale =>
          ([, c]) =>
            entryAt(t, [c]);
        const options = {
          weight,
          bias,
          eps,
          training: true,
          momentum: 0.25,
          runningMean: running,
          runningVar: running,
        };
        const { output, runningMean, runningVar } = run(x, options);
        expectClose(output, naive(x, together, eps, perChannel(weight), perChannel(bias)));

        const samples = overBatch ? [[0]] : Array.from({ length: x.shape[0] }, (_, n) => [n]);
        const count = x.length / x.shape[1] / samples.length;
        const average = (c: number, of: (mean: number, variance: number) => number): number =>
          samples.reduce((total, [n]) => {
            const moments = momentsAmong(x, (other) => together([n, c], other));
            return total + of(...moments) / samples.length;
          }, 0);
        const moved = (of: (mean: number, variance: number) => number): Tensor =>
          byEntry(running.shape, ([c]) => 0.75 * entryAt(running, [c]) + 0.25 * average(c, of));
        expectClose(
          runningMean as Tensor,
          moved((mean) => mean),
        );
        expectClose(
          runningVar as Tensor,
          moved((_, variance) => (variance * count) / (count - 1)),
        );
      }),
    );
  });

  test('with the running statistics every sample is scaled alike, and they stay', () => {
    const x = tensor([[[1, 3]], [[5, 9]]]);
    const running = { runningMean: tensor([1]), runningVar: tensor([4]) };
    for (const { output, ...after } of [
      batchNorm(x, { ...running, eps: 0 }),
      instanceNorm(x, { ...running, eps: 0, useInputStats: false }),
    ]) {
      expect(output.toArray()).toEqual([[[0, 1]], [[2, 4]]]);
      expect(after).toEqual(running);
    }
    expect(batchNorm(x, { training: true }).runningMean).toBeNull();
  });

  test('a constant line becomes zero, with derivative zero', () => {
    const x = full([2, 3], 5, { dtype: 'float64' });
    expect(layerNorm(x, 3).toArray()).toEqual([
      [0, 0, 0],
      [0, 0, 0],
    ]);
    expect(grad((y: Tensor) => sum(layerNorm(y, 3)))(x).toArray()).toEqual([
      [0, 0, 0],
      [0, 0, 0],
    ]);
  });
});

describe.each(lawsOfFunctions)('%s', (_, law) => {
  const line = (draw: Draw): Tensor[] => {
    const shape = [draw.integer(1, 2), draw.integer(2, 4)];
    return [draw.tensor(shape, wide), draw.tensor(shape.slice(1), wide), draw.tensor(shape.slice(1), wide)];
  };
  const image = (draw: Draw): Tensor[] => {
    const channels = draw.integer(1, 2) * 2;
    const perChannel = (): Tensor => draw.tensor([channels], wide);
    return [draw.tensor([draw.integer(1, 2), channels, draw.integer(2, 3)], wide), perChannel(), perChannel()];
  };
  // A large eps keeps differences accurate where a line is nearly constant.
  const soft = { eps: 0.5 };

  test.each([
    [
      'layerNorm',
      line,
      (x: Tensor, weight: Tensor, bias: Tensor) => layerNorm(x, weight.shape, { ...soft, weight, bias }),
    ],
    ['rmsNorm', line, (x: Tensor, weight: Tensor, _: Tensor) => rmsNorm(x, weight.shape, { ...soft, weight })],
    ['groupNorm', image, (x: Tensor, weight: Tensor, bias: Tensor) => groupNorm(x, 2, { ...soft, weight, bias })],
    [
      'batchNorm',
      image,
      (x: Tensor, weight: Tensor, bias: Tensor) => batchNorm(x, { ...soft, weight, bias, training: true }).output,
    ],
    [
      'instanceNorm',
      image,
      (x: Tensor, weight: Tensor, bias: Tensor) => instanceNorm(x, { ...soft, weight, bias }).output,
    ],
  ] as const)('%s', (name, sample, norm) => {
    hold(law, asPrimitive(name, norm, sample), { runs: 10 });
  });
});

test('errors say what is wrong', () => {
  const x = ones([2, 4, 3]);
  expect(() => layerNorm(x, [4])).toThrowErrorMatchingInlineSnapshot(`
    [GradtapeError: layerNorm: the last sizes are others
      got:   shape [2, 4, 3], to be normalized over [4]
      needs: a shape that ends with [4]
      fix:   give the sizes of the last dims of the input]
  `);
  expect(() => layerNorm(x, [4, 3], { weight: ones([3]) })).toThrowErrorMatchingInlineSnapshot(`
    [GradtapeError: layerNorm: the weight has another shape
      got:   [3]
      needs: [4, 3]
      fix:   make the weight with the normalized shape]
  `);
  expect(() => rmsNorm(tensor([1], { dtype: 'int32' }), 1)).toThrowErrorMatchingInlineSnapshot(`
    [GradtapeError: rmsNorm: not defined for whole numbers
      got:   dtype int32
      needs: float32 or float64
      fix:   convert first: x.to('float32')]
  `);
  expect(() => groupNorm(x, 3)).toThrowErrorMatchingInlineSnapshot(`
    [GradtapeError: groupNorm: the channels do not divide into the groups
      got:   4 channels, 3 groups
      needs: a divisor of the number of channels
      fix:   choose another number of groups]
  `);
  expect(() => batchNorm(x)).toThrowErrorMatchingInlineSnapshot(`
    [GradtapeError: batchNorm: nothing to normalize with
      got:   training: false, and no running statistics
      needs: runningMean and runningVar, or training: true
      fix:   train first, or pass { training: true }]
  `);
  expect(() => batchNorm(ones([1, 4]), { training: true })).toThrowErrorMatchingInlineSnapshot(`
    [GradtapeError: batchNorm: one entry is no statistics
      got:   shape [1, 4]
      needs: more than one entry for each channel
      fix:   use a larger batch, dropLast, or eval()]
  `);
  expect(() => batchNorm(x, { training: true, bias: ones([3]) })).toThrowErrorMatchingInlineSnapshot(`
    [GradtapeError: batchNorm: bias has another size
      got:   [3]
      needs: [4], one entry for each channel
      fix:   give the layer the number of channels of its input]
  `);
  expect(() => instanceNorm(ones([2, 4]))).toThrowErrorMatchingInlineSnapshot(`
    [GradtapeError: instanceNorm: one entry is no statistics
      got:   shape [2, 4]
      needs: more than one entry for each channel of a sample
      fix:   use layerNorm for inputs without space]
  `);
  expect(() => instanceNorm(x, { useInputStats: false })).toThrowErrorMatchingInlineSnapshot(`
    [GradtapeError: instanceNorm: nothing to normalize with
      got:   useInputStats: false, and no running statistics
      needs: runningMean and runningVar, or useInputStats: true
      fix:   train first, or pass { useInputStats: true }]
  `);
});
