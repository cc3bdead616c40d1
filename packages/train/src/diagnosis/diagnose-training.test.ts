import { crossEntropy, l1Loss, manualSeed, Parameter, randn, randperm, type Tensor, tensor } from '@gradtape/autograd';
import { DataLoader, TensorDataset } from '@gradtape/data';
import {
  BCEWithLogitsLoss,
  CrossEntropyLoss,
  init,
  Linear,
  LogSoftmax,
  type Module,
  MSELoss,
  NLLLoss,
  ReLU,
  Sequential,
  Sigmoid,
  Softmax,
  Tanh,
} from '@gradtape/nn';
import { SGD } from '@gradtape/optim';
import { describe, expect, test } from 'vitest';
import { evaluate, fit as train } from '../loop/index.ts';
import { LayerStatistics } from '../statistics/index.ts';
import { diagnoseTraining, type Symptom } from './index.ts';

interface Sickness {
  readonly lr?: number;
  readonly momentum?: number;
  readonly epochs?: number;
  readonly batchSize?: number;
  readonly shuffle?: boolean;
  readonly activation?: () => Module;
  readonly depth?: number;
  /** What is done to the model before it trains. */
  readonly harm?: (layers: readonly Linear[]) => void;
  readonly labels?: (y: Tensor) => Tensor;
  readonly inputs?: (x: Tensor) => Tensor;
  readonly samples?: number;
  readonly spread?: number;
}

/** Four blobs, told apart by a small network; healthy unless it is made sick. */
async function run(seed: number, sickness: Sickness = {}) {
  const { lr = 0.1, momentum = 0, epochs = 12, batchSize = 16, shuffle = true, samples = 64, spread = 0.5 } = sickness;
  const { activation = () => new ReLU(), depth = 2, harm, labels = (y) => y, inputs = (x) => x } = sickness;
  manualSeed(seed);
  const sample = (count: number) => {
    const y = tensor(
      Array.from({ length: count }, (_, i) => i % 4),
      { dtype: 'int32' },
    );
    const centres = tensor([
      [-2, -2],
      [-2, 2],
      [2, -2],
      [2, 2],
    ]);
    return { x: inputs(centres.indexSelect(0, y).add(randn([count, 2]).mul(spread))), y };
  };
  const { x, y } = sample(samples);
  const layers = Array.from({ length: depth }, (_, l) => new Linear(l === 0 ? 2 : 16, l === depth - 1 ? 4 : 16));
  for (const layer of layers) init.kaimingNormal(layer.weight, { nonlinearity: 'relu' });
  harm?.(layers);
  const model = new Sequential(...layers.flatMap((layer, l) => (l < depth - 1 ? [layer, activation()] : [layer])));
  const optimizer = new SGD(model.parameters(), { lr, momentum });
  const statistics = new LayerStatistics(model);
  const lossOf = (x: Tensor, y: Tensor): Tensor => crossEntropy(model.forward(x) as Tensor, y);
  const step = (x: Tensor, y: Tensor): Tensor => {
    optimizer.zeroGrad();
    const loss = lossOf(x, y);
    loss.backward();
    optimizer.step();
    return loss;
  };
  const heldOut = sample(64);
  let count = 0;
  const history = await train(
    (x: Tensor, y: Tensor) => (count++ % 8 === 0 ? statistics.record(() => step(x, y)) : step(x, y)),
    new DataLoader(new TensorDataset(x, labels(y)), { batchSize, shuffle }),
    { epochs, validate: () => evaluate(lossOf, [[heldOut.x, labels(heldOut.y)] as [Tensor, Tensor]], { model }) },
  );
  return { history, statistics, classes: 4 };
}

const sicknesses: Readonly<Partial<Record<Symptom, Sickness>>> = {
  'rate too large': { lr: 30 },
  'rate too small': { lr: 1e-5 },
  'vanishing gradients': { depth: 8, activation: () => new Sigmoid(), harm: (layers) => scale(layers, 0.3) },
  'exploding gradients': { depth: 8, lr: 1e-9, harm: (layers) => scale(layers, 6) },
  'dead units': { harm: ([first]) => first.bias?.assign(first.bias.value.detach().sub(30)) },
  saturation: { activation: () => new Tanh(), harm: (layers) => scale(layers, 10), lr: 1e-3 },
  'labels not aligned': { labels: (y) => y.indexSelect(0, randperm(y.length)), epochs: 16, lr: 0.03, samples: 256 },
  'not shuffled': { shuffle: false, spread: 2, batchSize: 8, epochs: 12 },
  overfitting: { samples: 12, spread: 2.5, epochs: 80, lr: 0.3, batchSize: 12 },
};

function scale(layers: readonly Linear[], factor: number): void {
  for (const layer of layers) layer.weight.assign(layer.weight.value.detach().mul(factor));
}

const seeds = [1, 2, 3];

describe('a training that was made sick', () => {
  test.each(Object.entries(sicknesses))('%s is named, whatever the seed', async (symptom, sickness) => {
    for (const seed of seeds) {
      const found = diagnoseTraining(await run(seed, sickness)).findings.map((finding) => finding.symptom);
      expect(found, `seed ${seed}`).toContain(symptom);
    }
  });

  test('oscillation is named, of steps too long for the valley that they cross; of shorter ones it is not', async () => {
    for (const start of [5.1, 7.25, 9.4]) {
      for (const [lr, expected] of [
        [1, ['oscillation']],
        [0.05, []],
      ] as const) {
        const w = new Parameter(tensor([start]));
        const optimizer = new SGD([w], { lr });
        const step = (target: Tensor): Tensor => {
          optimizer.zeroGrad();
          const loss = l1Loss(w, target);
          loss.backward();
          optimizer.step();
          return loss;
        };
        const history = await train(step, [[tensor([0])]] as [Tensor][], { epochs: 40 });
        expect(diagnoseTraining({ history }).findings.map(({ symptom }) => symptom)).toEqual(expected);
      }
    }
  });

  test('is called healthy if it is', async () => {
    for (const seed of seeds) {
      for (const healthy of [
        {},
        { batchSize: 64, epochs: 30 },
        { momentum: 0.9, lr: 0.03 },
        { activation: () => new Tanh() },
      ]) {
        expect(diagnoseTraining(await run(seed, healthy)).toString(), `seed ${seed}`).toBe('nothing conspicuous');
      }
    }
  });

  test('is told in the order in which to look, with layers and remedies', async () => {
    const diagnosis = diagnoseTraining({
      ...(await run(1, sicknesses['vanishing gradients'])),
      model: new Sequential(new Linear(2, 2), new Softmax(1)),
      criterion: new CrossEntropyLoss(),
    });
    const [first, second] = diagnosis.findings;
    expect(first.symptom).toBe('wrong pairing');
    expect(second.symptom).toBe('vanishing gradients');
    expect(second.layers).toContain('0.weight');
    expect(diagnosis.toString()).toContain('remedy: ReLU with He');
  });
});

describe('by the losses alone', () => {
  const symptomsOf = (history: readonly number[]) =>
    diagnoseTraining({ history }).findings.map(({ symptom }) => symptom);

  test('a loss that is no number, or rises for good, has too large a rate', () => {
    expect(symptomsOf([1, 2, Number.NaN])).toEqual(['rate too large']);
    expect(symptomsOf([1, 2, Infinity, 1])).toEqual(['rate too large']);
    expect(symptomsOf([1, 2, 4, 8])).toEqual(['rate too large']);
  });

  test('a peak at the start, and then a fall, wants a warmup', () => {
    expect(symptomsOf([1, 5, 4, ...Array.from({ length: 40 }, (_, k) => 0.9 ** k)])).toEqual(['unstable start']);
  });

  test('up and down is oscillation; standing still is slow; falling, also with noise, is healthy', () => {
    expect(symptomsOf([8, 4, 6, 3, 5, 2, 4, 1.5, 3, 1])).toEqual(['oscillation']);
    expect(symptomsOf([1, 0.999, 0.998, 0.997])).toEqual(['rate too small']);
    expect(symptomsOf(Array.from({ length: 30 }, (_, k) => 0.8 ** k * (1 + 0.05 * (-1) ** k)))).toEqual([]);
  });
});

describe('output and loss', () => {
  const pairs = [
    [new Sigmoid(), new MSELoss(), true],
    [new Softmax(1), new MSELoss(), true],
    [new Linear(2, 2), new MSELoss(), false],
    [new Softmax(1), new CrossEntropyLoss(), true],
    [new Linear(2, 2), new CrossEntropyLoss(), false],
    [new Sigmoid(), new BCEWithLogitsLoss(), true],
    [new Linear(2, 2), new NLLLoss(), true],
    [new LogSoftmax(1), new NLLLoss(), false],
  ] as const;

  test.each(pairs)('%s with %s: wrong is %s', (output, criterion, isWrong) => {
    const model = new Sequential(new Linear(2, 2), output);
    expect(diagnoseTraining({ model, criterion }).isHealthy).toBe(!isWrong);
  });
});

test('without evidence there is no diagnosis', () => {
  expect(() => diagnoseTraining({ classes: 10 })).toThrowErrorMatchingInlineSnapshot(`
    [GradtapeError: diagnoseTraining: there is nothing to look at
      got:   classes
      needs: a history, statistics, or a model with its criterion
      fix:   diagnoseTraining({ history: await fit(…), statistics, classes: 10 })]
  `);
});
