import { mul } from '../../../primitives/bilinear/mul.ts';
import { numbersOf } from '../../compare.ts';
import { atEdge, distinctEdgesOf, type Edge } from '../edges.ts';
import { type Cause, type Explanation, mistakeInRules, type Words } from '../mistake.ts';
import { isElementwise, isSign, partialOf } from '../partials.ts';
import { originOf } from '../relations/origin.ts';
import { type Size, sizesIn } from '../sizes.ts';
import { derivativeOf } from '../words.ts';

/** The derivative of an elementwise line is left out, or multiplied with twice. */
export const missingFactor: Explanation = function* (observation, words) {
  const sizes = sizesIn(observation);
  for (const edge of distinctEdgesOf(observation)) {
    const { line, input } = edge;
    if (!isElementwise(line) || isSign(partialOf(line, input))) continue;
    const { missing, twice } = sayingsFor(edge, words, sizes);
    yield mistakeInRules(
      ...missing,
      atEdge(edge, (cotangent) => cotangent),
    );
    yield mistakeInRules(
      ...twice,
      atEdge(edge, (cotangent, own) => {
        const partial = partialOf(own, input);
        return mul(mul(cotangent, partial), partial);
      }),
    );
  }
};

type Saying = readonly [cause: Cause, says: string];

function sayingsFor({ line, input }: Edge, words: Words, sizes: readonly Size[]): { missing: Saying; twice: Saying } {
  const factor = derivativeOf(line, input, words);
  const [c, ...others] = new Set(numbersOf(partialOf(line, input)));
  if (others.length > 0 || c === undefined) {
    return {
      missing: ['missing factor', `the factor ${factor} is missing`],
      twice: ['extra factor', `the factor ${factor} is multiplied with once too often`],
    };
  }
  const origin = (too: number, otherwise: string): Saying => {
    const known = originOf(too, sizes, 1e-9)?.replaceAll('_', '');
    return ['constant factor', known ? `what comes through ${words.value(line.inputs[input])} ${known}` : otherwise];
  };
  return {
    missing: origin(1 / c, `the factor ${factor} is missing`),
    twice: origin(c, `the factor ${factor} is multiplied with once too often`),
  };
}
