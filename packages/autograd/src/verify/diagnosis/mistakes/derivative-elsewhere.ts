import { mul } from '../../../primitives/bilinear/mul.ts';
import { atEdge, distinctEdgesOf } from '../edges.ts';
import { type Explanation, mistakeInRules } from '../mistake.ts';
import { isElementwise, partialAt, partialFromResult } from '../partials.ts';
import { valueIn, valuesOfShape } from '../tape-values.ts';
import { derivativeOf, isOnlyInput, symbolOf } from '../words.ts';

/**
 * The derivative of an activation is taken at another value: at a instead of z, or at that of another layer; or its formula
 * in terms of the result, such as a (1 - a), is given another value, such as z.
 */
export const derivativeElsewhere: Explanation = function* (observation, words) {
  for (const edge of distinctEdgesOf(observation)) {
    const { line, input } = edge;
    if (!isElementwise(line) || !isOnlyInput(line, input)) continue;
    const x = line.inputs[input];
    const right = derivativeOf(line, input, words);
    for (const value of valuesOfShape(observation, line.output)) {
      if (value.tensor === x) continue;
      yield mistakeInRules(
        'derivative taken elsewhere',
        `${symbolOf(line.primitive.name)}′ is taken at ${words.value(value.tensor)} instead of ${words.value(x)}`,
        atEdge(edge, (cotangent, own, o) => mul(cotangent, partialAt(own, input, valueIn(o, value)))),
      );
    }
    for (const value of valuesOfShape(observation, line.output)) {
      if (value.tensor === line.output) continue;
      yield mistakeInRules(
        'derivative taken elsewhere',
        `${right} is written in terms of ${words.value(line.output)}, but computed from ${words.value(value.tensor)}`,
        atEdge(edge, (cotangent, own, o) => mul(cotangent, partialFromResult(own, input, valueIn(o, value)))),
      );
    }
  }
};
