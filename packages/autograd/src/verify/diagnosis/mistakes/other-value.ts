import type { Tensor } from '../../../core/tensor.ts';
import { matmulPrimitive } from '../../../primitives/bilinear/matmul.ts';
import { mul } from '../../../primitives/bilinear/mul.ts';
import { type Node, nodeOf } from '../../../tape/node.ts';
import type { Observation } from '../../derivation/observation.ts';
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
    const after = line.primitive === mul.primitive ? valuesFrom(line, observation) : undefined;
    for (const value of valuesOfShape(observation, beside)) {
      if (value.tensor === beside || after?.has(value.tensor)) continue;
      yield mistakeInRules(
        'other value',
        `${words.value(value.tensor)} stands where ${words.value(beside)} belongs, in the step from ${words.line(line)} to ${words.value(of)}`,
        atEdge(edge, (cotangent, own, o) => partOfProduct(cotangent, own, input, valueIn(o, value))),
      );
    }
  }
};

/** What is computed from a line: of numbers multiplied entry by entry it would explain a factor that is the result itself. */
function valuesFrom(line: Node, { run }: Observation): ReadonlySet<Tensor> {
  const found = new Set([line.output]);
  for (const { inputs, output } of [...run.lines].reverse()) if (inputs.some((x) => found.has(x))) found.add(output);
  return found;
}
