import * as autograd from '@gradtape/autograd';
import { Generator, randn, type Tensor, tensor } from '@gradtape/autograd';
import { describe, expect, it } from 'vitest';
import { expectGradients } from '../expect-gradients.ts';
import type { Layer } from '../layer.ts';
import * as activations from './activations.ts';
import { PReLU } from './prelu.ts';

const cases: readonly [Layer, (x: Tensor) => Tensor, printed: string][] = [
  [new activations.ReLU(), autograd.relu, 'ReLU()'],
  [new activations.ReLU6(), autograd.relu6, 'ReLU6()'],
  [new activations.SELU(), autograd.selu, 'SELU()'],
  [new activations.SiLU(), autograd.silu, 'SiLU()'],
  [new activations.Mish(), autograd.mish, 'Mish()'],
  [new activations.Sigmoid(), autograd.sigmoid, 'Sigmoid()'],
  [new activations.LogSigmoid(), autograd.logsigmoid, 'LogSigmoid()'],
  [new activations.Hardsigmoid(), autograd.hardsigmoid, 'Hardsigmoid()'],
  [new activations.Hardswish(), autograd.hardswish, 'Hardswish()'],
  [new activations.Tanh(), autograd.tanh, 'Tanh()'],
  [new activations.Softsign(), autograd.softsign, 'Softsign()'],
  [new activations.Tanhshrink(), autograd.tanhshrink, 'Tanhshrink()'],
  [new activations.LeakyReLU(), (x) => autograd.leakyRelu(x), 'LeakyReLU()'],
  [new activations.LeakyReLU(0.2), (x) => autograd.leakyRelu(x, 0.2), 'LeakyReLU(0.2)'],
  [new activations.ELU({ alpha: 0.5 }), (x) => autograd.elu(x, 0.5), 'ELU({ alpha: 0.5 })'],
  [new activations.CELU(2), (x) => autograd.celu(x, 2), 'CELU(2)'],
  [new activations.GELU(), (x) => autograd.gelu(x), 'GELU()'],
  [
    new activations.GELU({ approximate: 'tanh' }),
    (x) => autograd.gelu(x, { approximate: 'tanh' }),
    "GELU({ approximate: 'tanh' })",
  ],
  [new activations.Softplus({ beta: 2 }), (x) => autograd.softplus(x, { beta: 2 }), 'Softplus({ beta: 2 })'],
  [new activations.Softshrink(0.3), (x) => autograd.softshrink(x, 0.3), 'Softshrink(0.3)'],
  [new activations.Hardshrink(0.3), (x) => autograd.hardshrink(x, 0.3), 'Hardshrink(0.3)'],
  [new activations.Hardtanh({ maxVal: 2 }), (x) => autograd.hardtanh(x, { maxVal: 2 }), 'Hardtanh({ maxVal: 2 })'],
  [new activations.Softmax(0), (x) => autograd.softmax(x, 0), 'Softmax(0)'],
  [new activations.LogSoftmax(-1), (x) => autograd.logSoftmax(x, -1), 'LogSoftmax(-1)'],
  [new activations.Threshold(0.1, 5), (x) => autograd.threshold(x, 0.1, 5), 'Threshold(0.1, 5)'],
  [new activations.GLU(), (x) => autograd.glu(x), 'GLU(-1)'],
  [new activations.GLU(1), (x) => autograd.glu(x, 1), 'GLU(1)'],
  [new activations.Softmin(1), (x) => autograd.softmin(x, 1), 'Softmin(1)'],
];

/** Their derivatives hold a constant that is rounded to float32, which is off by up to 6e-8. */
const roundedAsPyTorch: readonly unknown[] = [activations.Hardsigmoid, activations.CELU];

const x = randn([3, 4], { dtype: 'float64', generator: new Generator(0) }).mul(2);

describe('activations as layers', () => {
  it('are all here', () => {
    const tested = new Set<unknown>(cases.map(([layer]) => layer.constructor));
    expect(Object.values(activations).filter((activation) => !tested.has(activation))).toEqual([activations.Softmax2d]);
  });

  it.each(cases.map(([layer, fn, printed]) => [printed, layer, fn] as const))('%s', (printed, layer, fn) => {
    expect(layer.forward(x).toTypedArray()).toEqual(fn(x).toTypedArray());
    expect(String(layer)).toBe(printed);
    expect(layer.parameters()).toEqual([]);
    expectGradients(layer, [x], roundedAsPyTorch.includes(layer.constructor) ? 6e-8 : undefined);
  });
});

describe('Softmax2d', () => {
  it('is softmax of the channels, with a batch or without', () => {
    const images = randn([2, 3, 2, 4], { dtype: 'float64', generator: new Generator(1) });
    const layer = new activations.Softmax2d();
    expect(layer.forward(images).toArray()).toEqual(autograd.softmax(images, 1).toArray());
    expect(layer.forward(images.select(0, 0)).toArray()).toEqual(autograd.softmax(images.select(0, 0), 0).toArray());
  });
});

describe('PReLU', () => {
  it('learns one slope, or one for each channel', () => {
    const one = new PReLU();
    expect(one.forward(tensor([-4, 2])).toArray()).toEqual([-1, 2]);
    expectGradients(new PReLU(1, { dtype: 'float64' }), [x]);
    const each = new PReLU(4, { init: 0.5, dtype: 'float64' });
    expect(each.weight.toArray()).toEqual([0.5, 0.5, 0.5, 0.5]);
    expectGradients(each, [x]);
    expect(String(each)).toBe("PReLU(4, { init: 0.5, dtype: 'float64' }) # 4 parameters: weight [4]");
  });
});
