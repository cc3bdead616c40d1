import { manualSeed, Parameter, randn, type Tensor, tensor } from '@gradtape/autograd';
import { describe, expect, test } from 'vitest';
import * as optim from './index.ts';
import { Optimizer, SGD } from './index.ts';
import { type AnyOptimizer, optimizers } from './test-optimizers.ts';

/** A parameter, and steps on a bowl whose lowest point is at 3. */
function bowl(make: (params: Parameter[]) => AnyOptimizer, start: Tensor, sign: 1 | -1 = 1) {
  const parameter = new Parameter(start);
  const optimizer = make([parameter]);
  const step = (): Tensor =>
    optimizer.step(() => {
      optimizer.zeroGrad();
      const loss = parameter.sub(3).square().sum().mul(sign);
      loss.backward();
      return loss;
    });
  return { parameter, optimizer, step };
}

test('every optimizer is in the table', () => {
  const made = Object.values(optimizers).map((make) => make([new Parameter(tensor([1]))]).constructor);
  const exported = Object.values(optim).filter(
    (each) =>
      typeof each === 'function' && each.prototype instanceof Optimizer && each !== optim.ParameterwiseOptimizer,
  );
  expect(exported.length).toBeGreaterThan(10);
  expect(exported.filter((each) => !made.includes(each))).toEqual([]);
});

describe.each(Object.entries(optimizers))('%s', (_, make) => {
  test('goes downhill', () => {
    const { parameter, step } = bowl(make, tensor([0, 8]));
    for (let i = 0; i < 150; i++) step();
    for (const entry of parameter.toTypedArray()) expect(Math.abs(entry - 3)).toBeLessThan(0.3);
  });

  test('goes uphill as it goes downhill on the negative', () => {
    const down = bowl(make, tensor([0, 8]));
    const up = bowl((params) => make(params, true), tensor([0, 8]), -1);
    for (let i = 0; i < 10; i++) expect(up.step().item()).toBe(-down.step().item());
    expect(up.parameter.toArray()).toEqual(down.parameter.toArray());
    expect(down.parameter.toArray()).not.toEqual([0, 8]);
  });

  test('gives the loss that the closure gave', () => {
    expect(
      bowl(make, tensor([1, 2]))
        .step()
        .item(),
    ).toBe(5);
  });

  test('goes on from a saved state as if nothing had happened', () => {
    manualSeed(1);
    const start = randn([40]);
    const straight = bowl(make, start);
    for (let i = 0; i < 7; i++) straight.step();
    const first = bowl(make, start);
    for (let i = 0; i < 3; i++) first.step();
    const saved = first.optimizer.stateDict();
    const copy = JSON.stringify(saved, (_key, value) => (value?.toArray ? value.toArray() : value));
    const second = bowl(make, first.parameter.value);
    second.optimizer.loadStateDict(saved);
    for (let i = 0; i < 4; i++) {
      first.step(); // must not reach the saved state
      second.step();
    }
    expect(second.parameter.toArray()).toEqual(straight.parameter.toArray());
    expect(JSON.stringify(saved, (_key, value) => (value?.toArray ? value.toArray() : value))).toBe(copy);
  });

  test('leaves tensors alone that others hold: the old value, the gradient', () => {
    const { parameter, step } = bowl(make, randn([30]));
    step();
    const [value, gradient] = [parameter.value, parameter.grad as Tensor];
    const [valueBefore, gradientBefore] = [value.toArray(), gradient.toArray()];
    step();
    expect(value.toArray()).toEqual(valueBefore);
    expect(gradient.toArray()).toEqual(gradientBefore);
  });

  test('leaves a parameter without a gradient alone', () => {
    const parameter = new Parameter(tensor([1, 2]));
    const [trained, other] = [new Parameter(tensor([3])), new Parameter(tensor([5]))];
    const optimizer = make([parameter, trained, other]);
    for (let i = 0; i < 3; i++) {
      optimizer.step(() => {
        optimizer.zeroGrad();
        const loss = trained.square().sum();
        loss.backward();
        return loss;
      });
    }
    expect(trained.item()).not.toBe(3);
    expect([parameter.toArray(), other.toArray()]).toEqual([[1, 2], [5]]);
  });

  test.each(['float32', 'float64'] as const)('takes parameters of any size and layout, %s', (dtype) => {
    const shapes = [[], [0, 3], [1], [2, 3]];
    const params = shapes.map((shape) => new Parameter(randn(shape, { dtype })));
    params.push(new Parameter(randn([3, 4], { dtype }).t()));
    const before = params.map((parameter) => parameter.toArray());
    const optimizer = make(params);
    const losses = Array.from({ length: 6 }, () =>
      optimizer
        .step(() => {
          optimizer.zeroGrad();
          const loss = params.map((parameter) => parameter.sub(3).square().sum()).reduce((a, b) => a.add(b));
          loss.backward();
          return loss;
        })
        .item(),
    );
    expect(losses.at(-1)).toBeLessThan(losses[0] as number);
    expect(params.map((parameter) => parameter.shape)).toEqual([...shapes, [4, 3]]);
    for (const [k, parameter] of params.entries())
      if (parameter.length > 0) expect(parameter.toArray()).not.toEqual(before[k]);
  });
});

test('a group may be added later', () => {
  const [a, b] = [new Parameter(tensor([1])), new Parameter(tensor([1]))];
  const optimizer = new SGD([a], { lr: 0.5 });
  optimizer.addParamGroup({ params: [b], lr: 1 });
  a.mul(b).sum().backward();
  optimizer.step();
  expect([a.item(), b.item()]).toEqual([0.5, 0]);
  expect(() => optimizer.addParamGroup({ params: [b] })).toThrowErrorMatchingInlineSnapshot(`
    [GradtapeError: SGD: the parameters are not usable
      got:   a parameter that comes twice
      needs: at least one parameter, each in one group
      fix:   remove it from one of the groups]
  `);
  expect(optimizer.paramGroups).toHaveLength(2);
});

test('a state of an earlier release is taken over, with the settings that it has', () => {
  const parameter = new Parameter(tensor([1]));
  const optimizer = new SGD([parameter], { momentum: 0.5, rateInVelocity: true });
  optimizer.loadStateDict({
    state: { 0: { momentumBuffer: tensor([-2]), step: 3 } },
    paramGroups: [
      { lr: 0.1, momentum: 0.9, dampening: 0, weightDecay: 0, nesterov: false, maximize: false } as optim.SGDOptions,
    ],
  });
  parameter.grad = tensor([1]);
  optimizer.step();
  expect(optimizer.paramGroups[0]?.rateInVelocity).toBe(true);
  expect(parameter.item()).toBeCloseTo(1 + 0.9 * -2 - 0.1, 6);
});

test('groups have settings of their own', () => {
  const [a, b] = [new Parameter(tensor([1])), new Parameter(tensor([1]))];
  const optimizer = new SGD([{ params: [a] }, { params: [b], lr: 1 }], { lr: 0.5 });
  a.mul(b).sum().backward();
  optimizer.step();
  expect([a.item(), b.item()]).toEqual([0.5, 0]);
});

test('a rate that a schedule spoils stops before anything changes', () => {
  const [parameter, other] = [new Parameter(tensor([1])), new Parameter(tensor([1]))];
  const optimizer = new SGD([{ params: [parameter] }, { params: [other] }], { lr: 0.1 });
  parameter.mul(other).sum().backward();
  (optimizer.paramGroups[1] as { lr: number }).lr = Number.NaN;
  expect(() => optimizer.step()).toThrow('lr = NaN');
  expect(parameter.item()).toBe(1);
});

test('the state of another optimizer is refused, and nothing changes', () => {
  const one = new SGD([new Parameter(tensor([1]))], { lr: 0.1 });
  const two = new SGD([{ params: [new Parameter(tensor([1]))] }, { params: [new Parameter(tensor([1]))] }], {
    lr: 0.5,
  });
  expect(() => one.loadStateDict(two.stateDict())).toThrowErrorMatchingInlineSnapshot(`
    [GradtapeError: loadStateDict: the state is another optimizer's
      got:   2 groups
      needs: 1 (with 1 parameters in all)
      fix:   make the optimizer with the same groups, in the same order, as when the state was saved]
  `);
  expect(one.paramGroups[0]?.lr).toBe(0.1);
});
