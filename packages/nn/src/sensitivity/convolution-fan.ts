import { latex, type Rule, rule } from './rule.ts';
import * as sections from './sections.ts';

/**
 * The fan of a convolution, with which its weights are drawn as those of a fully connected layer are: entries of the kernel
 * times channels, of the input for fanIn and of the output for fanOut. 训练技巧 一、参数初始化
 *
 * @example
 * import { convolutionFan, heVariance } from '@gradtape/nn/sensitivity';
 * convolutionFan(3 * 3, 16); // 144
 * heVariance(convolutionFan(5 * 5, 1)); // 0.08
 */
export const convolutionFan: Rule<[kernelSize: number, channels: number], number> = rule(
  {
    name: 'convolutionFan',
    statement: latex`\mathrm{fan} = \text{kernel size} \times \text{channels}`,
    place: sections.initialization,
    shapes: 'kernelSize, channels -> fan',
  },
  (kernelSize, channels) => kernelSize * channels,
);
