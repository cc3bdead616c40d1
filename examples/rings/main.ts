// Two rings, told apart by a network of two hidden layers: once with the backward pass written by hand, in column
// notation, and once through the tape.
import { join } from 'node:path';
import { fromArray, manualSeed, type Tensor } from '@gradtape/autograd';
import { DataLoader, rings, TensorDataset } from '@gradtape/data';
import { decisionBoundary } from '@gradtape/plot';
import { commandLine, folder, makeFolder, wholeNumber } from '../command-line.ts';
import { gradientsByHand } from './by-hand.ts';
import { gradientsByTape } from './by-tape.ts';
import { tableOfDifferences } from './differences.ts';
import { bias, forward, heInit, type Network, oneHot } from './network.ts';

const options = commandLine('rings', {
  epochs: wholeNumber('times through the points', { least: 1, value: 50 }),
  points: wholeNumber('points of both rings', { least: 2, value: 2000 }),
  seed: wholeNumber('of the random numbers', { least: 0, value: 42 }),
  out: folder('where the picture goes', { value: 'pictures/rings' }),
});
const out = await makeFolder(options.out);
const generator = manualSeed(options.seed);

// Build data
const [points, y] = rings(options.points, { inner: 1, outer: 2, noise: 0.1 });
const K = 2;
const T = oneHot(y, K); // N x K

// Normalize inputs (zero-mean, unit-var)
const raw = points.to('float64');
const X = raw.sub(raw.mean(0)).div(raw.std(0, { correction: 0 }).add(1e-8)); // N x 2

// Network sizes
const [d0, d1, d2, d3] = [2, 32, 16, K] as const;

// Initialize
const initial: Network = {
  W1: heInit(generator, d0, d1),
  b1: bias(d1),
  W2: heInit(generator, d1, d2),
  b2: bias(d2),
  W3: heInit(generator, d2, d3),
  b3: bias(d3),
};

// A stream of its own: seeded like the points, the batches would be drawn with the points' random numbers again.
const shuffling = generator.split();
const lr = 1e-2;
const batch = 128;

console.log('Gradients of the loss of all points in float64, by hand and through the tape:');
console.log(
  tableOfDifferences(gradientsByHand(initial, X.t(), T.t())[1], {
    difference: gradientsByTape(initial, X.t(), T.t())[1],
    'difference without the 1e-12 in the loss, which the derivation leaves out': gradientsByTape(
      initial,
      X.t(),
      T.t(),
      0,
    )[1],
  }),
);

console.log('\nTrained with the gradients by hand:');
const trainedByHand = train(gradientsByHand);
console.log('\nTrained with the gradients of the tape:');
const trainedByTape = train(gradientsByTape);
console.log('\nThe trained parameters:');
console.log(tableOfDifferences(trainedByHand, { difference: trainedByTape }));

const picture = decisionBoundary((grid, n) => forward(trainedByTape, fromArray(grid, [n, 2]).t()).select(0, 1), X, y, {
  title: 'Two rings',
  subtitle: 'probability of the outer ring',
  classNames: ['inner ring', 'outer ring'],
});
const [, png] = await picture.save(join(out, 'decision-boundary'));
console.log(`\nThe boundary between the rings: ${png}`);

/** Mini-batch gradient descent from the initial parameters; the same batches, whoever computes the gradients. */
function train(gradientsOf: typeof gradientsByHand): Network {
  let network = initial;
  const loader = new DataLoader(new TensorDataset(X, T), {
    batchSize: batch,
    shuffle: true,
    generator: shuffling.clone(),
  });
  for (let ep = 1; ep <= options.epochs; ep++) {
    let loss = Number.NaN;
    for (const [x, t] of loader) {
      const [value, gradients] = gradientsOf(network, x.t(), t.t());
      network = descend(network, gradients);
      loss = value.item();
    }
    if (ep % 5 === 0 || ep === 1) {
      const pred = forward(network, X.t()).argmax(0);
      const acc = pred.eq(y).to('float64').mean().item();
      console.log(`Epoch ${String(ep).padStart(2, '0')}: loss=${loss.toFixed(4)}, acc=${(acc * 100).toFixed(2)}%`);
    }
  }
  return network;
}

function descend(w: Network, dw: Network): Network {
  const step = (name: keyof Network): Tensor => w[name].sub(dw[name], { alpha: lr });
  return { W1: step('W1'), b1: step('b1'), W2: step('W2'), b2: step('b2'), W3: step('W3'), b3: step('b3') };
}
