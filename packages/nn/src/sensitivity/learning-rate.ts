import { latex, type Rule, rule } from './rule.ts';
import * as sections from './sections.ts';

/**
 * The learning rate of iteration t that falls as `α_t = a / (b + t)`: it starts at a / b, and b says when it begins to fall.
 * 训练技巧 二、学习率
 *
 * @example
 * import { decayedLearningRate } from '@gradtape/nn/sensitivity';
 * decayedLearningRate(1, 10, 90); // 0.01
 */
export const decayedLearningRate: Rule<[a: number, b: number, t: number], number> = rule(
  {
    name: 'decayedLearningRate',
    statement: latex`\alpha_t = \frac{a}{b + t}`,
    place: sections.learningRate,
    shapes: 'a, b, t -> alpha',
  },
  (a, b, t) => a / (b + t),
);
