import { conv2d, Generator, GradtapeError, pad, randn, type Tensor, zeros } from '@gradtape/autograd';
import { describe, expect, it } from 'vitest';
import { expectGradients } from '../expect-gradients.ts';
import type { Module } from '../module.ts';
import { Conv1d, Conv2d, Conv3d } from './convolution.ts';
import { ConvTranspose1d, ConvTranspose2d, ConvTranspose3d } from './transposed-convolution.ts';

const draw = (shape: number[]): Tensor => randn(shape, { dtype: 'float64', generator: new Generator(0) });
const dtype = 'float64';

const cases: readonly [Module, input: number[], output: number[], weight: number[]][] = [
  [new Conv1d(2, 3, 3, { dtype }), [2, 2, 7], [2, 3, 5], [3, 2, 3]],
  [new Conv1d(4, 6, 2, { dtype, stride: 2, padding: 1, groups: 2 }), [4, 7], [6, 4], [6, 2, 2]],
  [new Conv1d(2, 2, 4, { dtype, padding: 'same', paddingMode: 'reflect' }), [1, 2, 6], [1, 2, 6], [2, 2, 4]],
  [new Conv2d(2, 3, 3, { dtype, bias: false }), [2, 2, 5, 6], [2, 3, 3, 4], [3, 2, 3, 3]],
  [
    new Conv2d(2, 3, [3, 2], { dtype, stride: [2, 1], padding: [1, 0], dilation: [1, 2] }),
    [1, 2, 5, 5],
    [1, 3, 3, 3],
    [3, 2, 3, 2],
  ],
  [
    new Conv2d(2, 1, [3, 2], { dtype, padding: [2, 1], paddingMode: 'circular' }),
    [1, 2, 4, 4],
    [1, 1, 6, 5],
    [1, 2, 3, 2],
  ],
  [new Conv2d(2, 1, 3, { dtype, padding: 1, paddingMode: 'replicate' }), [1, 2, 4, 4], [1, 1, 4, 4], [1, 2, 3, 3]],
  [new Conv2d(2, 1, 3, { dtype, padding: 'valid', paddingMode: 'reflect' }), [1, 2, 4, 4], [1, 1, 2, 2], [1, 2, 3, 3]],
  [new Conv3d(1, 2, 2, { dtype }), [1, 1, 3, 3, 3], [1, 2, 2, 2, 2], [2, 1, 2, 2, 2]],
  [new ConvTranspose1d(2, 3, 3, { dtype, stride: 2, outputPadding: 1 }), [1, 2, 3], [1, 3, 8], [2, 3, 3]],
  [new ConvTranspose2d(4, 6, 3, { dtype, groups: 2, stride: 2, padding: 1 }), [1, 4, 3, 3], [1, 6, 5, 5], [4, 3, 3, 3]],
  [new ConvTranspose3d(1, 2, 2, { dtype, bias: false }), [1, 1, 2, 2, 2], [1, 2, 3, 3, 3], [1, 2, 2, 2, 2]],
];

describe('convolution layers', () => {
  it.each(cases.map((each) => [String(each[0]), ...each] as const))('%s', (_, layer, input, output, weight) => {
    expect(layer.forward(draw(input)).shape).toEqual(output);
    expect(layer.stateDict().weight.shape).toEqual(weight);
    expectGradients(layer, [draw(input)]);
  });

  it('pad both sides of each dim by its own margin, in every mode', () => {
    const x = draw([1, 2, 4, 5]);
    for (const paddingMode of ['reflect', 'replicate', 'circular'] as const) {
      const layer = new Conv2d(2, 3, 2, { dtype, padding: [2, 1], paddingMode });
      const padded = pad(x, [1, 1, 2, 2], { mode: paddingMode });
      expect(layer.forward(x).toArray()).toEqual(conv2d(padded, layer.weight, layer.bias).toArray());
    }
    const same = new Conv2d(2, 3, [2, 3], { dtype, padding: 'same', dilation: [3, 1], paddingMode: 'replicate' });
    const padded = pad(x, [1, 1, 1, 2], { mode: 'replicate' });
    const wanted = conv2d(padded, same.weight, same.bias, { dilation: [3, 1] });
    expect(same.forward(x).toArray()).toEqual(wanted.toArray());
  });

  it('start evenly distributed within 1 / √fanIn', () => {
    const generator = new Generator(1);
    const layers: [Conv2d | ConvTranspose2d, fanIn: number][] = [
      [new Conv2d(16, 64, [3, 5], { groups: 2, generator }), 8 * 15],
      [new ConvTranspose2d(64, 16, [3, 5], { groups: 2, generator }), 8 * 15],
    ];
    for (const [layer, fanIn] of layers) {
      const entries = [...layer.weight.toTypedArray()].map((entry) => entry * Math.sqrt(fanIn));
      const variance = entries.reduce((sum, x) => sum + x ** 2, 0) / entries.length;
      expect(Math.max(...entries.map(Math.abs))).toBeLessThanOrEqual(1 + 1e-6);
      expect(Math.abs(3 * variance - 1)).toBeLessThan(5 * Math.sqrt(0.8 / entries.length));
      const biases = [...layer.bias.toTypedArray()].map((entry) => Math.abs(entry) * Math.sqrt(fanIn));
      expect(Math.max(...biases)).toBeLessThanOrEqual(1 + 1e-6);
      expect(Math.max(...biases)).toBeGreaterThan(0.7);
    }
  });

  it('say what they take', () => {
    expect(() => new Conv2d(3, 4, 3, { groups: 2 })).toThrow(GradtapeError);
    expect(() => new Conv2d(4, 3, 3, { groups: 2 })).toThrow(GradtapeError);
    expect(() => new ConvTranspose2d(4, 3, 3, { groups: 2 })).toThrow(GradtapeError);
    expect(() => new Conv2d(3, 4, [3] as unknown as [number, number])).toThrow(GradtapeError);
    for (const size of [0, -1, 2.5]) expect(() => new Conv2d(3, 4, size)).toThrow(GradtapeError);
    expect(() => new Conv2d(3, 4, 3).forward(zeros([1, 4, 8, 8]))).toThrow(GradtapeError);
  });
});
