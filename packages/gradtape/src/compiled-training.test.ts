import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  crossEntropy,
  gelu,
  manualSeed,
  mseLoss,
  noGrad,
  randint,
  randn,
  relu,
  softmax,
  type Tensor,
  tanh,
  triu,
  zeros,
} from '@gradtape/autograd';
import { type CompileOptions, compile } from '@gradtape/autograd/compile';
import { BatchNorm2d, Conv2d, Dropout, Embedding, LayerNorm, Linear, MaxPool2d, Module } from '@gradtape/nn';
import { Adam, AdamW, clipGradNorm, SGD, StepLR } from '@gradtape/optim';
import { afterAll, describe, expect, test, vi } from 'vitest';

// Whole trainings, compiled: the same losses and the same parameters as eager ones, step after step.

const STEPS = 200;
/** Relative; in float64. Rounding in another order than eager code does, carried through the steps. */
const TOLERANCE = 1e-9;

const folder = mkdtempSync(join(tmpdir(), 'gradtape-test-'));
vi.stubEnv('XDG_CACHE_HOME', folder);
afterAll(() => {
  vi.unstubAllEnvs();
  rmSync(folder, { recursive: true, force: true });
});

/** A model in training: what a step takes, and what it does. */
interface Training {
  readonly model: Module;
  readonly batches: readonly (readonly [Tensor, Tensor])[];
  readonly step: (x: Tensor, y: Tensor) => Tensor;
}

const numbers = (...shape: readonly number[]): Tensor => randn(shape, { dtype: 'float64' });
const labels = (classes: number, ...shape: readonly number[]): Tensor => randint(0, classes, shape);

class Perceptron extends Module {
  fc1 = new Linear(6, 16);
  fc2 = new Linear(16, 3);

  forward(x: Tensor): Tensor {
    return this.fc2.forward(tanh(this.fc1.forward(x)));
  }
}

function perceptron(): Training {
  const model = new Perceptron().to('float64');
  const optimizer = new Adam(model.parameters(), { lr: 0.02 });
  const schedule = new StepLR(optimizer, { stepSize: 30, gamma: 0.7 });
  return {
    model,
    batches: [8, 8, 8, 5].map((size) => [numbers(size, 6), labels(3, size)] as const),
    step: (x, y) => {
      const loss = crossEntropy(model.forward(x), y);
      optimizer.zeroGrad();
      loss.backward();
      clipGradNorm(model.parameters(), 0.5);
      optimizer.step();
      schedule.step();
      return loss;
    },
  };
}

class ConvolutionalNet extends Module {
  // No bias: batch normalization takes it away, so its gradient is rounding errors and nothing else.
  conv1 = new Conv2d(2, 4, 3, { padding: 1, bias: false });
  norm = new BatchNorm2d(4);
  pool = new MaxPool2d(2);
  conv2 = new Conv2d(4, 6, 3);
  dropout = new Dropout(0.3);
  full = new Linear(6 * 2 * 2, 3);

  forward(x: Tensor): Tensor {
    const first = this.pool.forward(relu(this.norm.forward(this.conv1.forward(x))));
    return this.full.forward(this.dropout.forward(relu(this.conv2.forward(first)).flatten(1)));
  }
}

function convolutionalNet(): Training {
  const model = new ConvolutionalNet().to('float64');
  const optimizer = new SGD(model.parameters(), { lr: 0.02, momentum: 0.9 });
  return {
    model,
    batches: [4, 4, 3].map((size) => [numbers(size, 2, 8, 8), labels(3, size)] as const),
    step: (x, y) => {
      const loss = crossEntropy(model.forward(x), y);
      optimizer.zeroGrad();
      loss.backward();
      optimizer.step();
      return loss;
    },
  };
}

const [WIDTH, HEADS, LENGTH, LETTERS] = [8, 2, 5, 7];

class TransformerBlock extends Module {
  embedding = new Embedding(LETTERS, WIDTH);
  norm1 = new LayerNorm(WIDTH);
  norm2 = new LayerNorm(WIDTH);
  // No bias: that of keys is the same for all of them, and softmax takes it away.
  queriesKeysValues = new Linear(WIDTH, 3 * WIDTH, { bias: false });
  projection = new Linear(WIDTH, WIDTH);
  up = new Linear(WIDTH, 4 * WIDTH);
  down = new Linear(4 * WIDTH, WIDTH);
  head = new Linear(WIDTH, LETTERS);
  readonly mask: Tensor = triu(zeros([LENGTH, LENGTH], { dtype: 'float64' }).sub(1e9), 1);

  forward(letters: Tensor): Tensor {
    const x = this.embedding.forward(letters);
    const attended = x.add(this.projection.forward(this.attention(this.norm1.forward(x))));
    const y = attended.add(this.down.forward(gelu(this.up.forward(this.norm2.forward(attended)))));
    return this.head.forward(y).flatten(0, 1);
  }

  private attention(x: Tensor): Tensor {
    const batch = x.shape[0];
    const ofHeads = (part: Tensor): Tensor => part.reshape([batch, LENGTH, HEADS, WIDTH / HEADS]).transpose(1, 2);
    const [queries, keys, values] = this.queriesKeysValues.forward(x).split(WIDTH, 2).map(ofHeads);
    const scores = queries
      .matmul(keys.transpose(-2, -1))
      .mul(1 / Math.sqrt(WIDTH / HEADS))
      .add(this.mask);
    return softmax(scores, -1).matmul(values).transpose(1, 2).reshape([batch, LENGTH, WIDTH]);
  }
}

function transformer(): Training {
  const model = new TransformerBlock().to('float64');
  const optimizer = new AdamW(model.parameters(), { lr: 0.003, weightDecay: 0.05 });
  return {
    model,
    batches: [3, 3].map((size) => [labels(LETTERS, size, LENGTH), labels(LETTERS, size * LENGTH)] as const),
    step: (x, y) => {
      const loss = crossEntropy(model.forward(x), y);
      optimizer.zeroGrad();
      loss.backward();
      optimizer.step();
      return loss;
    },
  };
}

class Recurrent extends Module {
  into = new Linear(3, 8);
  again = new Linear(8, 8, { bias: false });
  out = new Linear(8, 1);

  forward(x: Tensor): Tensor {
    let state = this.into.forward(x.select(1, 0)).tanh();
    for (let t = 1; t < x.shape[1]; t++) {
      state = tanh(this.into.forward(x.select(1, t)).add(this.again.forward(state)));
    }
    return this.out.forward(state).squeeze(1);
  }
}

function recurrent(): Training {
  const model = new Recurrent().to('float64');
  const optimizer = new SGD(model.parameters(), { lr: 0.05, momentum: 0.5, nesterov: true, weightDecay: 1e-3 });
  return {
    model,
    batches: [6, 6].map((size) => [numbers(size, 7, 3), numbers(size)] as const),
    step: (x, y) => {
      const loss = mseLoss(model.forward(x), y);
      optimizer.zeroGrad();
      loss.backward();
      optimizer.step();
      return loss;
    },
  };
}

const trainings: Readonly<Record<string, () => Training>> = {
  'a perceptron with Adam, clipping and a schedule': perceptron,
  'a convolutional net with batch normalization and dropout': convolutionalNet,
  'a transformer block with AdamW': transformer,
  'a recurrent net': recurrent,
};

type Wrap = (step: Training['step']) => Training['step'];

/** Losses of all steps, and what the model holds at the end, from the same seed each time. */
function train(make: () => Training, wrap: Wrap): readonly number[][] {
  manualSeed(3);
  const { model, batches, step } = make();
  const take = wrap(step);
  const losses: number[] = [];
  for (let k = 0; k < STEPS; k++) losses.push(take(...batches[k % batches.length]).item());
  const state = Object.values(model.stateDict()).map((x) => [...x.toTypedArray()]);
  return [losses, ...state];
}

function expectClose(got: readonly number[][], expected: readonly number[][]): void {
  expect(got.map((list) => list.length)).toEqual(expected.map((list) => list.length));
  got.forEach((list, k) => {
    const largest = Math.max(...expected[k].map(Math.abs));
    const worst = Math.max(...list.map((entry, i) => Math.abs(entry - expected[k][i])));
    expect(worst / largest, k === 0 ? 'losses' : `entry ${k - 1} of the state`).toBeLessThan(TOLERANCE);
  });
}

function mean(list: readonly number[]): number {
  return list.reduce((sum, x) => sum + x, 0) / list.length;
}

const eager: Wrap = (step) => step;

describe.each<CompileOptions['engine']>(['wasm', 'native'])('compiled with the engine %s', (engine) => {
  test.each(Object.entries(trainings))('%s: as eager', (_, make) => {
    const expected = train(make, eager);
    expect(mean(expected[0].slice(-20))).toBeLessThan(0.9 * mean(expected[0].slice(0, 20)));
    let statistics: { readonly runs: number; readonly programs: number } | undefined;
    const got = train(make, (step) => {
      const compiled = compile(step, { engine });
      statistics = compiled.statistics;
      return compiled;
    });
    expectClose(got, expected);
    // A program for each size of batch; the call that makes it runs eagerly.
    const { programs = 0, runs } = statistics ?? {};
    expect(runs).toBe(STEPS - programs);
    expect(programs).toBeLessThanOrEqual(2);
  });

  test('gradients of two calls collect before a step: as eager', () => {
    const accumulating: Wrap = (collect) => collect;
    const make = (wrapCollect: Wrap): (() => Training) => {
      return () => {
        const model = new Perceptron().to('float64');
        const optimizer = new SGD(model.parameters(), { lr: 0.1 });
        const collect = wrapCollect((x, y) => {
          const loss = crossEntropy(model.forward(x), y).div(2);
          loss.backward();
          return loss;
        });
        const apply = wrapCollect((x) => {
          optimizer.step();
          optimizer.zeroGrad();
          return x.sum();
        });
        return {
          model,
          batches: [4, 4].map((size) => [numbers(size, 6), labels(3, size)] as const),
          step: (x, y) => {
            const loss = collect(x, y);
            collect(x.mul(0.5), y);
            apply(x, y);
            return loss;
          },
        };
      };
    };
    expectClose(
      train(
        make((step) => compile(step, { engine })),
        accumulating,
      ),
      train(make(eager), accumulating),
    );
  });

  test('dropout draws the same bits in float32, call after call', () => {
    const dropout = new Dropout(0.4);
    const drop = (x: Tensor): Tensor => noGrad(() => dropout.forward(x));
    const compiled = compile(drop, { engine });
    const x = randn([37, 5]);
    const masks = (take: (x: Tensor) => Tensor): number[][] => {
      manualSeed(11);
      return Array.from({ length: 5 }, () => [...take(x).toTypedArray()]);
    };
    const expected = masks(drop);
    expect(masks(compiled)).toEqual(expected);
    expect(masks(compiled)).toEqual(expected);
    expect(compiled.statistics.runs).toBe(9);
  });
});
