// A CNN on MNIST, after PyTorch's own example: original.py, line by line.
import { parseArgs } from 'node:util';
import { flatten, logSoftmax, manualSeed, maxPool2d, nllLoss, noGrad, relu, type Tensor } from '@gradtape/autograd';
import { compile } from '@gradtape/autograd/compile';
import { compose, DataLoader, loadMnist, normalize, Subset, toTensor } from '@gradtape/data';
import { Conv2d, Dropout, Linear, Module } from '@gradtape/nn';
import { Adadelta, StepLR } from '@gradtape/optim';

class Net extends Module {
  conv1 = new Conv2d(1, 16, 3);
  conv2 = new Conv2d(16, 32, 3);
  dropout1 = new Dropout(0.25);
  dropout2 = new Dropout(0.5);
  fc1 = new Linear(800, 128);
  fc2 = new Linear(128, 10);

  forward(images: Tensor): Tensor {
    let x: Tensor = maxPool2d(relu(this.conv1.forward(images)), 2);
    x = maxPool2d(relu(this.conv2.forward(x)), 2);
    x = this.dropout1.forward(x);
    x = flatten(x, 1);
    x = relu(this.fc1.forward(x));
    x = this.dropout2.forward(x);
    x = this.fc2.forward(x);
    return logSoftmax(x, 1);
  }
}

type Loader = DataLoader<[image: Tensor, label: Tensor]>;

/** PyTorch's training loop has this as its body. As a program of its own it is some ten times faster. */
function trainingStep(model: Net, optimizer: Adadelta): (data: Tensor, target: Tensor) => Tensor {
  return compile((data: Tensor, target: Tensor): Tensor => {
    optimizer.zeroGrad();
    const output = model.forward(data);
    const loss = nllLoss(output, target);
    loss.backward();
    optimizer.step();
    return loss;
  });
}

function train(
  model: Net,
  trainLoader: Loader,
  step: (data: Tensor, target: Tensor) => Tensor,
  { epoch, logInterval }: { readonly epoch: number; readonly logInterval: number },
): void {
  model.train();
  let batchIdx = 0;
  for (const [data, target] of trainLoader) {
    const loss = step(data, target);
    if (batchIdx % logInterval === 0) {
      console.log(`epoch ${epoch} batch ${batchIdx}/${trainLoader.length}: loss ${loss.item().toFixed(4)}`);
    }
    batchIdx++;
  }
}

function test(model: Net, testLoader: Loader, size: number): void {
  model.eval();
  let testLoss = 0;
  let correct = 0;
  noGrad(() => {
    for (const [data, target] of testLoader) {
      const output = model.forward(data);
      testLoss += nllLoss(output, target, { reduction: 'sum' }).item();
      const pred = output.argmax(1, { keepDim: true });
      correct += pred.eq(target.viewAs(pred)).sum().item();
    }
  });
  testLoss /= size;
  console.log(`test: loss ${testLoss.toFixed(4)}, accuracy ${((100 * correct) / size).toFixed(1)}%`);
}

const { values: args } = parseArgs({
  options: {
    epochs: { type: 'string', default: '4' },
    'log-interval': { type: 'string', default: '10' },
    quick: { type: 'boolean', default: false },
  },
});
manualSeed(1);

const transform = compose(toTensor, normalize(0.1307, 0.3081));
const [wholeTrainSet, wholeTestSet] = [
  await loadMnist({ train: true, transform }),
  await loadMnist({ train: false, transform }),
];
const trainSet = args.quick ? new Subset(wholeTrainSet, Array(1280).keys()) : wholeTrainSet;
const testSet = args.quick ? new Subset(wholeTestSet, Array(500).keys()) : wholeTestSet;
const epochs = args.quick ? 1 : Number(args.epochs);
const trainLoader = new DataLoader(trainSet, { batchSize: 64, shuffle: true });
const testLoader = new DataLoader(testSet, { batchSize: 250 });

const model = new Net();
const optimizer = new Adadelta(model.parameters(), { lr: 1.0 });
const scheduler = new StepLR(optimizer, { stepSize: 1, gamma: 0.7 });
const step = trainingStep(model, optimizer);
for (let epoch = 1; epoch <= epochs; epoch++) {
  train(model, trainLoader, step, { epoch, logInterval: Number(args['log-interval']) });
  test(model, testLoader, testSet.length);
  scheduler.step();
}
