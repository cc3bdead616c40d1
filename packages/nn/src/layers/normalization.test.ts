import { Generator, GradtapeError, ones, randn, type Tensor, tensor, zeros } from '@gradtape/autograd';
import { describe, expect, it } from 'vitest';
import { expectGradients } from '../expect-gradients.ts';
import type { Module } from '../module.ts';
import { BatchNorm1d, BatchNorm2d, BatchNorm3d } from './batch-norm.ts';
import { GroupNorm } from './group-norm.ts';
import { InstanceNorm1d, InstanceNorm2d, InstanceNorm3d } from './instance-norm.ts';
import { LayerNorm, RMSNorm } from './layer-norm.ts';

const dtype = 'float64';
const draw = (shape: number[]): Tensor => randn(shape, { dtype, generator: new Generator(0) });

/** Weights that are not all one, biases that are not all zero. */
function disturbed<M extends Module>(module: M): M {
  const generator = new Generator(1);
  for (const parameter of module.parameters()) parameter.assign(randn(parameter.shape, { dtype, generator }));
  return module;
}

// biome-ignore format: one case a line
const cases: readonly [Module, input: number[], parameters: string[]][] = [
  [new LayerNorm(4, { dtype }), [3, 4], ['weight', 'bias']],
  [new LayerNorm([3, 4], { dtype, bias: false }), [2, 3, 4], ['weight']],
  [new LayerNorm(4, { dtype, elementwiseAffine: false }), [3, 4], []],
  [new RMSNorm(4, { dtype, eps: 1e-6 }), [3, 4], ['weight']],
  [new RMSNorm([3, 4], { dtype, elementwiseAffine: false }), [2, 3, 4], []],
  [new GroupNorm(2, 4, { dtype }), [3, 4, 5], ['weight', 'bias']],
  [new GroupNorm(1, 4, { dtype, affine: false }), [3, 4], []],
  [new BatchNorm1d(3, { dtype }), [5, 3], ['weight', 'bias']],
  [new BatchNorm1d(3, { dtype }).eval(), [5, 3, 2], ['weight', 'bias']],
  [new BatchNorm2d(3, { dtype, affine: false }), [2, 3, 2, 2], []],
  [new InstanceNorm1d(3, { dtype }), [2, 3, 5], []],
  [new InstanceNorm2d(3, { dtype, affine: true }), [2, 3, 2, 3], ['weight', 'bias']],
  [new InstanceNorm3d(3, { dtype, trackRunningStats: true }).eval(), [2, 3, 2, 1, 2], []],
  [new BatchNorm3d(3, { dtype, trackRunningStats: false }).eval(), [2, 3, 2, 1, 2], ['weight', 'bias']],
];

describe('normalizing layers', () => {
  it.each(cases.map((each) => [String(each[0]), ...each] as const))('%s', (_, layer, input, parameters) => {
    expect(layer.namedParameters().map(([name]) => name)).toEqual(parameters);
    expectGradients(disturbed(layer), [draw(input)]);
  });

  it('standardize over the dims that they name', () => {
    const x = draw([4, 6, 5]).mul(3).add(2);
    const spread = (y: Tensor, dims: number[]): [Tensor, Tensor] => [y.mean(dims), y.var(dims, { correction: 0 })];
    const groups = new GroupNorm(3, 6, { dtype, eps: 0 }).forward(x).reshape([4, 3, 10]);
    for (const [y, dims] of [
      [new LayerNorm(5, { dtype, eps: 0 }).forward(x), [2]],
      [new LayerNorm([6, 5], { dtype, eps: 0 }).forward(x), [1, 2]],
      [groups, [2]],
      [new BatchNorm1d(6, { dtype, eps: 0 }).forward(x), [0, 2]],
      [new InstanceNorm1d(6, { dtype, eps: 0 }).forward(x), [2]],
    ] as [Tensor, number[]][]) {
      const [mean, variance] = spread(y, dims);
      expect(mean.abs().max().item()).toBeLessThan(1e-14);
      expect(variance.sub(1).abs().max().item()).toBeLessThan(1e-14);
    }
  });

  it('start as if weight and bias were not there', () => {
    const x = draw([4, 6]);
    const learned = new LayerNorm(6, { dtype }).forward(x);
    expect(learned.toArray()).toEqual(new LayerNorm(6, { dtype, elementwiseAffine: false }).forward(x).toArray());
  });

  it('say what they take', () => {
    expect(() => new LayerNorm(5).forward(zeros([2, 4]))).toThrow(GradtapeError);
    expect(() => new GroupNorm(2, 3).forward(zeros([2, 3]))).toThrow(GradtapeError);
    expect(() => new BatchNorm2d(3).forward(zeros([2, 3, 4]))).toThrow(GradtapeError);
    expect(() => new BatchNorm1d(3).forward(zeros([2, 4]))).toThrow(GradtapeError);
  });
});

describe('batch normalization', () => {
  const batches = [0, 1, 2].map((seed) => randn([8, 2], { dtype, generator: new Generator(seed) }).add(seed));

  it('moves the running statistics while training, and only then', () => {
    const layer = new BatchNorm1d(2, { dtype, momentum: 0.25 });
    expect(layer.namedBuffers().map(([name]) => name)).toEqual(['runningMean', 'runningVar', 'numBatchesTracked']);
    expect(layer.runningMean?.value.toArray()).toEqual([0, 0]);
    expect(layer.runningVar?.value.toArray()).toEqual([1, 1]);
    let [mean, variance] = [zeros([2], { dtype }), ones([2], { dtype })];
    for (const batch of batches) {
      layer.forward(batch);
      mean = mean.mul(0.75).add(batch.mean(0).mul(0.25));
      variance = variance.mul(0.75).add(batch.var(0).mul(0.25));
    }
    expect(layer.numBatchesTracked?.value.item()).toBe(3);
    expect(layer.runningMean?.value.sub(mean).abs().max().item()).toBeLessThan(1e-14);
    expect(layer.runningVar?.value.sub(variance).abs().max().item()).toBeLessThan(1e-14);
    const state = layer.stateDict();
    const evaluated = layer.eval().forward(batches[0]);
    expect(layer.stateDict()).toEqual(state);
    const wanted = batches[0].sub(mean).div(variance.add(1e-5).sqrt());
    expect(evaluated.sub(wanted).abs().max().item()).toBeLessThan(1e-14);
  });

  it('takes the mean of all batches with momentum null', () => {
    const layer = new BatchNorm1d(2, { dtype, momentum: null });
    for (const batch of batches) layer.forward(batch);
    const mean = batches.reduce((sum, batch) => sum.add(batch.mean(0)), zeros([2], { dtype })).div(3);
    expect(layer.runningMean?.value.sub(mean).abs().max().item()).toBeLessThan(1e-14);
  });

  it('changes nothing when a batch does not do', () => {
    const layer = new BatchNorm1d(2);
    const state = layer.stateDict();
    expect(() => layer.forward(tensor([[1, 2]]))).toThrow(GradtapeError);
    expect(layer.stateDict()).toEqual(state);
  });

  it('keeps no statistics unless it should', () => {
    const layer = new BatchNorm1d(2, { trackRunningStats: false });
    expect(layer.namedBuffers()).toEqual([]);
    expect(layer.eval().forward(batches[1]).mean().abs().item()).toBeLessThan(1e-6);
  });
});

describe('instance normalization', () => {
  it('keeps statistics if it should, and uses them in evaluation', () => {
    const x = draw([4, 2, 6]);
    const layer = new InstanceNorm1d(2, { dtype, momentum: 1, trackRunningStats: true });
    layer.forward(x);
    expect(
      layer.runningMean?.value
        .sub(x.mean([0, 2]))
        .abs()
        .max()
        .item(),
    ).toBeLessThan(1e-14);
    expect(layer.runningVar?.value.sub(x.var(2).mean(0)).abs().max().item()).toBeLessThan(1e-14);
    const y = layer.eval().forward(x.add(1));
    expect(y.mean().abs().item()).toBeGreaterThan(0.5);
    const untracked = new InstanceNorm1d(2, { dtype }).eval();
    expect(untracked.namedBuffers()).toEqual([]);
    expect(untracked.forward(x.add(1)).mean().abs().item()).toBeLessThan(1e-14);
  });

  it('prints as it was made', () => {
    expect(String(new InstanceNorm2d(3))).toBe('InstanceNorm2d(3)');
    expect(String(new BatchNorm2d(3, { momentum: null }))).toBe(
      'BatchNorm2d(3, { momentum: null }) # 6 parameters: weight [3], bias [3]; buffers: runningMean [3], runningVar [3], numBatchesTracked []',
    );
  });
});
