import { crossEntropy, Generator, noGrad, type Tensor } from '@gradtape/autograd';
import { compile } from '@gradtape/autograd/compile';
import { type BatchIndices, BatchSampler, RandomSampler, rings, type Sampler, TensorDataset } from '@gradtape/data';
import { init, Linear, ReLU, Sequential } from '@gradtape/nn';
import { SGD } from '@gradtape/optim';

/** How the weights are drawn. */
export type Initialization = 'he' | 'xavier' | 'small' | 'large';

/** A training of the network 2-32-16-2 on the rings: plain data, so that it can be kept in a file and sent to a worker. */
export interface RingsRun {
  readonly seed: number;
  readonly rate: number;
  /** Default: 0. */
  readonly momentum?: number;
  /** Default: 'he'. */
  readonly initialization?: Initialization;
  /** Default: 64. */
  readonly batchSize?: number;
  /** Default: 15. */
  readonly epochs?: number;
  /** The standard deviation of the radius; the rings are 1 apart. Default: 0.1. */
  readonly noise?: number;
  /** Points to learn from. Default: 1024. */
  readonly points?: number;
  /** Points of class 1 among them. Default: half of them. */
  readonly ofClassOne?: number;
}

/** What is called as the rate is to change. */
export interface RateSchedule {
  afterBatch?(): void;
  /** @param loss - of the points held out. */
  afterEpoch?(loss: number): void;
}

export type RingsData = TensorDataset<[points: Tensor, classes: Tensor]>;

/** What a run may bring along beside its numbers. */
export interface RingsParts {
  readonly schedule?: (optimizer: SGD, batchesPerEpoch: number) => RateSchedule;
  /** The batches of an epoch, anew in each loop. Default: every point once, in random order. */
  readonly batches?: (
    dataset: RingsData,
    options: { readonly batchSize: number; readonly generator: Generator },
  ) => Sampler<BatchIndices>;
}

export interface RingsResult {
  /** Of 512 points held out: cross-entropy in nats, before the first epoch and after each. */
  readonly losses: readonly number[];
  /** The share of points held out that are classified rightly in the end. */
  readonly accuracy: number;
  /** How many batches were seen by then: one number for each of `losses`. */
  readonly batches: readonly number[];
  /** Of every batch, before its step. */
  readonly batchLosses: readonly number[];
  /** The learning rate of every epoch, as it begins. */
  readonly rates: readonly number[];
}

const draw = {
  he: (weight, generator) => init.kaimingNormal(weight, { nonlinearity: 'relu', generator }),
  xavier: (weight, generator) => init.xavierUniform(weight, { generator }),
  small: (weight, generator) => init.normal(weight, 0, 0.01, { generator }),
  large: (weight, generator) => init.normal(weight, 0, 1, { generator }),
} satisfies Record<Initialization, (weight: Linear['weight'], generator: Generator) => void>;

/** The points that a run learns from. */
export function trainingPoints({ seed, noise = 0.1, points = 1024, ofClassOne }: Omit<RingsRun, 'rate'>): RingsData {
  const generator = new Generator(3 * seed);
  if (ofClassOne === undefined) return new TensorDataset(...rings(points, { noise, generator }));
  const [all, classes] = rings(2 * points, { noise, generator });
  const wanted = [points - ofClassOne, ofClassOne];
  const kept = [...classes.toTypedArray().keys()].filter(
    (i) => (wanted[classes.toTypedArray()[i] as number] as number)-- > 0,
  );
  return new TensorDataset(...new TensorDataset(all, classes).batch(Int32Array.from(kept)));
}

/** Trains the network on the rings, and says how it went. Points, weights and order each have a generator of their own. */
export function trainRings(run: RingsRun, parts: RingsParts = {}): RingsResult {
  const { seed, rate, momentum = 0, initialization = 'he', batchSize = 64, epochs = 15, noise = 0.1 } = run;
  const dataset = trainingPoints(run);
  const heldOut = rings(512, { noise, generator: new Generator(3 * seed + 1) });
  const generator = new Generator(3 * seed + 2);

  const model = new Sequential(new Linear(2, 32), new ReLU(), new Linear(32, 16), new ReLU(), new Linear(16, 2));
  for (const layer of model.modules()) {
    if (!(layer instanceof Linear)) continue;
    draw[initialization](layer.weight, generator);
    if (layer.bias !== null) init.zeros(layer.bias);
  }
  const optimizer = new SGD(model.parameters(), { lr: rate, momentum });
  const step = compile((x: Tensor, t: Tensor): Tensor => {
    optimizer.zeroGrad();
    const loss = crossEntropy(model.forward(x), t);
    loss.backward();
    optimizer.step();
    return loss;
  });

  const options = { batchSize, generator };
  const batches =
    parts.batches?.(dataset, options) ?? new BatchSampler(new RandomSampler(dataset, { generator }), options);
  const schedule = parts.schedule?.(optimizer, Math.ceil(dataset.length / batchSize));
  const measure = (): { loss: number; accuracy: number } =>
    noGrad(() => {
      const scores = model.forward(heldOut[0]);
      const isRight = scores.argmax(1).eq(heldOut[1]);
      return { loss: crossEntropy(scores, heldOut[1]).item(), accuracy: isRight.to('float32').mean().item() };
    });

  const losses = [measure().loss];
  const seen = [0];
  const batchLosses: number[] = [];
  const rates: number[] = [];
  for (let epoch = 0; epoch < epochs; epoch++) {
    rates.push(optimizer.paramGroups[0]?.lr ?? Number.NaN);
    for (const batch of batches) {
      batchLosses.push(step(...dataset.batch(Int32Array.from(batch))).item());
      schedule?.afterBatch?.();
    }
    losses.push(measure().loss);
    seen.push(batchLosses.length);
    schedule?.afterEpoch?.(losses.at(-1) as number);
  }
  const { accuracy } = measure();
  step.dispose();
  return { losses, accuracy, batches: seen, batchLosses, rates };
}
