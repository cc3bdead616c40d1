import { matmulPrimitive } from '../../../primitives/bilinear/matmul.ts';
import { transposeMatrix } from '../../../primitives/linear/permute.ts';
import { atEdge, distinctEdgesOf } from '../edges.ts';
import { type Explanation, mistakeInRules } from '../mistake.ts';
import { partOfProduct } from '../partials.ts';

/** On the way back through a matrix product the other factor is not transposed; the shapes allow it where it is square. */
export const productNotTransposed: Explanation = function* (observation, words) {
  for (const edge of distinctEdgesOf(observation)) {
    const { line, input } = edge;
    const beside = line.inputs[1 - input];
    if (line.primitive !== matmulPrimitive || beside.shape.at(-1) !== beside.shape.at(-2)) continue;
    yield mistakeInRules(
      'product not transposed',
      `${words.value(beside)} is not transposed in the step from ${words.line(line)} to ${words.value(line.inputs[input])}`,
      atEdge(edge, (cotangent, own) => partOfProduct(cotangent, own, input, transposeMatrix(own.inputs[1 - input]))),
    );
  }
};
