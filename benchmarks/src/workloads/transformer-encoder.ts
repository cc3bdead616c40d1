import { fromArray, Parameter, type Tensor, zeros } from '@gradtape/autograd';
import { Linear, Module, TransformerEncoder, TransformerEncoderLayer } from '@gradtape/nn';
import { Adam } from '@gradtape/optim';
import type { Run } from '../engines.ts';
import { images } from '../seeded-data.ts';
import type { Workload } from '../timing.ts';
import { classifier } from './classifier.ts';
import { seeded } from './training.ts';

const BATCH = 32;
const WIDTH = 64;

class ImageEncoder extends Module {
  project = new Linear(28, WIDTH);
  positions = new Parameter(zeros([28, WIDTH]));
  encoder = new TransformerEncoder(
    new TransformerEncoderLayer(WIDTH, 4, { dimFeedforward: 128, dropout: 0, batchFirst: true }),
    2,
  );
  head = new Linear(WIDTH, 10);

  forward(rows: Tensor): Tensor {
    const x = this.project.forward(rows).add(this.positions);
    return this.head.forward(this.encoder.forward(x).mean(1));
  }
}

/** An encoder of 2 layers, 4 heads and width 64 over the rows of images, in batches of 32, with Adam. */
export function transformerEncoder(run: Run): Workload {
  const model = seeded(new ImageEncoder(), 460);
  const batches = images(BATCH).map(({ inputs, labels }) => ({
    inputs: fromArray(inputs, [BATCH, 28, 28]),
    targets: fromArray(labels, [BATCH]),
  }));
  return classifier('transformer-encoder', model, new Adam(model.parameters(), { lr: 1e-3 }), batches, run);
}
