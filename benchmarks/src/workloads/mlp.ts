import { fromArray } from '@gradtape/autograd';
import { ReLU, Sequential } from '@gradtape/nn';
import { Adam, SGD } from '@gradtape/optim';
import type { Run } from '../engines.ts';
import { images, type LabelledBatch, rings } from '../seeded-data.ts';
import type { Workload } from '../timing.ts';
import { classifier, seededLinear } from './classifier.ts';
import type { Example } from './training.ts';

function mlp(sizes: readonly number[]): Sequential {
  const layers = sizes
    .slice(1)
    .flatMap((size, k) => [seededLinear(sizes[k] as number, size, 100 + 2 * k, 101 + 2 * k), new ReLU()]);
  return new Sequential(...layers.slice(0, -1));
}

function examples(batches: readonly LabelledBatch[]): Example[] {
  return batches.map(({ inputs, labels }) => ({
    inputs: fromArray(inputs, [labels.length, inputs.length / labels.length]),
    targets: fromArray(labels, [labels.length]),
  }));
}

/** 784-256-128-10 with ReLU, Adam, batches of 128. */
export function mnistMlp(run: Run): Workload {
  const model = mlp([784, 256, 128, 10]);
  return classifier('mnist-mlp', model, new Adam(model.parameters(), { lr: 1e-3 }), examples(images(128)), run);
}

/** 2-32-16-2 with ReLU, SGD with momentum, batches of 128. */
export function ringsMlp(run: Run): Workload {
  const model = mlp([2, 32, 16, 2]);
  return classifier(
    'rings-mlp',
    model,
    new SGD(model.parameters(), { lr: 0.1, momentum: 0.9 }),
    examples(rings()),
    run,
  );
}
