import { manualSeed, Parameter, randn, type Tensor, tanh } from '@gradtape/autograd';
import { type Compiled, compile } from '@gradtape/autograd/compile';
import { describe, expect, test } from 'vitest';
import { ChainedScheduler, ExponentialLR, LBFGS, LinearLR, SGD, StepLR } from './index.ts';
import { type AnyOptimizer, optimizers } from './test-optimizers.ts';

const STEPS = 25;

/** A small regression, trained by full batches with a rate that changes in every step. */
function training(make: (params: readonly Parameter[]) => AnyOptimizer) {
  manualSeed(3);
  const [x, y] = [randn([8, 3], { dtype: 'float64' }), randn([8, 2], { dtype: 'float64' })];
  const params = [[3, 4], [4], [4, 2], [5]].map((shape) => new Parameter(randn(shape, { dtype: 'float64' })));
  const [w1, b, w2] = params as [Parameter, Parameter, Parameter];
  const optimizer = make(params);
  const compute = (): Tensor => {
    for (const parameter of params) parameter.grad = null;
    const loss = tanh(x.matmul(w1).add(b)).matmul(w2).sub(y).square().mean();
    loss.backward();
    return loss.detach();
  };
  return { params, optimizer, compute };
}

const difference = (a: readonly Parameter[], b: readonly Parameter[]): number =>
  Math.max(
    ...a.flatMap((each, k) => [
      ...each
        .sub(b[k] as Parameter)
        .abs()
        .detach()
        .toTypedArray(),
    ]),
  );

describe.each(Object.entries(optimizers).filter(([name]) => !name.startsWith('LBFGS')))('%s', (_, make) => {
  test('a compiled training is the eager one, and one program follows the rate', () => {
    const eager = training(make);
    const compiled = training(make);
    const scheduleOf = ({ optimizer }: { optimizer: AnyOptimizer }): ChainedScheduler =>
      new ChainedScheduler([
        new ExponentialLR(optimizer, { gamma: 0.97 }),
        new LinearLR(optimizer, { startFactor: 0.5, totalIters: 10 }),
      ]);
    const [schedule, compiledSchedule] = [scheduleOf(eager), scheduleOf(compiled)];
    const step = compile(() => {
      const loss = compiled.optimizer.step(compiled.compute);
      compiledSchedule.step();
      return loss;
    });
    for (let k = 0; k < STEPS; k++) {
      const expected = eager.optimizer.step(eager.compute).item();
      schedule.step();
      expect(step().item()).toBeCloseTo(expected, 9);
    }
    expect(difference(eager.params, compiled.params)).toBeLessThan(1e-9);
    expect(compiledSchedule.getLastLr()).toEqual(schedule.getLastLr());
    expect(step.statistics).toMatchObject({ programs: 1, runs: STEPS - 1 });
  });
});

test('a compiled step follows a rate that is changed by hand, or by a schedule outside', () => {
  const { optimizer, compute } = training((params) => new SGD(params, { lr: 0.1 }));
  const step = compile(() => optimizer.step(compute));
  const schedule = new StepLR(optimizer, { stepSize: 1, gamma: 0 });
  const losses = Array.from({ length: 5 }, (_, k) => {
    if (k === 2) schedule.step(); // the rate is zero from here on
    return step().item();
  });
  expect(losses[2]).toBeLessThan(losses[1] as number);
  expect(losses[3]).toBe(losses[2]);
  expect(step.statistics.programs).toBe(1);
});

test('a setting that chooses another rule, or a group that is added, makes another program', () => {
  const { optimizer, compute, params } = training((all) => new SGD([all[0] as Parameter], { lr: 0.1 }));
  const step: Compiled<() => Tensor> = compile(() => optimizer.step(compute));
  step();
  step();
  (optimizer as SGD).paramGroups.forEach((group) => {
    group.momentum = 0.9;
  });
  step();
  expect(step.statistics.programs).toBe(2);
  const before = params[2]?.toArray();
  step();
  expect(params[2]?.toArray()).toEqual(before);
  optimizer.addParamGroup({ params: [params[2] as Parameter] });
  step();
  step();
  expect(step.statistics.programs).toBe(3);
  expect(params[2]?.toArray()).not.toEqual(before);
});

describe('LBFGS', () => {
  const make = (params: readonly Parameter[]): LBFGS => new LBFGS(params, { lineSearchFn: 'strongWolfe', maxIter: 5 });

  test('takes a compiled closure', () => {
    const [eager, compiled] = [training(make), training(make)];
    const closure = compile(compiled.compute);
    for (let k = 0; k < 6; k++)
      expect(compiled.optimizer.step(closure).item()).toBeCloseTo(eager.optimizer.step(eager.compute).item(), 9);
    expect(difference(eager.params, compiled.params)).toBeLessThan(1e-7);
    expect(closure.statistics.runs).toBeGreaterThan(20);
    expect(closure.statistics.programs).toBe(1);
  });

  test('does not go into a compiled function itself, and then changes nothing', () => {
    const { optimizer, compute, params } = training(make);
    const before = params.map((parameter) => parameter.toArray());
    expect(compile(() => optimizer.step(compute))).toThrowErrorMatchingInlineSnapshot(`
      [GradtapeError: LBFGS: a step cannot be compiled
        got:   step(closure) inside of a compiled function
        needs: losses and gradients that it can read: how often it evaluates, and where, depends on them
        fix:   compile the closure instead, const closure = compile(() => { … }), and call optimizer.step(closure) outside]
    `);
    expect(params.map((parameter) => parameter.toArray())).toEqual(before);
  });
});
