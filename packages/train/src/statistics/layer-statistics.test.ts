import { manualSeed, randn, type Tensor, tensor } from '@gradtape/autograd';
import { compile } from '@gradtape/autograd/compile';
import { Linear, ReLU, Sequential, Sigmoid, Tanh } from '@gradtape/nn';
import { SGD } from '@gradtape/optim';
import { expect, test } from 'vitest';
import { LayerStatistics, type Quantity } from './index.ts';

function training() {
  manualSeed(0);
  const [first, last] = [new Linear(2, 2), new Linear(2, 1)];
  const model = new Sequential(first, new ReLU(), last, new Sigmoid());
  const optimizer = new SGD(model.parameters(), { lr: 0.5 });
  const step = (x: Tensor): Tensor => {
    optimizer.zeroGrad();
    const loss = model.forward(x).square().mean();
    loss.backward();
    optimizer.step();
    return loss;
  };
  return { model, first, last, step };
}

test('notes what the definitions say of a step that it runs, and leaves no hook', () => {
  const { model, first, last, step } = training();
  first.weight.assign(
    tensor([
      [1, 0],
      [-1, -1],
    ]),
  );
  first.bias.assign(tensor([0, 0]));
  last.weight.assign(tensor([[3, 4]]));
  last.bias.assign(tensor([10]));
  const statistics = new LayerStatistics(model);
  const before = last.weight.value;
  const loss = statistics.record(() =>
    step(
      tensor([
        [1, 2],
        [3, 0],
      ]),
    ),
  );
  expect(loss.length).toBe(1);
  const [{ parameters, activations }] = statistics.snapshots;
  const weight = parameters[2];
  const gradient = last.weight.grad as Tensor;
  expect(weight.name).toBe('2.weight');
  expect(weight.weightNorm).toBe(5);
  expect(weight.gradientNorm).toBeCloseTo(gradient.norm().item(), 7);
  expect(weight.gradientSize).toBeCloseTo(weight.gradientNorm / Math.sqrt(2), 12);
  expect(weight.updateRatio).toBeCloseTo(last.weight.value.sub(before).norm().item() / 5, 7);
  expect(activations.map(({ name, kind }) => [name, kind])).toEqual([
    ['0', 'Linear'],
    ['1', 'ReLU'],
    ['2', 'Linear'],
    ['3', 'Sigmoid'],
  ]);
  // The hidden neurons: 1 and 3, and -3 and -3 before the ReLU.
  expect(activations[1]).toEqual({
    name: '1',
    kind: 'ReLU',
    mean: 1,
    std: Math.sqrt(1.5),
    zeros: 0.5,
    dead: 0.5,
    saturated: undefined,
  });
  expect(activations[3].saturated).toBe(1);
  step(randn([2, 2]));
  expect(statistics.snapshots).toHaveLength(1);
  expect(Object.keys(Object.getOwnPropertyDescriptors(model[1]))).not.toContain('forward');
});

test('tanh is saturated where its derivative is below a twentieth; several calls count together', () => {
  const model = new Tanh();
  const statistics = new LayerStatistics(model);
  statistics.record(() => [model.forward(tensor([3, 0, 2.1, 2.3])), model.forward(tensor([0, 0, 0, -4]))]);
  expect(statistics.snapshots[0].activations[0].saturated).toBe(3 / 8);
});

test('hooks are removed also if the step throws, and nothing is noted', () => {
  const { model } = training();
  const statistics = new LayerStatistics(model);
  expect(() =>
    statistics.record(() => {
      throw new Error('no batch');
    }),
  ).toThrow('no batch');
  expect(statistics.snapshots).toEqual([]);
  expect(Object.keys(Object.getOwnPropertyDescriptors(model[0]))).not.toContain('forward');
});

test('a table and pictures of every quantity', () => {
  const { model, step } = training();
  const statistics = new LayerStatistics(model);
  for (let k = 0; k < 3; k++) statistics.record(() => step(randn([4, 2])));
  const lines = statistics.table().split('\n');
  expect(lines[0]).toMatch(/^parameter +weight norm +gradient norm +update \/ weight$/);
  expect(lines).toHaveLength(5 + 1 + 5);
  expect(lines[7]).toMatch(/^0: Linear +-?[\d.]+ +[\d.]+ +\d+ % +\d+ %$/);
  const quantities: Quantity[] = [
    'weightNorm',
    'gradientNorm',
    'gradientSize',
    'updateRatio',
    'mean',
    'std',
    'zeros',
    'dead',
    'saturated',
  ];
  for (const quantity of quantities) expect(statistics.heatMap(quantity).svg).toContain(quantity);
  // Only layers that have the quantity.
  expect(statistics.heatMap('saturated').height).toBeLessThan(statistics.heatMap('mean').height);
  for (const [kind, name] of [
    ['weight', '0.weight'],
    ['gradient', '2.bias'],
    ['activation', '1'],
  ] as const) {
    expect(statistics.histograms(kind, name).svg).toContain(`${name}: ${kind}`);
  }
});

test('what cannot be shown is named', () => {
  const { model, step } = training();
  const statistics = new LayerStatistics(model);
  expect(() => statistics.table()).toThrowErrorMatchingInlineSnapshot(`
    [GradtapeError: table: nothing was recorded
      got:   no snapshots
      needs: at least one recorded step
      fix:   statistics.record(() => step(x, y))]
  `);
  const compiled = compile(step);
  compiled(randn([2, 2]));
  expect(() => statistics.record(() => compiled(randn([2, 2])))).toThrowErrorMatchingInlineSnapshot(`
    [GradtapeError: record: no module of the model was called
      got:   a step without calls of forward that hooks could see
      needs: a step that runs the model operation by operation
      fix:   give it the plain step instead of compile(step): the numbers are the same; check that it is this model that it trains]
  `);
  statistics.record(() => step(randn([2, 2])));
  expect(() => statistics.histograms('weight', '1')).toThrowErrorMatchingInlineSnapshot(`
    [GradtapeError: histograms: there is no such layer
      got:   '1' of kind 'weight'
      needs: among 0.weight, 0.bias, 2.weight, 2.bias
      fix:   parameters are named as in stateDict, modules as in namedModules]
  `);
  expect(() => statistics.heatMap('norm' as 'std')).toThrowErrorMatchingInlineSnapshot(`
    [GradtapeError: heatMap: there is no such quantity
      got:   'norm'
      needs: 'weightNorm', 'gradientNorm', 'gradientSize', 'updateRatio', 'mean', 'std', 'zeros', 'dead', 'saturated'
      fix:   statistics.heatMap('gradientNorm')]
  `);
});
