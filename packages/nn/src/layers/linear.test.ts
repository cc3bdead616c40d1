import { Generator, GradtapeError, manualSeed, randn, type Tensor, tensor, zeros } from '@gradtape/autograd';
import { describe, expect, it } from 'vitest';
import { expectGradients } from '../expect-gradients.ts';
import { Linear } from './linear.ts';

const draw = (shape: number[]): Tensor => randn(shape, { dtype: 'float64', generator: new Generator(0) });

describe('Linear', () => {
  it('multiplies by the transposed weight and adds the bias', () => {
    const layer = new Linear(2, 3);
    layer.weight.assign(
      tensor([
        [1, 2],
        [3, 4],
        [5, 6],
      ]),
    );
    layer.bias.assign(tensor([1, 0, -1]));
    expect(layer.forward(tensor([[1, 10]])).toArray()).toEqual([[22, 43, 64]]);
  });

  it.each([[[4]], [[2, 4]], [[2, 3, 4]], [[0, 4]]])('takes inputs of shape %j', (shape) => {
    expect(new Linear(4, 2).forward(zeros(shape)).shape).toEqual([...shape.slice(0, -1), 2]);
  });

  it('has the gradients of differences', () => {
    expectGradients(new Linear(4, 3, { dtype: 'float64' }), [draw([5, 4])]);
    expectGradients(new Linear(4, 3, { dtype: 'float64', bias: false }), [draw([4])]);
  });

  it('starts evenly distributed within 1 / √in, the same for the same seed', () => {
    const bound = 1 / Math.sqrt(400);
    const layer = new Linear(400, 100, { generator: new Generator(1) });
    for (const parameter of layer.parameters()) {
      const entries = [...parameter.toTypedArray()];
      expect(Math.max(...entries.map(Math.abs))).toBeLessThanOrEqual(bound);
      expect(Math.min(...entries)).toBeLessThan(-0.9 * bound);
      expect(Math.max(...entries)).toBeGreaterThan(0.9 * bound);
    }
    const variance = [...layer.weight.toTypedArray()].reduce((sum, x) => sum + x ** 2, 0) / 40_000;
    expect(Math.abs((3 * variance) / bound ** 2 - 1)).toBeLessThan(5 * Math.sqrt(0.8 / 40_000));
    manualSeed(1);
    expect(new Linear(400, 100).weight.toTypedArray()).toEqual(layer.weight.toTypedArray());
  });

  it('may have no inputs or no outputs', () => {
    expect(new Linear(0, 2).forward(zeros([3, 0])).shape).toEqual([3, 2]);
    expect(new Linear(0, 2).bias.toArray()).toEqual([0, 0]);
    expect(new Linear(2, 0).forward(zeros([3, 2])).shape).toEqual([3, 0]);
  });

  it('says what it takes', () => {
    expect(() => new Linear(4, 2).forward(zeros([2, 5]))).toThrow(GradtapeError);
  });
});
