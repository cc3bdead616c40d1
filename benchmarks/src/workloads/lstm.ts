import { fromArray, type Tensor } from '@gradtape/autograd';
import { Linear, LSTM, Module } from '@gradtape/nn';
import { Adam } from '@gradtape/optim';
import type { Run } from '../engines.ts';
import { images } from '../seeded-data.ts';
import type { Workload } from '../timing.ts';
import { classifier } from './classifier.ts';
import { seeded } from './training.ts';

const BATCH = 64;

class ImageReader extends Module {
  lstm = new LSTM(28, 64, { batchFirst: true });
  head = new Linear(64, 10);

  forward(rows: Tensor): Tensor {
    const [output] = this.lstm.forward(rows);
    return this.head.forward(output.select(1, -1));
  }
}

/** An LSTM of width 64 that reads images row by row, 28 steps in batches of 64, with Adam. */
export function lstm(run: Run): Workload {
  const model = seeded(new ImageReader(), 420);
  const batches = images(BATCH).map(({ inputs, labels }) => ({
    inputs: fromArray(inputs, [BATCH, 28, 28]),
    targets: fromArray(labels, [BATCH]),
  }));
  return classifier('lstm', model, new Adam(model.parameters(), { lr: 1e-3 }), batches, run);
}
