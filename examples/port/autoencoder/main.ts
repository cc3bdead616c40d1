// A convolutional autoencoder of MNIST with 16 numbers in the middle: original.py, line by line.
import { parseArgs } from 'node:util';
import { concat, manualSeed, noGrad, sigmoid, slice, type Tensor } from '@gradtape/autograd';
import { compile } from '@gradtape/autograd/compile';
import { DataLoader, loadMnist, loadSafetensors, randomSplit, Subset, saveSafetensors } from '@gradtape/data';
import {
  BatchNorm2d,
  BCEWithLogitsLoss,
  Conv2d,
  ConvTranspose2d,
  Flatten,
  LeakyReLU,
  Linear,
  Module,
  Sequential,
  Unflatten,
} from '@gradtape/nn';
import { CosineAnnealingLR, NAdam } from '@gradtape/optim';
import { imageGrid } from '@gradtape/plot';

const { values: args } = parseArgs({
  options: {
    epochs: { type: 'string', default: '5' },
    out: { type: 'string', default: 'autoencoder' },
    quick: { type: 'boolean', default: false },
  },
});
manualSeed(0);

class Autoencoder extends Module {
  encoder: Sequential;
  decoder: Sequential;

  constructor(latent = 16) {
    super();
    this.encoder = new Sequential(
      new Conv2d(1, 8, 3, { stride: 2, padding: 1 }),
      new BatchNorm2d(8),
      new LeakyReLU(0.1),
      new Conv2d(8, 16, 3, { stride: 2, padding: 1 }),
      new BatchNorm2d(16),
      new LeakyReLU(0.1),
      new Flatten(),
      new Linear(16 * 7 * 7, latent),
    );
    this.decoder = new Sequential(
      new Linear(latent, 16 * 7 * 7),
      new Unflatten(1, [16, 7, 7]),
      new LeakyReLU(0.1),
      new ConvTranspose2d(16, 8, 3, { stride: 2, padding: 1, outputPadding: 1 }),
      new BatchNorm2d(8),
      new LeakyReLU(0.1),
      new ConvTranspose2d(8, 1, 3, { stride: 2, padding: 1, outputPadding: 1 }),
    );
  }

  forward(x: Tensor): Tensor {
    return this.decoder.forward(this.encoder.forward(x));
  }
}

const wholeSet = await loadMnist({ train: true });
const dataset = args.quick ? new Subset(wholeSet, Array(1500).keys()) : wholeSet;
const epochs = args.quick ? 2 : Number(args.epochs);
const [trainSet, valSet] = randomSplit(dataset, [0.9, 0.1]);
const trainLoader = new DataLoader(trainSet, { batchSize: 100, shuffle: true, dropLast: true });
const valLoader = new DataLoader(valSet, { batchSize: 100 });

const model = new Autoencoder();
const criterion = new BCEWithLogitsLoss();
const optimizer = new NAdam(model.parameters(), { lr: 2e-3, weightDecay: 1e-5 });
const scheduler = new CosineAnnealingLR(optimizer, { tMax: epochs });
const trainOn = compile((x: Tensor): Tensor => {
  optimizer.zeroGrad();
  const loss = criterion.forward(model.forward(x), x);
  loss.backward();
  optimizer.step();
  return loss;
});

for (let epoch = 0; epoch < epochs; epoch++) {
  model.train();
  let trainLoss = 0.0;
  for (const [x] of trainLoader) {
    const loss = trainOn(x);
    trainLoss += loss.item();
  }
  scheduler.step();
  model.eval();
  let valLoss = 0.0;
  noGrad(() => {
    for (const [x] of valLoader) valLoss += criterion.forward(model.forward(x), x).item();
  });
  const [train, validation] = [trainLoss / trainLoader.length, valLoss / valLoader.length];
  console.log(`epoch ${epoch + 1}: loss ${train.toFixed(4)}, validation ${validation.toFixed(4)}`);
}

await saveSafetensors(`${args.out}.safetensors`, model.stateDict());
const copy = new Autoencoder().eval();
copy.loadStateDict((await loadSafetensors(`${args.out}.safetensors`)).tensors);
const shown = noGrad(() => {
  const [[images]] = valLoader as Iterable<[Tensor, Tensor]> as [[Tensor, Tensor]];
  const x = images.index(slice(0, 8));
  return concat([x, sigmoid(copy.forward(x))]);
});
await imageGrid(shown.squeeze(1), { columns: 8 }).save(`${args.out}.png`);
console.log(`wrote ${args.out}.safetensors and ${args.out}.png`);
