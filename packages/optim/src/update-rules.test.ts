import { Parameter, tensor } from '@gradtape/autograd';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import * as optim from './index.ts';
import type { AnyOptimizer } from './test-optimizers.ts';

// The formulas of PyTorch's documentation and of the papers, on single numbers, against the optimizers with any settings.

type Settings = Readonly<Record<string, number>>;
type Memory = Record<string, number>;
/** A parameter's next value, from its value, its gradient, and the step's number from 1. */
type Formula = (w: number, g: number, t: number, s: Settings, memory: Memory) => number;

/** Keeps a running mean, from zero. */
function mean(memory: Memory, name: string, beta: number, x: number): number {
  const next = beta * (memory[name] ?? 0) + (1 - beta) * x;
  memory[name] = next;
  return next;
}

const decayed = (w: number, s: Settings): number => (s.decoupledWeightDecay ? w * (1 - s.lr * s.weightDecay) : w);
const withDecay = (w: number, g: number, s: Settings): number => (s.decoupledWeightDecay ? g : g + s.weightDecay * w);

const formulas: Readonly<Record<string, Formula>> = {
  SGD: (w, g, t, s, memory) => {
    const gradient = g + s.weightDecay * w;
    const added = t === 1 ? gradient : (1 - s.dampening) * gradient;
    if (s.rateInVelocity) {
      memory.v = s.momentum * (memory.v ?? 0) - s.lr * added;
      return w + (s.nesterov ? s.momentum * memory.v - s.lr * gradient : memory.v);
    }
    memory.v = s.momentum * (memory.v ?? 0) + added;
    return w - s.lr * (s.nesterov ? gradient + s.momentum * memory.v : memory.v);
  },
  Adam: (w, g, t, s, memory) => {
    const m = mean(memory, 'm', s.beta1, withDecay(w, g, s)) / (1 - s.beta1 ** t);
    const v = mean(memory, 'v', s.beta2, withDecay(w, g, s) ** 2);
    memory.top = Math.max(memory.top ?? 0, v);
    const corrected = (s.amsgrad ? memory.top : v) / (1 - s.beta2 ** t);
    return decayed(w, s) - (s.lr * m) / (Math.sqrt(corrected) + s.eps);
  },
  Adamax: (w, g, t, s, memory) => {
    const gradient = withDecay(w, g, s);
    const m = mean(memory, 'm', s.beta1, gradient) / (1 - s.beta1 ** t);
    memory.u = Math.max(s.beta2 * (memory.u ?? 0), Math.abs(gradient) + s.eps);
    return w - (s.lr * m) / memory.u;
  },
  NAdam: (w, g, t, s, memory) => {
    const gradient = withDecay(w, g, s);
    const mu = (k: number): number => s.beta1 * (1 - 0.5 * 0.96 ** (k * s.momentumDecay));
    memory.product = (memory.product ?? 1) * mu(t);
    const m =
      (mu(t + 1) * mean(memory, 'm', s.beta1, gradient)) / (1 - memory.product * mu(t + 1)) +
      ((1 - mu(t)) * gradient) / (1 - memory.product);
    const v = mean(memory, 'v', s.beta2, gradient ** 2) / (1 - s.beta2 ** t);
    return decayed(w, s) - (s.lr * m) / (Math.sqrt(v) + s.eps);
  },
  RAdam: (w, g, t, s, memory) => {
    const gradient = withDecay(w, g, s);
    const m = mean(memory, 'm', s.beta1, gradient) / (1 - s.beta1 ** t);
    const v = mean(memory, 'v', s.beta2, gradient ** 2);
    const most = 2 / (1 - s.beta2) - 1;
    const rho = most - (2 * t * s.beta2 ** t) / (1 - s.beta2 ** t);
    if (rho <= 5) return decayed(w, s) - s.lr * m;
    const r = Math.sqrt(((rho - 4) * (rho - 2) * most) / ((most - 4) * (most - 2) * rho));
    return decayed(w, s) - (s.lr * m * r * Math.sqrt(1 - s.beta2 ** t)) / (Math.sqrt(v) + s.eps);
  },
  RMSprop: (w, g, _t, s, memory) => {
    const gradient = g + s.weightDecay * w;
    const square = mean(memory, 's', s.alpha, gradient ** 2);
    const centre = s.centered ? mean(memory, 'm', s.alpha, gradient) : 0;
    memory.v = s.momentum * (memory.v ?? 0) + gradient / (Math.sqrt(square - centre ** 2) + s.eps);
    return w - s.lr * memory.v;
  },
  Adagrad: (w, g, t, s, memory) => {
    const gradient = g + s.weightDecay * w;
    memory.sum = (memory.sum ?? s.initialAccumulatorValue) + gradient ** 2;
    return w - ((s.lr / (1 + (t - 1) * s.lrDecay)) * gradient) / (Math.sqrt(memory.sum) + s.eps);
  },
  Adadelta: (w, g, _t, s, memory) => {
    const gradient = g + s.weightDecay * w;
    const square = mean(memory, 's', s.rho, gradient ** 2);
    const step = (Math.sqrt((memory.u ?? 0) + s.eps) / Math.sqrt(square + s.eps)) * gradient;
    mean(memory, 'u', s.rho, step ** 2);
    return w - s.lr * step;
  },
  ASGD: (w, g, t, s) => {
    const rate = t === 1 ? s.lr : s.lr / (1 + s.lambd * s.lr * (t - 1)) ** s.alpha;
    return w * (1 - s.lambd * rate) - rate * (g + s.weightDecay * w);
  },
  Rprop: (w, g, _t, s, memory) => {
    const agreement = g * (memory.before ?? 0);
    const factor = agreement > 0 ? s.grow : agreement < 0 ? s.shrink : 1;
    memory.size = Math.min(s.most, Math.max(s.least, (memory.size ?? s.lr) * factor));
    memory.before = agreement < 0 ? 0 : g;
    return w - Math.sign(memory.before) * memory.size;
  },
  Lion: (w, g, _t, s, memory) => {
    const direction = Math.sign(s.beta1 * (memory.m ?? 0) + (1 - s.beta1) * g);
    mean(memory, 'm', s.beta2, g);
    return w * (1 - s.lr * s.weightDecay) - s.lr * direction;
  },
};

const between = (min: number, max: number): fc.Arbitrary<number> => fc.double({ min, max, noNaN: true });
const bit = fc.constantFrom(0, 1);
const moments = { lr: between(1e-3, 0.5), beta1: between(0, 0.95), beta2: between(0.1, 0.99), eps: between(1e-8, 0.1) };
const weightDecay = fc.oneof(fc.constant(0), between(1e-3, 0.5));

const settings: Readonly<Record<string, fc.Arbitrary<Settings>>> = {
  SGD: fc
    .record({
      lr: moments.lr,
      momentum: between(0.1, 0.9),
      dampening: between(-0.5, 0.9),
      weightDecay,
      nesterov: bit,
      rateInVelocity: bit,
    })
    .map((drawn) => (drawn.nesterov ? { ...drawn, dampening: 0 } : drawn)),
  Adam: fc.record({ ...moments, weightDecay, amsgrad: bit, decoupledWeightDecay: bit }),
  Adamax: fc.record({ ...moments, weightDecay }),
  NAdam: fc.record({ ...moments, weightDecay, momentumDecay: between(0, 0.5), decoupledWeightDecay: bit }),
  RAdam: fc.record({ ...moments, beta2: between(0.6, 0.99), weightDecay, decoupledWeightDecay: bit }),
  RMSprop: fc.record({
    lr: moments.lr,
    alpha: between(0.1, 0.95),
    eps: between(1e-3, 0.1),
    weightDecay,
    momentum: fc.oneof(fc.constant(0), between(0.1, 0.9)),
    centered: bit,
  }),
  Adagrad: fc.record({
    lr: moments.lr,
    lrDecay: between(0, 1),
    weightDecay,
    initialAccumulatorValue: between(0, 1),
    eps: moments.eps,
  }),
  Adadelta: fc.record({ lr: moments.lr, rho: between(0, 1), eps: moments.eps, weightDecay }),
  ASGD: fc.record({ lr: moments.lr, lambd: between(0, 0.5), alpha: between(0.1, 1), t0: between(0, 5), weightDecay }),
  Rprop: fc.record({
    lr: moments.lr,
    shrink: between(0.1, 0.9),
    grow: between(1.1, 2),
    least: between(1e-6, 1e-2),
    most: between(0.1, 1),
  }),
  Lion: fc.record({ lr: moments.lr, beta1: moments.beta1, beta2: moments.beta2, weightDecay }),
};

/** The settings as the optimizer takes them. */
function optionsOf({ beta1, beta2, shrink, grow, least, most, ...rest }: Settings): Record<string, unknown> {
  const switches = ['nesterov', 'rateInVelocity', 'amsgrad', 'decoupledWeightDecay', 'centered'];
  const options: Record<string, unknown> = { ...rest };
  for (const name of switches) if (name in rest) options[name] = rest[name] === 1;
  if (beta1 !== undefined) options.betas = [beta1, beta2];
  if (shrink !== undefined) Object.assign(options, { etas: [shrink, grow], stepSizes: [least, most] });
  return options;
}

/** PyTorch keeps some numbers of these in single precision. */
const digits = (name: string): number => (['NAdam', 'ASGD'].includes(name) ? 5 : 9);

describe.each(Object.keys(formulas))('%s', (name) => {
  test('follows its formula', () => {
    const make = (optim as unknown as Record<string, new (params: Parameter[], options: object) => AnyOptimizer>)[name];
    const gradients = fc.array(
      between(-3, 3).map((x) => Math.round(x * 1e3) / 1e3),
      { minLength: 1, maxLength: 12, size: 'max' },
    );
    fc.assert(
      fc.property(settings[name] as fc.Arbitrary<Settings>, gradients, between(-2, 2), (drawn, all, start) => {
        const parameter = new Parameter(tensor([start], { dtype: 'float64' }));
        const optimizer = new (make as NonNullable<typeof make>)([parameter], optionsOf(drawn));
        const memory: Memory = {};
        let w = start;
        for (const [k, g] of all.entries()) {
          parameter.grad = tensor([g], { dtype: 'float64' });
          optimizer.step();
          w = (formulas[name] as Formula)(w, g, k + 1, drawn, memory);
          expect(parameter.item()).toBeCloseTo(w, digits(name));
        }
      }),
      { numRuns: 60 },
    );
  });
});

test('every optimizer that moves parameters one by one has a formula here', () => {
  const { ParameterwiseOptimizer, ...others } = optim;
  const exported = Object.entries(others).filter(
    ([, each]) => typeof each === 'function' && each.prototype instanceof ParameterwiseOptimizer,
  );
  expect([...Object.keys(formulas), 'AdamW'].sort()).toEqual(exported.map(([name]) => name).sort());
});

test('AdamW is Adam with decoupled weight decay', () => {
  const [one, other] = [new Parameter(tensor([2])), new Parameter(tensor([2]))];
  const optimizers = [
    new optim.AdamW([one]),
    new optim.Adam([other], { weightDecay: 0.01, decoupledWeightDecay: true }),
  ];
  for (const g of [1, -2, 0.5]) {
    for (const parameter of [one, other]) parameter.grad = tensor([g]);
    for (const optimizer of optimizers) optimizer.step();
  }
  expect(one.item()).toBe(other.item());
});

test('the two forms of momentum are one while the rate stays, and part when it changes', () => {
  const paths = [false, true].map((rateInVelocity) => {
    const parameter = new Parameter(tensor([1], { dtype: 'float64' }));
    const optimizer = new optim.SGD([parameter], { lr: 0.1, momentum: 0.9, rateInVelocity });
    return [1, 2, 3, 4].map((k) => {
      if (k === 3) for (const group of optimizer.paramGroups) group.lr = 0.01;
      parameter.grad = tensor([1], { dtype: 'float64' });
      optimizer.step();
      return parameter.item();
    });
  });
  const [torch, documents] = paths as [number[], number[]];
  expect(torch[1]).toBeCloseTo(documents[1] as number, 12);
  // v ← 0.9 · 0.19 + 0.01: what was gained at the old rate is kept.
  expect((documents[1] as number) - (documents[2] as number)).toBeCloseTo(0.9 * 0.19 + 0.01, 12);
  expect((torch[1] as number) - (torch[2] as number)).toBeCloseTo(0.01 * (0.9 * 1.9 + 1), 12);
});

test('momentum that is switched on later begins with the gradient of that step', () => {
  const parameter = new Parameter(tensor([0], { dtype: 'float64' }));
  const optimizer = new optim.SGD([parameter], { lr: 1, dampening: 0.5 });
  const step = (): number => {
    parameter.grad = tensor([1], { dtype: 'float64' });
    optimizer.step();
    return parameter.item();
  };
  expect(step()).toBe(-1);
  for (const group of optimizer.paramGroups) group.momentum = 0.5;
  expect(step()).toBe(-2);
  expect(step()).toBe(-3);
});

test('RMSprop centred stays finite on a constant gradient, and lets NaN through', () => {
  const parameter = new Parameter(tensor([1, 1]));
  const optimizer = new optim.RMSprop([parameter], { centered: true, alpha: 0.5 });
  for (let k = 0; k < 60; k++) {
    parameter.grad = tensor([0.1, k === 59 ? Number.NaN : 0.1]);
    optimizer.step();
  }
  const [first, second] = parameter.toArray() as [number, number];
  expect(Number.isFinite(first)).toBe(true);
  expect(second).toBeNaN();
});

test('ASGD averages from t0 on', () => {
  const parameter = new Parameter(tensor([0], { dtype: 'float64' }));
  const optimizer = new optim.ASGD([parameter], { lr: 1, lambd: 0, t0: 2 });
  expect(optimizer.averages()[0]?.toArray()).toEqual([0]);
  const averages = [1, 1, 1, 1, 1].map((g) => {
    parameter.grad = tensor([g], { dtype: 'float64' });
    optimizer.step();
    return optimizer.averages()[0]?.item();
  });
  // The weight of a step is 1 / max(1, t - 1 - t0): from the fifth step on there is a mean.
  expect(averages).toEqual([-1, -2, -3, -4, -4.5]);
});
