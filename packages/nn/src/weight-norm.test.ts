import { Generator, grad, noGrad, randn, type Tensor, tensor } from '@gradtape/autograd';
import { compile } from '@gradtape/autograd/compile';
import { describe, expect, test } from 'vitest';
import { expectGradients } from './expect-gradients.ts';
import { Conv2d, ConvTranspose1d, Linear, Module, Sequential } from './index.ts';
import { removeWeightNorm, weightNorm } from './weight-norm.ts';

const float64 = { dtype: 'float64' } as const;
const x = randn([5, 3], { dtype: 'float64', generator: new Generator(0) });

function largest(a: Tensor, b: Tensor): number {
  return a.sub(b).abs().amax().item();
}

describe('weightNorm', () => {
  test('keeps what the layer gives, under the names that PyTorch has', () => {
    const layer = new Linear(3, 4, float64);
    const before = layer.forward(x);
    expect(weightNorm(layer)).toBe(layer);
    expect(largest(layer.forward(x), before)).toBeLessThan(1e-14);
    expect(Object.entries(layer.stateDict()).map(([name, { shape }]) => [name, shape])).toEqual([
      ['bias', [4]],
      ['parametrizations.weight.original0', [4, 1]],
      ['parametrizations.weight.original1', [4, 3]],
    ]);
  });

  test('the length of v does not matter, that of g does', () => {
    const layer = weightNorm(new Linear(3, 4, float64));
    const before = layer.weight.detach();
    const [, [, g], [, v]] = layer.namedParameters();
    v.assign(v.value.mul(7));
    expect(largest(layer.weight, before)).toBeLessThan(1e-14);
    g.assign(g.value.mul(2));
    expect(largest(layer.weight, before.mul(2))).toBeLessThan(1e-14);
  });

  test.each([
    ['dim 1', 1, [1, 4, 1]],
    ['no dim', null, []],
  ])('lengths along %s', (_, dim, shape) => {
    const layer = weightNorm(new ConvTranspose1d(2, 4, 3, float64), 'weight', { dim });
    const [, [, g], [, v]] = layer.namedParameters();
    expect(g.shape).toEqual(shape);
    const squares = v.square();
    expect(largest(g, (dim === null ? squares.sum() : squares.sum([0, 2], { keepDim: true })).sqrt())).toBeLessThan(
      1e-14,
    );
    expect(largest(layer.weight, v)).toBeLessThan(1e-14);
  });

  test('of a bias, the length is its absolute value', () => {
    const layer = weightNorm(new Linear(3, 2, float64), 'bias');
    expect(layer.namedParameters().map(([name, { shape }]) => [name, shape])).toContainEqual([
      'parametrizations.bias.original0',
      [2],
    ]);
    weightNorm(layer);
    expect(layer.namedParameters()).toHaveLength(4);
    expectGradients(layer, [x]);
  });

  test('has the derivatives of its values, by g and v; the one by v is at right angles to v', () => {
    expectGradients(weightNorm(new Linear(3, 4, float64)), [x]);
    expectGradients(weightNorm(new Conv2d(2, 3, 2, float64)), [randn([1, 2, 3, 3], float64)]);
    const layer = weightNorm(new Linear(3, 4, float64));
    layer.forward(x).square().sum().backward();
    const [, , [, v]] = layer.namedParameters();
    expect(v.grad?.mul(v).sum(1).abs().amax().item()).toBeLessThan(1e-13);
  });

  test('trains, compiled too, and follows what is loaded', () => {
    const layer = weightNorm(new Linear(3, 4, float64));
    const other = weightNorm(new Linear(3, 4, { ...float64, generator: new Generator(5) }));
    const step = compile((input: Tensor) => noGrad(() => layer.forward(input)));
    step(x);
    layer.loadStateDict(other.stateDict());
    expect(largest(step(x), other.forward(x))).toBeLessThan(1e-14);
    expect(step.statistics.runs).toBe(1);
  });

  test('stays frozen', () => {
    const layer = weightNorm(new Linear(3, 4).requiresGrad(false));
    expect(layer.parameters().some(({ requiresGrad }) => requiresGrad)).toBe(false);
  });
});

describe('removeWeightNorm', () => {
  test('brings the parameter back, in its place, with what the weight is now', () => {
    const layer = new Linear(3, 4, float64);
    const { weight } = layer;
    weightNorm(layer);
    layer.parameters()[1].assign(layer.parameters()[1].value.mul(3));
    const value = layer.weight.toArray();
    expect(removeWeightNorm(layer)).toBe(layer);
    expect(layer.namedParameters()).toEqual([
      ['weight', weight],
      ['bias', layer.bias],
    ]);
    expect(layer.weight.toArray()).toEqual(value);
    expect(String(layer)).toBe("Linear(3, 4, { dtype: 'float64' }) # 16 parameters: weight [4, 3], bias [4]");
  });

  test('of one of two, and after a change of dtype', () => {
    const layer = weightNorm(weightNorm(new Linear(3, 4)), 'bias');
    layer.to('float64');
    removeWeightNorm(layer);
    expect(layer.weight.dtype).toBe('float64');
    expect(layer.namedParameters().map(([name]) => name)).toEqual([
      'weight',
      'parametrizations.bias.original0',
      'parametrizations.bias.original1',
    ]);
    expect(removeWeightNorm(layer, 'bias').namedParameters()).toHaveLength(2);
  });
});

test('within a model', () => {
  const model = new Sequential(weightNorm(new Linear(3, 4, float64)), new Linear(4, 2, float64));
  expect(model.namedParameters().map(([name]) => name)).toContain('0.parametrizations.weight.original0');
  expect(grad((input: Tensor) => model.forward(input).sum())(x).shape).toEqual([5, 3]);
});

test('errors', () => {
  class Empty extends Module {
    scale = tensor([1]);
    forward(): void {}
  }
  expect(() => weightNorm(new Linear(3, 4), 'weights')).toThrowErrorMatchingInlineSnapshot(`
    [GradtapeError: weightNorm: the field holds no parameter
      got:   'weights' of Linear
      needs: one of 'weight', 'bias'
      fix:   give the name of a weight of the module itself: weightNorm(model.fc1)]
  `);
  expect(() => weightNorm(new Empty(), 'scale')).toThrowErrorMatchingInlineSnapshot(`
    [GradtapeError: weightNorm: the field holds no parameter
      got:   'scale' of Empty
      needs: one of the fields of a module with parameters
      fix:   give the name of a weight of the module itself: weightNorm(model.fc1)]
  `);
  expect(() => weightNorm(new Linear(3, 4), 'weight', { dim: 2 })).toThrowErrorMatchingInlineSnapshot(`
    [GradtapeError: weightNorm: dim out of range
      got:   dim 2 for a weight of shape [4, 3]
      needs: 0 to 1, or null
      fix:   0 is the dim of outputs of Linear and Conv; 1 that of transposed convolutions]
  `);
  expect(() => weightNorm(weightNorm(new Linear(3, 4)))).toThrowErrorMatchingInlineSnapshot(`
    [GradtapeError: weightNorm: the field holds no parameter
      got:   'weight' of Linear
      needs: one of 'bias'
      fix:   give the name of a weight of the module itself: weightNorm(model.fc1)]
  `);
  expect(() => removeWeightNorm(new Linear(3, 4))).toThrowErrorMatchingInlineSnapshot(`
    [GradtapeError: removeWeightNorm: the weight has no norm of its own
      got:   'weight' of Linear
      needs: a weight that weightNorm was called for
      fix:   check the name, and that it was not removed before]
  `);
});
