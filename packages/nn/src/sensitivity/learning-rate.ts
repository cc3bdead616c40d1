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
    place: `${sections.learningRate}; ${sections.trainingSummary}`,
    shapes: 'a, b, t -> alpha',
  },
  (a, b, t) => a / (b + t),
);

/**
 * The learning rate of epoch t (the first is 0) that is halved every s epochs: `α (½)^⌊t / s⌋`. 训练技巧 六、例子
 *
 * @example
 * import { halvedLearningRate } from '@gradtape/nn/sensitivity';
 * halvedLearningRate(0.01, 25, 10); // 0.0025
 */
export const halvedLearningRate: Rule<[alpha: number, t: number, s: number], number> = rule(
  {
    name: 'halvedLearningRate',
    statement: latex`\alpha_t = \alpha \Bigl(\tfrac{1}{2}\Bigr)^{\lfloor t / s \rfloor}`,
    place: `${sections.learningRate}; ${sections.trainingExamples}; ${sections.trainingSummary}`,
    shapes: 'alpha, t, s -> alpha',
  },
  (alpha, t, s) => alpha * 0.5 ** Math.floor(t / s),
);

/**
 * The learning rate after a round at whose end a loss that is watched, of samples held out, has come from `before` to `after`:
 * half of it where it has changed by less than a threshold, for then it is on a plateau. 训练技巧 二、学习率
 *
 * @example
 * import { plateauLearningRate } from '@gradtape/nn/sensitivity';
 * plateauLearningRate(0.1, 2, 1.75, 0.5); // 0.05
 * plateauLearningRate(0.1, 2, 1.5, 0.5); // 0.1
 */
export const plateauLearningRate: Rule<[alpha: number, before: number, after: number, threshold: number], number> =
  rule(
    {
      name: 'plateauLearningRate',
      statement: latex`\alpha \leftarrow \begin{cases} \alpha / 2 & \lvert E_t - E_{t-1} \rvert < \theta \cr \alpha & \text{else} \end{cases}`,
      place: `${sections.learningRate}; ${sections.trainingSummary}`,
      shapes: 'alpha, before, after, threshold -> alpha',
    },
    (alpha, before, after, threshold) => (Math.abs(after - before) < threshold ? alpha / 2 : alpha),
  );

/**
 * The learning rate for a batch k times as large: k times as large, too. 训练技巧 二、学习率
 *
 * @example
 * import { scaledLearningRate } from '@gradtape/nn/sensitivity';
 * scaledLearningRate(0.1, 4); // 0.4
 */
export const scaledLearningRate: Rule<[alpha: number, k: number], number> = rule(
  {
    name: 'scaledLearningRate',
    statement: latex`\alpha \leftarrow k \alpha`,
    place: sections.learningRate,
    shapes: 'alpha, k -> alpha',
  },
  (alpha, k) => k * alpha,
);
