import type { Tensor } from '../../../core/tensor.ts';
import { mul } from '../../../primitives/bilinear/mul.ts';
import { sub } from '../../../primitives/linear/arithmetic.ts';
import { wherePrimitive } from '../../../primitives/linear/where.ts';
import { numbersOf } from '../../compare.ts';
import { allOf, atEdge, distinctEdgesOf, edgesOf } from '../edges.ts';
import { kinksMet, partialBeside } from '../kinks-met.ts';
import { type Explanation, mistakeInRules } from '../mistake.ts';
import { declared } from '../mistaken-pass.ts';
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

/** Of two branches each is given the gradient where the other was taken: the slope of a leaky relu on the wrong side. */
export const branchesExchanged: Explanation = function* (observation, words) {
  const edges = edgesOf(observation).filter(({ line }) => line.primitive === wherePrimitive);
  for (const edge of edges) {
    const exchanged = edges.filter(({ line }) => line === edge.line);
    if (exchanged.length < 2 || exchanged[0] !== edge) continue;
    yield mistakeInRules(
      'mask',
      `the condition of ${words.line(edge.line)} is inverted: each branch is given the gradient where the other was taken`,
      allOf(
        exchanged.map((one) =>
          atEdge(one, (cotangent, own) => sub(cotangent, declared(cotangent, own)[one.input] as Tensor)),
        ),
      ),
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
