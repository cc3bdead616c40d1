import { fromArray, full, Parameter, relu, softmax, type Tensor, triu } from '@gradtape/autograd';
import { Embedding, LayerNorm, Module, Sequential } from '@gradtape/nn';
import { AdamW } from '@gradtape/optim';
import type { Run } from '../engines.ts';
import { text, weights } from '../seeded-data.ts';
import type { Workload } from '../timing.ts';
import { classifier, seededLinear } from './classifier.ts';

const LAYERS = 2;
const WIDTH = 64;
const HEADS = 4;
const CONTEXT = 64;
const VOCABULARY = 65;
const HEAD_WIDTH = WIDTH / HEADS;

class Block extends Module {
  norm1 = new LayerNorm(WIDTH);
  norm2 = new LayerNorm(WIDTH);
  queriesKeysValues;
  projection;
  up;
  down;
  readonly mask: Tensor = triu(full([CONTEXT, CONTEXT], -1e9), 1);

  constructor(k: number) {
    super();
    const seed = 300 + 10 * k;
    this.queriesKeysValues = seededLinear(WIDTH, 3 * WIDTH, seed);
    this.projection = seededLinear(WIDTH, WIDTH, seed + 1);
    this.up = seededLinear(WIDTH, 4 * WIDTH, seed + 2);
    this.down = seededLinear(4 * WIDTH, WIDTH, seed + 3);
  }

  forward(x: Tensor): Tensor {
    const attended = x.add(this.projection.forward(this.attention(this.norm1.forward(x))));
    return attended.add(this.down.forward(relu(this.up.forward(this.norm2.forward(attended)))));
  }

  private attention(x: Tensor): Tensor {
    const [batch, length] = x.shape as [number, number];
    const perHead = (part: Tensor): Tensor => part.reshape([batch, length, HEADS, HEAD_WIDTH]).transpose(1, 2);
    const [queries, keys, values] = this.queriesKeysValues.forward(x).split(WIDTH, 2).map(perHead) as [
      Tensor,
      Tensor,
      Tensor,
    ];
    const scores = queries
      .matmul(keys.transpose(-2, -1))
      .mul(1 / Math.sqrt(HEAD_WIDTH))
      .add(this.mask);
    return softmax(scores, -1).matmul(values).transpose(1, 2).reshape([batch, length, WIDTH]);
  }
}

class TinyGPT extends Module {
  embedding = new Embedding(VOCABULARY, WIDTH);
  positions = new Parameter(fromArray(weights(291, CONTEXT * WIDTH, WIDTH), [CONTEXT, WIDTH]));
  blocks = new Sequential(...Array.from({ length: LAYERS }, (_, k) => new Block(k)));
  norm = new LayerNorm(WIDTH);
  head = seededLinear(WIDTH, VOCABULARY, 292);

  constructor() {
    super();
    this.embedding.weight.assign(fromArray(weights(290, VOCABULARY * WIDTH, WIDTH), [VOCABULARY, WIDTH]));
  }

  forward(characters: Tensor): Tensor {
    const x = this.embedding.forward(characters).add(this.positions);
    return this.head.forward(this.norm.forward(this.blocks.forward(x))).flatten(0, -2);
  }
}

/** A transformer of 2 layers, 4 heads and width 64 on 16 texts of 64 characters, with AdamW. */
export function tinyGpt(run: Run): Workload {
  const model = new TinyGPT();
  const batches = text().map(({ characters, next }) => ({
    inputs: fromArray(characters, [characters.length / CONTEXT, CONTEXT]),
    targets: fromArray(next, [next.length]),
  }));
  return classifier('tiny-gpt', model, new AdamW(model.parameters(), { lr: 1e-3, weightDecay: 0.01 }), batches, run);
}
