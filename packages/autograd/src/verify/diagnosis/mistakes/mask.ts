import { mul } from '../../../primitives/bilinear/mul.ts';
import { sub } from '../../../primitives/linear/arithmetic.ts';
import { numbersOf } from '../../compare.ts';
import { atEdge, distinctEdgesOf } from '../edges.ts';
import { kinksMet, partialBeside } from '../kinks-met.ts';
import { type Explanation, mistakeInRules } from '../mistake.ts';
import { isElementwise, partialOf } from '../partials.ts';
import { derivativeOf } from '../words.ts';

/** The derivative of a piecewise line has its two values exchanged. */
export const invertedMask: Explanation = function* (observation, words) {
  for (const edge of distinctEdgesOf(observation)) {
    const { line, input } = edge;
    if (!isElementwise(line)) continue;
    const values = [...new Set(numbersOf(partialOf(line, input)))].sort((a, b) => a - b);
    if (values.length !== 2) continue;
    yield mistakeInRules(
      'mask',
      `the mask ${derivativeOf(line, input, words)} is inverted: it has ${values[1]} where ${values[0]} belongs, and the reverse`,
      atEdge(edge, (cotangent, own) => mul(cotangent, sub(values[0] + values[1], partialOf(own, input)))),
    );
  }
};

/** The derivative at a kink is that of the other side: a mask with ≥ for >. */
export const maskAtKink: Explanation = function* (observation, words) {
  for (const { edge, side, value, taken } of kinksMet(observation)) {
    const { line, input } = edge;
    const comparison = side === 'above' ? '≥ for >' : '> for ≥';
    yield mistakeInRules(
      'mask',
      `the mask ${derivativeOf(line, input, words)} is taken from the other side of the kink (${comparison}): at ${value} the derivative has no one value, and gradtape, as PyTorch, takes ${taken}`,
      atEdge(edge, (cotangent, own) => mul(cotangent, partialBeside(own, input, side))),
    );
  }
};
