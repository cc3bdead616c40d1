import { conv2d, ones, tensor } from '@gradtape/autograd';
import { convolutionFan } from '../convolution-fan.ts';
import { heVariance, xavierBound, xavierVariance } from '../initialization.ts';
import { decayedLearningRate, halvedLearningRate, plateauLearningRate, scaledLearningRate } from '../learning-rate.ts';
import type { AnyRule } from '../rule.ts';
import { againstDefinition, againstTape, type Check, type Compare, type Comparison } from './check.ts';
import { gradients } from './with-tape.ts';

function ofNumbers<R extends AnyRule>(rule: R, compare: Compare<R>): Check {
  return againstDefinition(rule, compare, ['float64']);
}

function compareNumbers(got: number, want: number): readonly Comparison[] {
  return [{ got: tensor(got, { dtype: 'float64' }), want: tensor(want, { dtype: 'float64' }) }];
}

/** The mean of relu(s)² for s of a normal distribution of variance 1, by Simpson's rule. */
function halfOfVariance(): number {
  const steps = 2000;
  let sum = 0;
  for (let i = 0; i <= steps; i++) {
    const s = (12 * i) / steps;
    const weight = i === 0 || i === steps ? 1 : i % 2 === 1 ? 4 : 2;
    sum += (weight * s ** 2 * Math.exp(-(s ** 2) / 2)) / Math.sqrt(2 * Math.PI);
  }
  return (sum * 12) / steps / 3;
}

export const checks: readonly Check[] = [
  ofNumbers(decayedLearningRate, (rule, draw) => {
    const [a, b, t] = [draw.integer(1, 50) / 7, draw.integer(1, 100), draw.integer(0, 1000)];
    return compareNumbers(rule(a, b, t) * (b + t), a);
  }),
  ofNumbers(halvedLearningRate, (rule, draw) => {
    const [alpha, t, s] = [draw.integer(1, 50) / 7, draw.integer(0, 40), draw.integer(1, 10)];
    let want = alpha;
    for (let epoch = 1; epoch <= t; epoch++) if (epoch % s === 0) want /= 2;
    return compareNumbers(rule(alpha, t, s), want);
  }),
  // Whole numbers meet the threshold exactly as often as not.
  ofNumbers(plateauLearningRate, (rule, draw) => {
    const [alpha, before, threshold] = [draw.integer(1, 50) / 7, draw.integer(-5, 5), draw.integer(0, 3)];
    const change = draw.integer(-4, 4);
    const flat = change > -threshold && change < threshold;
    return compareNumbers(rule(alpha, before, before + change, threshold), flat ? alpha / 2 : alpha);
  }),
  // One step with the mean of k equal batches goes as far as a step with each of them.
  ofNumbers(scaledLearningRate, (rule, draw) => {
    const [alpha, k] = [draw.integer(1, 50) / 7, draw.integer(1, 20)];
    let want = 0;
    for (let step = 0; step < k; step++) want += alpha;
    return compareNumbers(rule(alpha, k), want);
  }),
  // With weights of 1, the gradient counts connections: those into the only output of one channel, and those out of the input
  // that every position of the kernel meets.
  {
    ...againstTape(convolutionFan, (rule, draw) => {
      const [height, width] = [draw.integer(1, 3), draw.integer(1, 3)];
      const [inputs, outputs] = [draw.size(1), draw.size(1)];
      const dtype = 'float64';
      const weight = ones([outputs, inputs, height, width], { dtype });
      const [into] = gradients((x) => conv2d(x, weight).narrow(1, 0, 1), ones([1, inputs, height, width], { dtype }));
      const around = ones([1, inputs, 2 * height - 1, 2 * width - 1], { dtype });
      const [outOf] = gradients((x) => conv2d(x, weight), around);
      const middle = outOf
        .select(3, width - 1)
        .select(2, height - 1)
        .select(1, 0)
        .item();
      return [
        ...compareNumbers(rule(height * width, inputs), into.sum().item()),
        ...compareNumbers(rule(height * width, outputs), middle),
      ];
    }),
    dtypes: ['float64'],
  },
  // Through one layer the variance of signals is multiplied by fanIn · Var, of gradients by fanOut · Var: together by 2.
  ofNumbers(xavierVariance, (rule, draw) => {
    const [fanIn, fanOut] = [draw.integer(1, 1000), draw.integer(1, 1000)];
    const variance = rule(fanIn, fanOut);
    return compareNumbers(fanIn * variance + fanOut * variance, 2);
  }),
  ofNumbers(xavierBound, (rule, draw) => {
    const [fanIn, fanOut] = [draw.integer(1, 1000), draw.integer(1, 1000)];
    return compareNumbers(rule(fanIn, fanOut), Math.sqrt(3 * xavierVariance(fanIn, fanOut)));
  }),
  // Of signals of variance 1, each output adds up fanIn products with what relu lets pass.
  ofNumbers(heVariance, (rule, draw) => {
    const fanIn = draw.integer(1, 1000);
    return compareNumbers(fanIn * rule(fanIn) * halfOfVariance(), 1);
  }),
];
