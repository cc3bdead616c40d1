import { Parameter, type Tensor, tensor } from '@gradtape/autograd';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { LBFGS, type LBFGSOptions } from './index.ts';

/** Steps of LBFGS on a function of one vector. */
function minimize(f: (w: Tensor) => Tensor, start: Tensor, options: Partial<LBFGSOptions> = {}) {
  const w = new Parameter(start);
  const optimizer = new LBFGS([w], options);
  let calls = 0;
  const step = (): Tensor =>
    optimizer.step(() => {
      calls++;
      optimizer.zeroGrad();
      const loss = f(w);
      loss.backward();
      return loss;
    });
  return { w, optimizer, step, calls: () => calls };
}

const vector = (entries: readonly number[]): Tensor => tensor([...entries], { dtype: 'float64' });

const rosenbrock = (w: Tensor): Tensor => {
  const [x, y] = w.unbind() as [Tensor, Tensor];
  return y.sub(x.square()).square().mul(100).add(x.sub(1).square());
};

test('finds the bottom of the valley, with and without a line search', () => {
  const searched = minimize(rosenbrock, vector([-1.2, 1]), {
    lineSearchFn: 'strongWolfe',
    maxIter: 60,
    toleranceChange: 1e-20,
  });
  searched.step();
  for (const entry of searched.w.toTypedArray()) expect(entry).toBeCloseTo(1, 8);
  const strode = minimize(rosenbrock, vector([-1.2, 1]), { lr: 0.3, maxIter: 200, toleranceChange: 1e-20 });
  strode.step();
  for (const entry of strode.w.toTypedArray()) expect(entry).toBeCloseTo(1, 6);
});

test('solves a quadratic of n unknowns in a few more than n iterations', () => {
  fc.assert(
    fc.property(
      fc.array(fc.double({ min: 0.5, max: 10, noNaN: true }), { minLength: 1, maxLength: 6 }),
      fc.double({ min: 0.5, max: 3, noNaN: true }),
      (curvatures, centre) => {
        const c = vector(curvatures);
        const { w, step } = minimize((x) => x.sub(centre).square().mul(c).sum(), vector(curvatures.map(() => 0)), {
          lineSearchFn: 'strongWolfe',
          maxIter: 4 * curvatures.length + 10,
          toleranceChange: 1e-14,
          toleranceGrad: 1e-9,
        });
        step();
        for (const entry of w.toTypedArray()) expect(entry).toBeCloseTo(centre, 6);
      },
    ),
    { numRuns: 25 },
  );
});

test('a step ends at its limits', () => {
  const bowl = (w: Tensor): Tensor => w.pow(4).sum();
  const start = vector([2, -1]);
  const calls = (options: Partial<LBFGSOptions>): number => {
    const run = minimize(bowl, start, options);
    run.step();
    return run.calls();
  };
  expect(calls({ lr: 0.01, maxIter: 7, maxEval: 100 })).toBe(7);
  expect(calls({ lr: 0.01, maxIter: 7, maxEval: 3 })).toBe(3);
  expect(calls({ lr: 0.01, maxIter: 100, toleranceGrad: 1e3 })).toBe(1);
  expect(calls({ lr: 0.01, maxIter: 100, toleranceChange: 1 })).toBe(2);
});

test('remembers only the latest changes', () => {
  const run = minimize(rosenbrock, vector([-1.2, 1]), { lr: 0.1, maxIter: 12, historySize: 3 });
  run.step();
  const { steps, gradients } = run.optimizer.stateDict().state[0] as { steps: Tensor; gradients: Tensor };
  expect([steps.shape, gradients.shape]).toEqual([
    [3, 2],
    [3, 2],
  ]);
});

test('at a minimum it stays, and begins as ever when the function changes', () => {
  const run = minimize((w) => w.square().sum(), vector([0, 0]));
  expect(run.step().item()).toBe(0);
  expect(run.calls()).toBe(1);
  expect(run.optimizer.stateDict().state).toEqual({});
});

test('takes parameters of several dtypes, and one without a gradient as one with zeros', () => {
  const [a, b, c] = [new Parameter(tensor([2, 1])), new Parameter(vector([3])), new Parameter(vector([4]))];
  const optimizer = new LBFGS([a, b, c], { lineSearchFn: 'strongWolfe' });
  optimizer.step(() => {
    optimizer.zeroGrad();
    const loss = a.square().sum().add(b.sub(1).square().sum());
    loss.backward();
    return loss;
  });
  expect([a.dtype, b.dtype]).toEqual(['float32', 'float64']);
  for (const entry of a.toTypedArray()) expect(entry).toBeCloseTo(0, 4);
  expect(b.item()).toBeCloseTo(1, 4);
  expect(c.item()).toBe(4);
});

test('refuses what it cannot do', () => {
  const [a, b] = [new Parameter(tensor([1])), new Parameter(tensor([1]))];
  expect(() => new LBFGS([a]).step()).toThrowErrorMatchingInlineSnapshot(`
    [GradtapeError: LBFGS: a step needs a closure
      got:   step()
      needs: a function that computes the loss and its gradients anew, as often as it is called
      fix:   optimizer.step(() => { optimizer.zeroGrad(); const loss = …; loss.backward(); return loss; })]
  `);
  expect(() => new LBFGS([{ params: [a] }, { params: [b] }])).toThrowErrorMatchingInlineSnapshot(`
    [GradtapeError: LBFGS: there can be only one group
      got:   a second group of parameters
      needs: all parameters in one group: they move together
      fix:   pass model.parameters(), or train a part with an optimizer of its own]
  `);
  const optimizer = new LBFGS([a]);
  expect(() => optimizer.addParamGroup({ params: [b] })).toThrow('LBFGS: there can be only one group');
  expect(() => new LBFGS([a], { lineSearchFn: 'strong_wolfe' as 'strongWolfe' })).toThrowErrorMatchingInlineSnapshot(`
    [GradtapeError: LBFGS: lineSearchFn is out of range
      got:   lineSearchFn = 'strong_wolfe'
      needs: 'strongWolfe' or null
      fix:   write lineSearchFn: 'strongWolfe']
  `);
});
