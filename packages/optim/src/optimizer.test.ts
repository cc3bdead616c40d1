import { manualSeed, Parameter, randn, type Tensor, tensor } from '@gradtape/autograd';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  Adam,
  AdamW,
  clipGradNorm,
  clipGradValue,
  type Optimizer,
  type OptimizerOptions,
  SGD,
  StepLR,
} from './index.ts';

function message(run: () => unknown): string {
  try {
    run();
  } catch (error) {
    return (error as Error).message;
  }
  return 'no error';
}

const makers: Readonly<Record<string, (params: Parameter[]) => Optimizer<OptimizerOptions>>> = {
  SGD: (params) => new SGD(params, { lr: 0.1 }),
  'SGD with momentum': (params) => new SGD(params, { lr: 0.1, momentum: 0.9, weightDecay: 0.1, dampening: 0.2 }),
  'SGD, Nesterov': (params) => new SGD(params, { lr: 0.1, momentum: 0.9, nesterov: true }),
  Adam: (params) => new Adam(params, { lr: 0.1, weightDecay: 0.1 }),
  'Adam, amsgrad': (params) => new Adam(params, { lr: 0.1, amsgrad: true }),
  AdamW: (params) => new AdamW(params, { lr: 0.1 }),
};

/** A parameter, and steps on a bowl whose lowest point is at 3. */
function bowl(make: (params: Parameter[]) => Optimizer<OptimizerOptions>, start: Tensor) {
  const parameter = new Parameter(start);
  const optimizer = make([parameter]);
  const step = (): void => {
    optimizer.zeroGrad();
    parameter.sub(3).square().sum().backward();
    optimizer.step();
  };
  return { parameter, optimizer, step };
}

describe.each(Object.entries(makers))('%s', (_, make) => {
  test('goes downhill', () => {
    const { parameter, step } = bowl(make, tensor([0, 8]));
    for (let i = 0; i < 300; i++) step();
    for (const entry of parameter.toTypedArray()) expect(Math.abs(entry - 3)).toBeLessThan(0.3);
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
    make([parameter]).step();
    expect(parameter.toArray()).toEqual([1, 2]);
  });
});

test('groups have settings of their own', () => {
  const [a, b] = [new Parameter(tensor([1])), new Parameter(tensor([1]))];
  const optimizer = new SGD([{ params: [a] }, { params: [b], lr: 1 }], { lr: 0.5 });
  a.mul(b).sum().backward();
  optimizer.step();
  expect([a.item(), b.item()]).toEqual([0.5, 0]);
});

test('StepLR lowers every group', () => {
  const optimizer = new SGD(
    [{ params: [new Parameter(tensor([1]))], lr: 0.2 }, { params: [new Parameter(tensor([1]))] }],
    { lr: 0.1 },
  );
  const schedule = new StepLR(optimizer, { stepSize: 2, gamma: 0.5 });
  const rates = Array.from({ length: 4 }, () => {
    schedule.step();
    return schedule.getLastLr();
  });
  expect(rates).toEqual([
    [0.2, 0.1],
    [0.1, 0.05],
    [0.1, 0.05],
    [0.05, 0.025],
  ]);
});

test('clipping by norm keeps the direction, and never lengthens', () => {
  fc.assert(
    fc.property(
      fc.array(fc.double({ min: -10, max: 10, noNaN: true }), { minLength: 1, maxLength: 20 }),
      fc.double({ min: 0.01, max: 5, noNaN: true }),
      (entries, most) => {
        const parameter = new Parameter(tensor(entries, { dtype: 'float64' }));
        parameter.grad = tensor(entries, { dtype: 'float64' });
        const before = clipGradNorm([parameter], most).item();
        expect(before).toBeCloseTo(Math.hypot(...entries), 9);
        const clipped = [...parameter.grad.toTypedArray()];
        expect(Math.hypot(...clipped)).toBeLessThanOrEqual(Math.max(most, 0) * (1 + 1e-9));
        const factor = Math.min(1, most / (before + 1e-6));
        for (const [i, entry] of clipped.entries()) expect(entry).toBeCloseTo((entries[i] as number) * factor, 9);
      },
    ),
  );
});

test('clipping by value', () => {
  const parameter = new Parameter(tensor([0, 0, 0]));
  parameter.grad = tensor([-3, 0.5, 3]);
  clipGradValue([parameter], 1);
  expect(parameter.grad.toArray()).toEqual([-1, 0.5, 1]);
});

test('bad settings are named', () => {
  const params = [new Parameter(tensor([1]))];
  expect(message(() => new SGD(params, { lr: -0.1 }))).toMatchInlineSnapshot(`
    "SGD: lr is out of range
      got:   lr = -0.1
      needs: a finite number, 0 or more
      fix:   try 1e-3 for Adam or 1e-2 for SGD; if a schedule set it, look there"
  `);
  expect(message(() => new Adam(params, { lr: Number.NaN }))).toMatchInlineSnapshot(`
    "Adam: lr is out of range
      got:   lr = NaN
      needs: a finite number, 0 or more
      fix:   try 1e-3 for Adam or 1e-2 for SGD; if a schedule set it, look there"
  `);
  expect(message(() => new Adam(params, { betas: [0.9, 1] }))).toMatchInlineSnapshot(`
    "Adam: betas[1] is out of range
      got:   betas[1] = 1
      needs: at least 0 and less than 1
      fix:   usual are 0.9 for a first moment and 0.999 for a second"
  `);
  expect(message(() => new SGD(params, { lr: 0.1, nesterov: true }))).toMatchInlineSnapshot(`
    "SGD: nesterov does not go with these settings
      got:   momentum = 0, dampening = 0
      needs: momentum above 0 and dampening 0
      fix:   new SGD(params, { lr, momentum: 0.9, nesterov: true })"
  `);
  expect(message(() => new SGD([], { lr: 0.1 }))).toMatchInlineSnapshot(`
    "SGD: the parameters are not usable
      got:   no parameters
      needs: at least one parameter, each in one group
      fix:   pass model.parameters()"
  `);
  expect(message(() => new SGD([...params, ...params]))).toMatchInlineSnapshot(`
    "SGD: the parameters are not usable
      got:   a parameter that comes twice
      needs: at least one parameter, each in one group
      fix:   remove it from one of the groups"
  `);
  expect(clipGradNorm(params, 1).item()).toBe(0);
});

test('a rate that a schedule spoils stops before anything changes', () => {
  const [parameter, other] = [new Parameter(tensor([1])), new Parameter(tensor([1]))];
  const optimizer = new SGD([{ params: [parameter] }, { params: [other] }], { lr: 0.1 });
  parameter.mul(other).sum().backward();
  (optimizer.paramGroups[1] as { lr: number }).lr = Number.NaN;
  expect(message(() => optimizer.step())).toContain('lr = NaN');
  expect(parameter.item()).toBe(1);
});

test('the state of another optimizer is refused, and nothing changes', () => {
  const one = new SGD([new Parameter(tensor([1]))], { lr: 0.1 });
  const two = new SGD([{ params: [new Parameter(tensor([1]))] }, { params: [new Parameter(tensor([1]))] }], {
    lr: 0.5,
  });
  expect(message(() => one.loadStateDict(two.stateDict()))).toMatchInlineSnapshot(`
    "loadStateDict: the state is another optimizer's
      got:   2 groups
      needs: 1 (with 1 parameters in all)
      fix:   make the optimizer with the same groups, in the same order, as when the state was saved"
  `);
  expect(one.paramGroups[0]?.lr).toBe(0.1);
});
