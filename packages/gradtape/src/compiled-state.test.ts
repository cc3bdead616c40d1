import { inspect } from 'node:util';
import {
  crossEntropy,
  embedding,
  manualSeed,
  mseLoss,
  noGrad,
  Parameter,
  randint,
  randn,
  relu,
  type Tensor,
  tensor,
} from '@gradtape/autograd';
import { type Compiled, compile } from '@gradtape/autograd/compile';
import { BatchNorm1d, Dropout, Linear, Module } from '@gradtape/nn';
import { Adam, type Optimizer, type OptimizerOptions, SGD } from '@gradtape/optim';
import { describe, expect, test } from 'vitest';

// What others do with a model between compiled steps. Each story is told twice, with and without compile, in float64: what
// is seen on the way must be the same.

const TOLERANCE = 1e-10;

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

type Step = (x: Tensor, y: Tensor) => Tensor;

/** What a story is about. */
interface Scene {
  readonly model: Net;
  readonly optimizer: Optimizer<OptimizerOptions>;
  readonly step: Step;
  readonly evaluate: (x: Tensor) => Tensor;
  /** Batches by number; the fourth is shorter. */
  readonly batch: (k: number) => readonly [Tensor, Tensor];
}

/** What a story sees, in order. */
type Story = (scene: Scene) => readonly unknown[];

const none = <F extends (...values: never[]) => unknown>(f: F): F => f;

function tell(story: Story, wrap: <F extends (...values: never[]) => unknown>(f: F) => F, adam: boolean): number[] {
  manualSeed(5);
  const model = new Net().to('float64');
  const optimizer = adam
    ? new Adam(model.parameters(), { lr: 0.05 })
    : new SGD(model.parameters(), { lr: 0.1, momentum: 0.9 });
  const batches = [6, 6, 6, 4].map((size) => [randn([size, 4], { dtype: 'float64' }), randint(0, 3, [size])] as const);
  const step = wrap((x: Tensor, y: Tensor) => {
    const loss = crossEntropy(model.forward(x), y);
    optimizer.zeroGrad();
    loss.backward();
    optimizer.step();
    return loss;
  });
  const evaluate = wrap((x: Tensor) => noGrad(() => model.forward(x)));
  return numbersIn(story({ model, optimizer, step, evaluate, batch: (k) => batches[k % batches.length] }));
}

/** All numbers in what was seen, in order. */
function numbersIn(seen: unknown): number[] {
  if (typeof seen === 'number') return [seen];
  if (typeof seen !== 'object' || seen === null) return [];
  if ('toTypedArray' in seen) return [...(seen as Tensor).toTypedArray()];
  return Object.values(seen).flatMap(numbersIn);
}

const stories: Readonly<Record<string, Story>> = {
  'steps with batches of two sizes, in turn': ({ step, batch }) => [0, 1, 3, 2, 3, 3, 0].map((k) => step(...batch(k))),

  'the state is read between steps': ({ model, optimizer, step, batch }) =>
    [0, 1, 2].map((k) => [step(...batch(k)), { ...model.stateDict() }, optimizer.stateDict().state]),

  'what was read before a step stays as it was': ({ model, step, batch }) => {
    step(...batch(0));
    step(...batch(1));
    const before = model.stateDict();
    const weight = model.fc1.weight.value;
    step(...batch(2));
    step(...batch(0));
    return [before, weight, model.stateDict()];
  },

  'forward and backward run eagerly between steps': ({ model, step, batch }) =>
    [0, 1, 2].map((k) => {
      step(...batch(k));
      const loss = mseLoss(model.forward(batch(1)[0]), randn([6, 3], { dtype: 'float64' }));
      loss.backward();
      return [loss, model.parameters().map((parameter) => parameter.grad)];
    }),

  'a tape from before a step is read after it': ({ model, step, batch }) => {
    step(...batch(0));
    step(...batch(1));
    const loss = crossEntropy(model.forward(batch(2)[0]), batch(2)[1]);
    step(...batch(1));
    step(...batch(2));
    model.zeroGrad();
    loss.backward();
    return [loss, model.parameters().map((parameter) => parameter.grad)];
  },

  'gradients are there after a step': ({ model, step, batch }) =>
    [0, 1, 2].map((k) => [step(...batch(k)), model.parameters().map((parameter) => parameter.grad)]),

  'parameters and buffers are assigned from outside': ({ model, step, batch }) =>
    [0, 1, 2, 0, 1].map((k) => {
      if (k > 0) model.fc1.weight.assign(model.fc1.weight.value.mul(0.5));
      if (k > 1) model.norm.runningMean?.assign(randn([6], { dtype: 'float64' }));
      return [step(...batch(k)), model.stateDict()];
    }),

  'parameters are assigned what another one holds': ({ model, step, batch }) =>
    [0, 1, 2, 0].map((k) => {
      if (k > 0) noGrad(() => model.fc2.weight.assign(model.fc1.weight.value.t().narrow(0, 0, 3).mul(1).add(0)));
      if (k > 1) model.norm.weight?.assign(model.norm.bias?.value as Tensor);
      return [step(...batch(k)), model.stateDict()];
    }),

  'model and optimizer are loaded between steps': ({ model, optimizer, step, batch }) => {
    const start = { model: model.stateDict(), optimizer: optimizer.stateDict() };
    const first = [0, 1, 2].map((k) => step(...batch(k)));
    const middle = { model: model.stateDict(), optimizer: optimizer.stateDict() };
    const second = [3, 0, 1].map((k) => step(...batch(k)));
    const load = (saved: typeof start): void => {
      model.loadStateDict(saved.model);
      optimizer.loadStateDict(saved.optimizer);
    };
    load(middle);
    const third = [3, 0, 1].map((k) => [step(...batch(k)), optimizer.stateDict().state]);
    load(start);
    const fourth = [0, 1, 2].map((k) => [step(...batch(k)), optimizer.stateDict().state]);
    load(middle);
    return [first, second, third, fourth, step(...batch(2)), model.stateDict()];
  },

  'the rate is changed by hand': ({ optimizer, model, step, batch }) =>
    [0, 1, 2, 0, 1].map((k, i) => {
      optimizer.paramGroups[0].lr = 0.1 / (i + 1);
      return [step(...batch(k)), model.stateDict()];
    }),

  'training and evaluation take turns': ({ model, step, evaluate, batch }) =>
    [0, 1, 2, 0].map((k) => {
      model.train();
      const losses = [step(...batch(k)), step(...batch(k + 1))];
      model.eval();
      const evaluated = [evaluate(batch(0)[0]), evaluate(batch(k)[0])];
      const inEvaluation = step(...batch(k));
      return [losses, evaluated, inEvaluation, evaluate(batch(3)[0]), model.stateDict()];
    }),

  'gradients are forgotten, and set, from outside': ({ model, step, batch }) =>
    [0, 1, 2, 0].map((k) => {
      if (k === 1) model.zeroGrad();
      if (k === 2) model.fc2.bias.grad = tensor([1, 2, 3], { dtype: 'float64' });
      return [step(...batch(k)), model.fc2.bias.grad];
    }),
};

describe.each([
  ['SGD with momentum', false],
  ['Adam', true],
])('compiled with %s, nobody sees a difference:', (_, adam) => {
  test.each(Object.entries(stories))('%s', (_name, story) => {
    const wrapped: Compiled<(...values: never[]) => unknown>[] = [];
    const seen = tell(
      story,
      (f) => {
        const compiled = compile(f);
        wrapped.push(compiled);
        return compiled;
      },
      adam,
    );
    const expected = tell(story, none, adam);
    expect(seen).toHaveLength(expected.length);
    expect(expected.length).toBeGreaterThan(0);
    const worst = Math.max(...seen.map((x, i) => Math.abs(x - expected[i]) / Math.max(1, Math.abs(expected[i]))));
    expect(worst).toBeLessThan(TOLERANCE);
    expect(wrapped[0].statistics.runs).toBeGreaterThan(0);
  });
});

describe('a parameter', () => {
  const make = (): { weight: Parameter; step: Compiled<(x: Tensor) => Tensor> } => {
    const weight = new Parameter(tensor([1, 2, 3]));
    const step = compile((x: Tensor) => {
      const loss = weight.mul(x).sum();
      weight.grad = null;
      loss.backward();
      noGrad(() => weight.assign(weight.value.sub((weight.grad as Tensor).mul(0.5))));
      return loss;
    });
    return { weight, step };
  };
  const x = tensor([1, -1, 2]);

  test('is printed, read and shown by the console as it is after a compiled step', () => {
    const { weight, step } = make();
    for (const expected of [
      [0.5, 2.5, 2],
      [0, 3, 1],
      [-0.5, 3.5, 0],
    ]) {
      step(x);
      expect(weight.toArray()).toEqual(expected);
      expect(`${weight.value}`).toBe(`${tensor(expected)}`);
      expect(inspect(weight.value)).toBe(inspect(tensor(expected)));
      expect([...weight.storage]).toEqual(expected);
    }
    expect(step.statistics.runs).toBe(2);
  });

  test('that is assigned itself, or a view of itself, keeps its entries', () => {
    const { weight, step } = make();
    step(x);
    step(x);
    weight.assign(weight.value);
    weight.assign(weight.value.flip(0));
    expect(step(x).item()).toBe(1 * 1 + 3 * -1 + 0 * 2);
    expect(weight.toArray()).toEqual([0.5, 3.5, -1]);
  });

  test('of two compiled functions is one', () => {
    const { weight, step } = make();
    const read = compile((y: Tensor) => noGrad(() => weight.mul(y)));
    const seen = [0, 1, 2, 3].map(() => [step(x).item(), read(x).toArray()]);
    expect(seen).toEqual([
      [5, [0.5, -2.5, 4]],
      [2, [0, -3, 2]],
      [-1, [-0.5, -3.5, 0]],
      [-4, [-1, -4, -2]],
    ]);
    expect([step.statistics.runs, read.statistics.runs]).toEqual([3, 3]);
  });

  test('can be exchanged with another in one step', () => {
    const [a, b] = [
      [1, 2, 3],
      [10, 20, 30],
    ].map((entries) => new Parameter(tensor(entries)));
    const exchange = compile((scale: Tensor) => {
      noGrad(() => {
        const before = a.value;
        a.assign(b.value.mul(scale));
        b.assign(before);
      });
      return a.value.sum();
    });
    const seen = [1, 2, 3].map((scale) => {
      exchange(tensor(scale));
      return [a.toArray(), b.toArray()];
    });
    expect(seen).toEqual([
      [
        [10, 20, 30],
        [1, 2, 3],
      ],
      [
        [2, 4, 6],
        [10, 20, 30],
      ],
      [
        [30, 60, 90],
        [2, 4, 6],
      ],
    ]);
  });

  test('may be given what another held before, and what it held itself may be the result', () => {
    const [a, b] = [
      [1, 2],
      [3, 4],
    ].map((entries) => new Parameter(tensor(entries)));
    const shift = compile((x: Tensor) => {
      const before = a.value;
      noGrad(() => {
        a.assign(before.mul(2).add(x));
        b.grad = before;
        b.assign(before.flip(0));
      });
      return [before, before.flip(0)];
    });
    const seen = [0, 1, 0].map((x) =>
      [...shift(tensor(x)), a.value, b.value, b.grad as Tensor].map((y) => y.toArray()),
    );
    expect(seen).toEqual([
      [
        [1, 2],
        [2, 1],
        [2, 4],
        [2, 1],
        [1, 2],
      ],
      [
        [2, 4],
        [4, 2],
        [5, 9],
        [4, 2],
        [2, 4],
      ],
      [
        [5, 9],
        [9, 5],
        [10, 18],
        [9, 5],
        [5, 9],
      ],
    ]);
  });

  test('can be turned over within its own memory', () => {
    const a = new Parameter(tensor([1, 2, 3, 4, 5, 6, 7, 8, 9]));
    const turn = compile((y: Tensor) => {
      noGrad(() => a.assign(a.value.flip(0).add(y)));
      return y;
    });
    const seen = [1, 0, 0.5].map((y) => {
      turn(tensor(y));
      return a.toArray();
    });
    expect(seen).toEqual([
      [10, 9, 8, 7, 6, 5, 4, 3, 2],
      [2, 3, 4, 5, 6, 7, 8, 9, 10],
      [10.5, 9.5, 8.5, 7.5, 6.5, 5.5, 4.5, 3.5, 2.5],
    ]);
  });
});

describe('an error', () => {
  test('while the program is made leaves everything as it was', () => {
    const weight = new Parameter(tensor([1, 2]));
    let fails = true;
    const step = compile((x: Tensor) => {
      const loss = weight.mul(x).sum();
      weight.grad = null;
      loss.backward();
      noGrad(() => weight.assign(weight.value.add(weight.grad as Tensor)));
      if (fails) throw new Error('in the middle');
      return loss;
    });
    weight.grad = tensor([7, 8]);
    const [value, gradient] = [weight.value, weight.grad];
    expect(() => step(tensor([1, 1]))).toThrow('in the middle');
    expect(weight.toArray()).toEqual([1, 2]);
    expect(weight.grad.toArray()).toEqual([7, 8]);
    expect(value.toArray()).toEqual([1, 2]);
    expect(gradient.toArray()).toEqual([7, 8]);
    fails = false;
    expect(step(tensor([1, 1])).item()).toBe(3);
    expect(step(tensor([1, 1])).item()).toBe(5);
    expect(weight.toArray()).toEqual([3, 4]);
  });

  test.each<[string, (x: Tensor) => unknown]>([
    ['item', (x) => x.sum().item()],
    ['toArray', (x) => x.toArray()],
    ['toTypedArray', (x) => x.mul(2).toTypedArray()],
    ['toString', (x) => `${x.mul(2).toString()}`],
    ['inspect', (x) => inspect(x.mul(2))],
  ])('names the line where a value is read (%s)', (_, read) => {
    const reading = compile((x: Tensor) => {
      read(x);
      return x;
    });
    const message = messageOf(() => reading(tensor([1, 2])));
    expect(message).toContain('a value is read while the program is made');
    expect(message).toMatch(/compiled-state\.test\.ts:\d+/);
    expect(message).toContain('where(');
  });

  test.each([3, -1, 100])('for the label %d is the one that eager code throws, in a compiled step, too', (label) => {
    const weight = new Parameter(randn([4, 3]));
    const plain = (x: Tensor, y: Tensor): Tensor => {
      const loss = crossEntropy(x.matmul(weight), y);
      weight.grad = null;
      loss.backward();
      noGrad(() => weight.assign(weight.value.sub((weight.grad as Tensor).mul(0.1))));
      return loss;
    };
    const step = compile(plain);
    const x = randn([2, 4]);
    const good = tensor([0, 2], { dtype: 'int32' });
    step(x, good);
    step(x, good);
    const wrong = tensor([1, label], { dtype: 'int32' });
    const before = weight.toArray();
    const expected = messageOf(() => plain(x, wrong));
    expect(expected).not.toBe('');
    expect(messageOf(() => step(x, wrong))).toBe(expected);
    expect(weight.toArray()).toEqual(before);
    expect(step(x, good).item()).toBeGreaterThan(0);
    expect(step.statistics.programs).toBe(1);
  });

  test.each([5, -1])('for the index %d of an embedding is the one that eager code throws', (index) => {
    const table = randn([5, 2]);
    const plain = (indices: Tensor): Tensor => embedding(indices, table).sum();
    const look = compile(plain);
    const good = tensor([0, 4], { dtype: 'int32' });
    const wrong = tensor([1, index], { dtype: 'int32' });
    look(good);
    expect(look(good).item()).toBeCloseTo(plain(good).item(), 5);
    const expected = messageOf(() => plain(wrong));
    expect(expected).not.toBe('');
    expect(messageOf(() => look(wrong))).toBe(expected);
  });
});

function messageOf(run: () => unknown): string {
  try {
    run();
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
  return '';
}
