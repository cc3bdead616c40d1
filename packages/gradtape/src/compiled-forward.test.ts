import { crossEntropy, grad, manualSeed, Parameter, randint, randn, relu, type Tensor } from '@gradtape/autograd';
import { compile } from '@gradtape/autograd/compile';
import { BatchNorm1d, Dropout, Linear, Module } from '@gradtape/nn';
import { Adam } from '@gradtape/optim';
import { describe, expect, test } from 'vitest';

// A compiled forward pass that is differentiated outside: told with and without compile, in float64.
const TOLERANCE = 1e-9;

class Net extends Module {
  // A bias here would have a gradient of rounding errors alone, which Adam makes as large as any other.
  fc1 = new Linear(4, 6, { bias: false });
  norm = new BatchNorm1d(6);
  dropout = new Dropout(0.25);
  fc2 = new Linear(6, 3);

  forward(x: Tensor): Tensor {
    return this.fc2.forward(this.dropout.forward(relu(this.norm.forward(this.fc1.forward(x)))));
  }
}

type Compile = <F extends (...values: never[]) => unknown>(f: F) => F;

function expectSame(tell: (run: Compile) => Tensor[]): void {
  manualSeed(11);
  const expected = tell((f) => f);
  manualSeed(11);
  let runs = 0;
  const got = tell((f) => {
    const compiled = compile(f);
    return ((...values: never[]) => {
      const result = compiled(...values);
      ({ runs } = compiled.statistics);
      return result;
    }) as typeof f;
  });
  expect(got.length).toBe(expected.length);
  for (const [k, x] of expected.entries()) {
    const [a, b] = [got[k]?.toTypedArray(), x.toTypedArray()];
    for (const [i, entry] of b.entries()) expect(Math.abs((a?.[i] as number) - entry)).toBeLessThanOrEqual(TOLERANCE);
  }
  expect(runs).toBeGreaterThan(1);
}

const double = { dtype: 'float64' } as const;

describe('a compiled forward pass, differentiated outside, is trained as ever', () => {
  test('with running statistics, dropout, an optimizer, evaluation in between', () => {
    expectSame((run) => {
      const net = new Net().to('float64');
      const forward = run((x: Tensor) => net.forward(x));
      const optimizer = new Adam(net.parameters(), { lr: 0.05 });
      const losses: Tensor[] = [];
      for (let i = 0; i < 6; i++) {
        if (i === 4) net.eval();
        const loss = crossEntropy(forward(randn([i === 2 ? 3 : 5, 4], double)), randint(0, 3, [i === 2 ? 3 : 5]));
        optimizer.zeroGrad();
        loss.backward();
        optimizer.step();
        losses.push(loss);
      }
      return [...losses, ...[...net.parameters()].map((p) => p.value), net.norm.runningMean?.value as Tensor];
    });
  });

  test('with the penalty of a gradient', () => {
    expectSame((run) => {
      const net = new Net().to('float64');
      const score = run((x: Tensor) => net.forward(x).square().sum());
      const optimizer = new Adam(net.parameters(), { lr: 0.05 });
      const seen: Tensor[] = [];
      for (let i = 0; i < 4; i++) {
        const x = randn([5, 4], double);
        const slope = grad(score)(x);
        const loss = score(x).add(slope.square().sum());
        optimizer.zeroGrad();
        loss.backward();
        optimizer.step();
        seen.push(loss, slope);
      }
      return [...seen, ...[...net.parameters()].map((p) => p.value)];
    });
  });

  test('in part: two compiled halves, and a parameter that both know', () => {
    expectSame((run) => {
      const shared = new Parameter(randn([4, 4], double));
      const first = run((x: Tensor) => x.matmul(shared).tanh());
      const second = run((h: Tensor) => ({ y: h.matmul(shared.t()), size: h.square().sum() }));
      const gradients: Tensor[] = [];
      for (let i = 0; i < 4; i++) {
        const { y, size } = second(first(randn([3, 4], double)));
        shared.grad = null;
        y.square().sum().add(size).backward();
        gradients.push(shared.grad as unknown as Tensor);
      }
      return gradients;
    });
  });
});
