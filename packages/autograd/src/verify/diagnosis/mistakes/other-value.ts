import { matmulPrimitive } from '../../../primitives/bilinear/matmul.ts';
import { mul } from '../../../primitives/bilinear/mul.ts';
import { nodeOf } from '../../../tape/node.ts';
import { atEdge, distinctEdgesOf } from '../edges.ts';
import { type Explanation, mistakeInRules } from '../mistake.ts';
import { partOfProduct } from '../partials.ts';
import { valueIn, valuesOfShape } from '../tape-values.ts';

/** In the gradient by one factor of a product, another value stands in the place of the other: z for a, W1 for W2. */
export const otherValue: Explanation = function* (observation, words) {
  for (const edge of distinctEdgesOf(observation)) {
    const { line, input } = edge;
    const [of, beside] = [line.inputs[input], line.inputs[1 - input]];
    if (line.primitive !== matmulPrimitive && (line.primitive !== mul.primitive || nodeOf(beside) === undefined))
      continue;
    for (const value of valuesOfShape(observation, beside)) {
      if (value.tensor === beside) continue;
      yield mistakeInRules(
        'other value',
        `${words.value(value.tensor)} stands where ${words.value(beside)} belongs, in the step from ${words.line(line)} to ${words.value(of)}`,
        atEdge(edge, (cotangent, own, o) => partOfProduct(cotangent, own, input, valueIn(o, value))),
      );
    }
  }
};
