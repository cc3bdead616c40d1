import { fromArray, type Tensor } from '@gradtape/autograd';
import { Embedding, GRU, Linear, Module } from '@gradtape/nn';
import { AdamW } from '@gradtape/optim';
import type { Run } from '../engines.ts';
import { text } from '../seeded-data.ts';
import type { Workload } from '../timing.ts';
import { classifier } from './classifier.ts';
import { seeded } from './training.ts';

const CONTEXT = 64;
const VOCABULARY = 65;

class CharacterModel extends Module {
  embedding = new Embedding(VOCABULARY, 32);
  gru = new GRU(32, 64, { numLayers: 2, batchFirst: true });
  head = new Linear(64, VOCABULARY);

  forward(characters: Tensor): Tensor {
    const [output] = this.gru.forward(this.embedding.forward(characters));
    return this.head.forward(output).flatten(0, -2);
  }
}

/** Two layers of GRU of width 64 on 16 texts of 64 characters, with AdamW. */
export function gru(run: Run): Workload {
  const model = seeded(new CharacterModel(), 440);
  const batches = text().map(({ characters, next }) => ({
    inputs: fromArray(characters, [characters.length / CONTEXT, CONTEXT]),
    targets: fromArray(next, [next.length]),
  }));
  return classifier('gru', model, new AdamW(model.parameters(), { lr: 1e-3, weightDecay: 0.01 }), batches, run);
}
