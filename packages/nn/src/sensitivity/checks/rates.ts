import { tensor } from '@gradtape/autograd';
import { heVariance, xavierBound, xavierVariance } from '../initialization.ts';
import { decayedLearningRate } from '../learning-rate.ts';
import type { AnyRule } from '../rule.ts';
import { againstDefinition, type Check, type Compare, type Comparison } from './check.ts';

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
