import type { Tensor } from '../../../core/tensor.ts';
import { mul } from '../../../primitives/bilinear/mul.ts';
import { add, sub } from '../../../primitives/linear/arithmetic.ts';
import type { Node } from '../../../tape/node.ts';
import { magnitude, numbersOf } from '../../compare.ts';
import { atEdge, type Edge, edgesOf, isElementwise, partialAt, partialOf } from '../lines.ts';
import { type Explanation, type Mistake, mistakeInRules, type Words } from '../mistake.ts';
import { derivativeOf } from '../words.ts';

/** The derivative of a piecewise line has its two values exchanged, or at a kink the value from the wrong side. */
export const mask: Explanation = function* (observation, words) {
  for (const edge of edgesOf(observation)) {
    if (!isElementwise(edge.line)) continue;
    yield* inverted(edge, words);
    yield* fromAnotherSide(edge, words);
  }
};

function* inverted(edge: Edge, words: Words): Iterable<Mistake> {
  const { line, input } = edge;
  const values = [...new Set(numbersOf(partialOf(line, input)))].sort((a, b) => a - b);
  if (values.length !== 2) return;
  yield mistakeInRules(
    'mask',
    `the mask ${derivativeOf(line, input, words)} is inverted: it has ${values[1]} where ${values[0]} belongs, and the reverse`,
    atEdge(edge, (cotangent, own) => mul(cotangent, sub(values[0] + values[1], partialOf(own, input)))),
  );
}

/** So near that only the side of a kink changes. */
const BESIDE = 1e-12;

function* fromAnotherSide(edge: Edge, words: Words): Iterable<Mistake> {
  const { line, input } = edge;
  const partial = partialOf(line, input);
  for (const [side, comparison] of [
    [BESIDE, '≥ for >'],
    [-BESIDE, '> for ≥'],
  ] as const) {
    const beside = (own: Node): Tensor => partialAt(own, input, add(own.inputs[input], side));
    const jumps = numbersOf(sub(beside(line), partial));
    if (magnitude(jumps) < 1e-6) continue;
    const place = jumps.findIndex((jump) => Math.abs(jump) >= 1e-6);
    const [at, own] = [numbersOf(line.inputs[input])[place], numbersOf(partial)[place]];
    yield mistakeInRules(
      'mask',
      `the mask ${derivativeOf(line, input, words)} is taken from the other side of the kink (${comparison}): at ${at} the derivative has no one value, and gradtape, as PyTorch, takes ${own}`,
      atEdge(edge, (cotangent, line) => mul(cotangent, beside(line))),
    );
  }
}
