import { fromArray } from '@gradtape/autograd';
import { BatchNorm2d, Conv2d, Flatten, Linear, MaxPool2d, ReLU, Sequential } from '@gradtape/nn';
import { SGD } from '@gradtape/optim';
import type { Run } from '../engines.ts';
import { images } from '../seeded-data.ts';
import type { Workload } from '../timing.ts';
import { classifier } from './classifier.ts';
import { seeded } from './training.ts';

const BATCH = 32;

/** Two convolutions with batch normalization, on images of 28 × 28 in batches of 32, with SGD and momentum. */
export function convBatchNorm(run: Run): Workload {
  const model = seeded(
    new Sequential(
      ...[new Conv2d(1, 16, 3, { padding: 1, bias: false }), new BatchNorm2d(16), new ReLU(), new MaxPool2d(2)],
      ...[new Conv2d(16, 32, 3, { padding: 1, bias: false }), new BatchNorm2d(32), new ReLU(), new MaxPool2d(2)],
      new Flatten(),
      new Linear(32 * 7 * 7, 10),
    ),
    400,
  );
  const batches = images(BATCH).map(({ inputs, labels }) => ({
    inputs: fromArray(inputs, [BATCH, 1, 28, 28]),
    targets: fromArray(labels, [BATCH]),
  }));
  const optimizer = new SGD(model.parameters(), { lr: 0.01, momentum: 0.9 });
  return classifier('conv-batch-norm', model, optimizer, batches, run);
}
