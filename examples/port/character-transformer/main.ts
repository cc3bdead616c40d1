// A character-level transformer that learns a page of "Alice's Adventures in Wonderland": original.py, line by line.
import { readFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import {
  arange,
  concat,
  crossEntropy,
  manualSeed,
  multinomial,
  noGrad,
  randint,
  slice,
  softmax,
  stack,
  type Tensor,
  tensor,
} from '@gradtape/autograd';
import { compile } from '@gradtape/autograd/compile';
import {
  Buffer,
  Embedding,
  init,
  LayerNorm,
  Linear,
  Module,
  Transformer,
  TransformerEncoder,
  TransformerEncoderLayer,
} from '@gradtape/nn';
import { AdamW, clipGradNorm, OneCycleLR } from '@gradtape/optim';

const { values: args } = parseArgs({
  options: { steps: { type: 'string', default: '600' }, quick: { type: 'boolean', default: false } },
});
const steps = args.quick ? 30 : Number(args.steps);
manualSeed(1337);

const [context, batchSize, width, heads, layers] = [32, 16, 64, 4, 2];

const text = await readFile(new URL('alice.txt', import.meta.url), 'utf8');
const alphabet = [...new Set(text)].sort();
const indexOf = new Map(alphabet.map((character, i) => [character, i]));
const data = tensor(
  [...text].map((character) => indexOf.get(character) as number),
  { dtype: 'int32' },
);
const n = Math.floor(0.9 * data.length);
const [trainData, valData] = [data.index(slice(null, n)), data.index(slice(n))];

function getBatch(data: Tensor): [x: Tensor, y: Tensor] {
  const ix = randint(0, data.length - context, [batchSize]).toArray() as number[];
  const x = stack(ix.map((i) => data.narrow(0, i, context)));
  const y = stack(ix.map((i) => data.narrow(0, i + 1, context)));
  return [x, y];
}

class CharacterModel extends Module {
  token = new Embedding(alphabet.length, width);
  position = new Embedding(context, width);
  blocks: TransformerEncoder;
  head = new Linear(width, alphabet.length);
  mask = new Buffer(Transformer.generateSquareSubsequentMask(context));

  constructor() {
    super();
    const layer = new TransformerEncoderLayer(width, heads, {
      ...{ dimFeedforward: 4 * width, dropout: 0.1, activation: 'gelu', batchFirst: true, normFirst: true },
    });
    this.blocks = new TransformerEncoder(layer, layers, { norm: new LayerNorm(width) });
    this.apply(initWeights);
  }

  forward(idx: Tensor): Tensor {
    const length = idx.shape[1] as number;
    let x: Tensor = this.token.forward(idx).add(this.position.forward(arange(length)));
    x = this.blocks.forward(x, { mask: this.mask.value.index(slice(0, length), slice(0, length)), isCausal: true });
    return this.head.forward(x);
  }

  generate(idx: Tensor, count: number): string {
    return noGrad(() => {
      for (let i = 0; i < count; i++) {
        const logits = this.forward(idx.index(slice(), slice(-context))).index(slice(), -1);
        const probabilities = softmax(logits.div(0.8), -1);
        idx = concat([idx, multinomial(probabilities, 1)], 1);
      }
      return (idx.index(0).toArray() as number[]).map((i) => alphabet[i]).join('');
    });
  }
}

function initWeights(module: Module): void {
  if (module instanceof Linear || module instanceof Embedding) init.normal(module.weight, 0, 0.02);
  if (module instanceof Linear && module.bias !== null) init.zeros(module.bias);
}

function evaluate(model: CharacterModel): number {
  model.eval();
  const losses = noGrad(() =>
    Array.from({ length: 4 }, () => {
      const [x, y] = getBatch(valData);
      return crossEntropy(model.forward(x).flatten(0, 1), y.flatten()).item();
    }),
  );
  model.train();
  return losses.reduce((a, b) => a + b) / losses.length;
}

const model = new CharacterModel();
console.log(`${model.parameters().reduce((sum, p) => sum + p.length, 0)} parameters`);
const optimizer = new AdamW(model.parameters(), { lr: 3e-3, betas: [0.9, 0.95], weightDecay: 0.1 });
const scheduler = new OneCycleLR(optimizer, { maxLr: 3e-3, totalSteps: steps });
const trainOn = compile((x: Tensor, y: Tensor): Tensor => {
  const logits = model.forward(x);
  const loss = crossEntropy(logits.flatten(0, 1), y.flatten());
  optimizer.zeroGrad();
  loss.backward();
  clipGradNorm(model.parameters(), 1.0);
  optimizer.step();
  return loss;
});
for (let step = 0; step < steps; step++) {
  const [x, y] = getBatch(trainData);
  const loss = trainOn(x, y);
  scheduler.step();
  if (step % Math.floor(steps / 6) === 0 || step === steps - 1) {
    console.log(`step ${step}: train ${loss.item().toFixed(4)}, validation ${evaluate(model).toFixed(4)}`);
  }
}

model.eval();
console.log(model.generate(data.index(null, slice(0, 8)), args.quick ? 20 : 200));
