import { latex, type Rule, rule } from './rule.ts';
import * as sections from './sections.ts';

// How large the weights of a layer are drawn, from fanIn inputs to fanOut outputs.

/**
 * Xavier's variance `2 / (fanIn + fanOut)`, for tanh and sigmoid: between what keeps the variance of the signals forward,
 * 1 / fanIn, and of the gradients backward, 1 / fanOut. 训练技巧 一、参数初始化
 *
 * @example
 * import { xavierVariance } from '@gradtape/nn/sensitivity';
 * xavierVariance(300, 100); // 0.005
 */
export const xavierVariance: Rule<[fanIn: number, fanOut: number], number> = rule(
  {
    name: 'xavierVariance',
    statement: latex`\mathrm{Var}(W) = \frac{2}{\mathrm{fan}_{\mathrm{in}} + \mathrm{fan}_{\mathrm{out}}}`,
    place: sections.initialization,
    shapes: 'fanIn, fanOut -> variance',
  },
  (fanIn, fanOut) => 2 / (fanIn + fanOut),
);

/**
 * The bound `r = √(6 / (fanIn + fanOut))` for which weights drawn evenly from (-r, r) have Xavier's variance r² / 3.
 * 训练技巧 一、参数初始化
 *
 * @example
 * import { xavierBound } from '@gradtape/nn/sensitivity';
 * xavierBound(4, 2); // 1
 */
export const xavierBound: Rule<[fanIn: number, fanOut: number], number> = rule(
  {
    name: 'xavierBound',
    statement: latex`W \sim \mathcal{U}\Bigl(-\sqrt{\tfrac{6}{\mathrm{fan}_{\mathrm{in}} + \mathrm{fan}_{\mathrm{out}}}}, \sqrt{\tfrac{6}{\mathrm{fan}_{\mathrm{in}} + \mathrm{fan}_{\mathrm{out}}}}\Bigr)`,
    place: `${sections.initialization}; ${sections.trainingSummary}`,
    shapes: 'fanIn, fanOut -> bound',
  },
  (fanIn, fanOut) => Math.sqrt(6 / (fanIn + fanOut)),
);

/**
 * He's variance `2 / fanIn`, for ReLU, which lets half of the variance pass. 训练技巧 一、参数初始化
 *
 * @example
 * import { heVariance } from '@gradtape/nn/sensitivity';
 * heVariance(200); // 0.01
 */
export const heVariance: Rule<[fanIn: number], number> = rule(
  {
    name: 'heVariance',
    statement: latex`\mathrm{Var}(W) = \frac{2}{\mathrm{fan}_{\mathrm{in}}}, \quad W \sim \mathcal{N}\Bigl(0, \tfrac{2}{\mathrm{fan}_{\mathrm{in}}}\Bigr)`,
    place: `${sections.initialization}; ${sections.experiments}; ${sections.trainingSummary}`,
    shapes: 'fanIn -> variance',
  },
  (fanIn) => 2 / fanIn,
);
