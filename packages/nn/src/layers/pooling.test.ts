import * as autograd from '@gradtape/autograd';
import { Generator, GradtapeError, randn, type Tensor, zeros } from '@gradtape/autograd';
import { describe, expect, it } from 'vitest';
import { expectGradients } from '../expect-gradients.ts';
import type { Layer } from '../layer.ts';
import * as pooling from './pooling.ts';

const line = randn([2, 3, 7], { dtype: 'float64', generator: new Generator(0) });
const image = randn([2, 3, 6, 7], { dtype: 'float64', generator: new Generator(0) });
const volume = randn([2, 3, 4, 3, 5], { dtype: 'float64', generator: new Generator(0) });

// biome-ignore format: one case a line
const cases: readonly [Layer, Tensor, () => Tensor, printed: string][] = [
  [new pooling.MaxPool1d(2), line, () => autograd.maxPool1d(line, 2), 'MaxPool1d(2)'],
  [new pooling.MaxPool2d(3, { stride: 2, padding: 1 }), image, () => autograd.maxPool2d(image, 3, { stride: 2, padding: 1 }), 'MaxPool2d(3, { stride: 2, padding: 1 })'],
  [new pooling.AvgPool1d(3, { ceilMode: true }), line, () => autograd.avgPool1d(line, 3, { ceilMode: true }), 'AvgPool1d(3, { ceilMode: true })'],
  [new pooling.AvgPool2d([3, 2], { padding: 1, countIncludePad: false }), image, () => autograd.avgPool2d(image, [3, 2], { padding: 1, countIncludePad: false }), 'AvgPool2d([3, 2], { padding: 1, countIncludePad: false })'],
  [new pooling.MaxPool3d(2, { stride: 1 }), volume, () => autograd.maxPool3d(volume, 2, { stride: 1 }), 'MaxPool3d(2, { stride: 1 })'],
  [new pooling.AvgPool3d([2, 1, 3], { divisorOverride: 5 }), volume, () => autograd.avgPool3d(volume, [2, 1, 3], { divisorOverride: 5 }), 'AvgPool3d([2, 1, 3], { divisorOverride: 5 })'],
  [new pooling.AdaptiveAvgPool3d([2, null, 1]), volume, () => autograd.adaptiveAvgPool3d(volume, [2, null, 1]), 'AdaptiveAvgPool3d([2, null, 1])'],
  [new pooling.AdaptiveMaxPool3d(2), volume, () => autograd.adaptiveMaxPool3d(volume, 2), 'AdaptiveMaxPool3d(2)'],
  [new pooling.LPPool1d(2, 3, { stride: 1 }), line, () => autograd.lpPool1d(line, 2, 3, { stride: 1 }), 'LPPool1d(2, 3, { stride: 1 })'],
  [new pooling.LPPool2d(2, [1, 2]), image, () => autograd.lpPool2d(image, 2, [1, 2]), 'LPPool2d(2, [1, 2])'],
  [new pooling.LPPool3d(2, 2), volume, () => autograd.lpPool3d(volume, 2, 2), 'LPPool3d(2, 2)'],
  [new pooling.AdaptiveAvgPool1d(3), line, () => autograd.adaptiveAvgPool1d(line, 3), 'AdaptiveAvgPool1d(3)'],
  [new pooling.AdaptiveAvgPool2d([2, null]), image, () => autograd.adaptiveAvgPool2d(image, [2, null]), 'AdaptiveAvgPool2d([2, null])'],
  [new pooling.AdaptiveMaxPool1d(3), line, () => autograd.adaptiveMaxPool1d(line, 3), 'AdaptiveMaxPool1d(3)'],
  [new pooling.AdaptiveMaxPool2d([4, 3]), image, () => autograd.adaptiveMaxPool2d(image, [4, 3]), 'AdaptiveMaxPool2d([4, 3])'],
];

describe('poolings as layers', () => {
  it('are all here', () => {
    const tested = new Set<unknown>(cases.map(([layer]) => layer.constructor));
    expect(Object.values(pooling).filter((layer) => !tested.has(layer))).toEqual([]);
  });

  it.each(cases.map(([layer, x, wanted, printed]) => [printed, layer, x, wanted] as const))(
    '%s',
    (printed, layer, x, wanted) => {
      expect(layer.forward(x).toArray()).toEqual(wanted().toArray());
      expect(String(layer)).toBe(printed);
      expectGradients(layer, [x]);
    },
  );

  it('say what they take', () => {
    expect(() => new pooling.MaxPool2d(2).forward(zeros([4, 4]))).toThrow(GradtapeError);
    expect(() => new pooling.MaxPool2d(5).forward(zeros([1, 4, 4]))).toThrow(GradtapeError);
  });
});
