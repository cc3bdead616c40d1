// The adding problem, add the two numbers of a sequence that are marked: original.py, line by line.
import { parseArgs } from 'node:util';
import { manualSeed, noGrad, ones, rand, randint, scatter, slice, stack, type Tensor, zeros } from '@gradtape/autograd';
import { init, Linear, LSTM, Module, MSELoss, packPaddedSequence } from '@gradtape/nn';
import { clipGradNorm, ReduceLROnPlateau, RMSprop } from '@gradtape/optim';

const { values: args } = parseArgs({
  options: {
    steps: { type: 'string', default: '1500' },
    length: { type: 'string', default: '30' },
    quick: { type: 'boolean', default: false },
  },
});
const [steps, length] = args.quick ? [120, 8] : [Number(args.steps), Number(args.length)];
manualSeed(0);

/** Sequences of numbers and marks [batch, longest, 2], their lengths, and the sums of the marked numbers. */
function draw(batch: number, longest: number): [sequences: Tensor, lengths: Tensor, sums: Tensor] {
  const numbers = rand([batch, longest]);
  const lengths = randint(Math.floor(longest / 2), longest + 1, [batch]);
  const half = lengths.div(2, { roundingMode: 'floor' });
  const first = rand([batch]).mul(half).to('int32');
  const second = half.add(rand([batch]).mul(lengths.sub(half)).to('int32'));
  const marks = scatter(zeros([batch, longest]), 1, stack([first, second], 1), ones([batch, 2]));
  return [stack([numbers, marks], -1), lengths, numbers.mul(marks).sum(1)];
}

class Adder extends Module {
  lstm: LSTM;
  head: Linear;

  constructor(hidden = 32) {
    super();
    this.lstm = new LSTM(2, hidden, { numLayers: 1, batchFirst: true });
    this.head = new Linear(hidden, 1);
    for (const [name, parameter] of this.lstm.namedParameters()) {
      if (name.includes('weightHh')) {
        init.orthogonal(parameter);
      } else if (name.includes('bias')) {
        init.zeros(parameter);
        parameter.assign(parameter.indexPut([slice(hidden, 2 * hidden)], 0.5)); // remember at first
      }
    }
  }

  forward(sequences: Tensor, lengths: Tensor): Tensor {
    const packed = packPaddedSequence(sequences, lengths, { batchFirst: true, enforceSorted: false });
    const [, [h]] = this.lstm.forward(packed);
    return this.head.forward(h.index(-1)).squeeze(-1);
  }
}

const model = new Adder();
const criterion = new MSELoss();
const optimizer = new RMSprop(model.parameters(), { lr: 3e-3 });
const scheduler = new ReduceLROnPlateau(optimizer, { factor: 0.5, patience: 3 });
let total = 0.0;
for (let step = 1; step <= steps; step++) {
  const [sequences, lengths, sums] = draw(32, length);
  optimizer.zeroGrad();
  const loss = criterion.forward(model.forward(sequences, lengths), sums);
  loss.backward();
  clipGradNorm(model.parameters(), 1.0);
  optimizer.step();
  total += loss.item();
  if (step % Math.floor(steps / 6) === 0) {
    const mean = total / Math.floor(steps / 6);
    scheduler.step(mean);
    console.log(`step ${step}: loss ${mean.toFixed(4)}, lr ${scheduler.getLastLr()[0]?.toExponential(1)}`);
    total = 0.0;
  }
}

noGrad(() => {
  const [sequences, lengths, sums] = draw(5, length);
  const [guesses, trues] = [model.forward(sequences, lengths), sums].map((x) => x.toArray() as number[]);
  for (const [i, guess] of guesses.entries()) console.log(`${guess.toFixed(2)} for ${trues[i]?.toFixed(2)}`);
});
