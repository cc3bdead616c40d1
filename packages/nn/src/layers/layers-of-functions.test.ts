// Layers that are a function with its settings: they give what the function gives.
import * as autograd from '@gradtape/autograd';
import { Generator, randn, type Tensor } from '@gradtape/autograd';
import { describe, expect, test } from 'vitest';
import * as nn from '../index.ts';

function numbers(...shape: readonly number[]): Tensor {
  return randn(shape, { dtype: 'float64', generator: new Generator(0) });
}

const line = numbers(2, 3, 5);
const image = numbers(2, 4, 6, 4);
const volume = numbers(1, 2, 3, 4, 5);
const { pad } = autograd;

const cases: readonly [nn.Module, inputs: readonly Tensor[], () => Tensor][] = [
  [new nn.ZeroPad1d(2), [line], () => pad(line, [2, 2])],
  [new nn.ZeroPad2d([1, 0, -1, 3]), [image], () => pad(image, [1, 0, -1, 3])],
  [new nn.ZeroPad3d(1), [volume], () => pad(volume, [1, 1, 1, 1, 1, 1])],
  [new nn.ConstantPad1d([0, 1], 7), [line], () => pad(line, [0, 1], { value: 7 })],
  [new nn.ConstantPad2d(1, 7), [image], () => pad(image, [1, 1, 1, 1], { value: 7 })],
  [new nn.ConstantPad3d(1, 7), [volume], () => pad(volume, [1, 1, 1, 1, 1, 1], { value: 7 })],
  [new nn.ReflectionPad1d([1, 2]), [line], () => pad(line, [1, 2], { mode: 'reflect' })],
  [new nn.ReflectionPad2d([1, 2, 3, 0]), [image], () => pad(image, [1, 2, 3, 0], { mode: 'reflect' })],
  [new nn.ReflectionPad3d(1), [volume], () => pad(volume, [1, 1, 1, 1, 1, 1], { mode: 'reflect' })],
  [new nn.ReplicationPad1d([1, 2]), [line], () => pad(line, [1, 2], { mode: 'replicate' })],
  [new nn.ReplicationPad2d([1, 2, 3, 0]), [image], () => pad(image, [1, 2, 3, 0], { mode: 'replicate' })],
  [new nn.ReplicationPad3d(1), [volume], () => pad(volume, [1, 1, 1, 1, 1, 1], { mode: 'replicate' })],
  [new nn.CircularPad1d([1, 2]), [line], () => pad(line, [1, 2], { mode: 'circular' })],
  [new nn.CircularPad2d([1, 2, 3, 0]), [image], () => pad(image, [1, 2, 3, 0], { mode: 'circular' })],
  [new nn.CircularPad3d(1), [volume], () => pad(volume, [1, 1, 1, 1, 1, 1], { mode: 'circular' })],
  [
    new nn.Upsample({ size: [5, 7], mode: 'bilinear' }),
    [image],
    () => autograd.interpolate(image, { size: [5, 7], mode: 'bilinear' }),
  ],
  [new nn.UpsamplingNearest2d({ scaleFactor: 2 }), [image], () => autograd.interpolate(image, { scaleFactor: 2 })],
  [
    new nn.UpsamplingBilinear2d({ scaleFactor: 2 }),
    [image],
    () => autograd.interpolate(image, { scaleFactor: 2, mode: 'bilinear', alignCorners: true }),
  ],
  [new nn.Unflatten(1, [2, -1]), [image], () => autograd.unflatten(image, 1, [2, -1])],
  [new nn.ChannelShuffle(2), [image], () => autograd.channelShuffle(image, 2)],
  [new nn.PixelShuffle(2), [image], () => autograd.pixelShuffle(image, 2)],
  [new nn.PixelUnshuffle(2), [image], () => autograd.pixelUnshuffle(image, 2)],
  [
    new nn.Unfold([2, 3], { stride: 2, padding: 1 }),
    [image],
    () => autograd.unfold(image, [2, 3], { stride: 2, padding: 1 }),
  ],
  [
    new nn.Fold([4, 5], 2, { dilation: 2 }),
    [numbers(2, 8, 6)],
    () => autograd.fold(numbers(2, 8, 6), [4, 5], 2, { dilation: 2 }),
  ],
  [
    new nn.LocalResponseNorm(2, { alpha: 0.5, k: 2 }),
    [image],
    () => autograd.localResponseNorm(image, 2, { alpha: 0.5, k: 2 }),
  ],
  [new nn.CosineSimilarity(), [line, line.neg()], () => autograd.cosineSimilarity(line, line.neg(), 1)],
  [
    new nn.CosineSimilarity(-1, { eps: 2 }),
    [line, line.exp()],
    () => autograd.cosineSimilarity(line, line.exp(), -1, { eps: 2 }),
  ],
  [
    new nn.PairwiseDistance({ p: 1, keepDim: true }),
    [line, line.exp()],
    () => autograd.pairwiseDistance(line, line.exp(), { p: 1, keepDim: true }),
  ],
];

describe('layers of functions', () => {
  test.each(cases.map(([layer, inputs, wanted]) => [String(layer), layer, inputs, wanted] as const))(
    '%s',
    (_, layer, inputs, wanted) => {
      expect(layer.forward(...inputs).toArray()).toEqual(wanted().toArray());
      expect(layer.parameters()).toEqual([]);
    },
  );
});

test('paddings take what has no batch', () => {
  const [first] = image.unbind(0);
  expect(new nn.ReflectionPad2d(1).forward(first).toArray()).toEqual(
    new nn.ReflectionPad2d(1).forward(image).select(0, 0).toArray(),
  );
});

test('RReLU draws slopes while training only', () => {
  const layer = new nn.RReLU({ lower: 0.1, upper: 0.3, generator: new Generator(1) });
  const below = line.abs().neg();
  const slopes = layer.forward(below).div(below);
  expect(new Set(slopes.toTypedArray()).size).toBeGreaterThan(10);
  expect(slopes.amin().item()).toBeGreaterThanOrEqual(0.1);
  expect(slopes.amax().item()).toBeLessThanOrEqual(0.3);
  expect(layer.eval().forward(below).toArray()).toEqual(autograd.leakyRelu(below, 0.2).toArray());
});

test('MaxUnpool layers are the way back from what was pooled', () => {
  const options = { stride: 2, padding: 1 };
  const pooled = autograd.maxPool2d(image, 3, { ...options, returnIndices: true });
  const layer = new nn.MaxUnpool2d(3, options);
  expect(layer.forward(pooled.values, pooled.indices, { outputSize: [6, 4] }).toArray()).toEqual(
    autograd.maxUnpool2d(pooled.values, pooled.indices, 3, { ...options, outputSize: [6, 4] }).toArray(),
  );
  expect(String(layer)).toBe('MaxUnpool2d(3, { stride: 2, padding: 1 })');
  const ofLine = autograd.maxPool1d(line, 2, { returnIndices: true });
  expect(new nn.MaxUnpool1d(2).forward(ofLine.values, ofLine.indices).shape).toEqual([2, 3, 4]);
  const ofVolume = autograd.maxPool3d(volume, 2, { returnIndices: true });
  expect(new nn.MaxUnpool3d(2).forward(ofVolume.values, ofVolume.indices).shape).toEqual([1, 2, 2, 4, 4]);
});
