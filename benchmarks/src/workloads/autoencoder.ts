import { fromArray, mseLoss, type Tensor } from '@gradtape/autograd';
import { Linear, ReLU, Sequential, Sigmoid } from '@gradtape/nn';
import { Adam } from '@gradtape/optim';
import type { Run } from '../engines.ts';
import { images } from '../seeded-data.ts';
import type { Workload } from '../timing.ts';
import { seeded, training } from './training.ts';

const BATCH = 128;

/** 784-128-32-128-784 with ReLU and a sigmoid at the end, squared errors, Adam, batches of 128. */
export function autoencoder(run: Run): Workload {
  const model = seeded(
    new Sequential(
      ...[new Linear(784, 128), new ReLU(), new Linear(128, 32), new ReLU()],
      ...[new Linear(32, 128), new ReLU(), new Linear(128, 784), new Sigmoid()],
    ),
    480,
  );
  const batches = images(BATCH).map(({ inputs }) => {
    const pixels = fromArray(inputs, [BATCH, 784]);
    return { inputs: pixels, targets: pixels };
  });
  const lossOf = (x: Tensor, t: Tensor): Tensor => mseLoss(model.forward(x), t);
  return training('autoencoder', lossOf, new Adam(model.parameters(), { lr: 1e-3 }), batches, run);
}
