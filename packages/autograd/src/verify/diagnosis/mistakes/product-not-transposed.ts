import type { Tensor } from '../../../core/tensor.ts';
import { matmulPrimitive } from '../../../primitives/bilinear/matmul.ts';
import { transposeMatrix } from '../../../primitives/linear/permute.ts';
import { atEdge, distinctEdgesOf } from '../edges.ts';
import { type Explanation, mistakeInRules } from '../mistake.ts';
import { declared } from '../mistaken-pass.ts';
import { partOfProduct } from '../partials.ts';

/**
 * On the way back through a matrix product the other factor is not transposed, or what comes back is; the shapes allow it
 * where it is square.
 */
export const productNotTransposed: Explanation = function* (observation, words) {
  for (const edge of distinctEdgesOf(observation)) {
    const { line, input } = edge;
    if (line.primitive !== matmulPrimitive) continue;
    const beside = line.inputs[1 - input];
    const step = `in the step from ${words.line(line)} to ${words.value(line.inputs[input])}`;
    if (isSquare(beside)) {
      yield mistakeInRules(
        'product not transposed',
        `${words.value(beside)} is not transposed ${step}`,
        atEdge(edge, (cotangent, own) => partOfProduct(cotangent, own, input, transposeMatrix(own.inputs[1 - input]))),
      );
    }
    if (isSquare(line.output)) {
      yield mistakeInRules(
        'product not transposed',
        `the gradient by ${words.line(line)} is transposed, and must not be, ${step}`,
        atEdge(edge, (cotangent, own) => declared(transposeMatrix(cotangent), own)[input]),
      );
    }
  }
};

function isSquare({ shape }: Tensor): boolean {
  return shape.at(-1) === shape.at(-2);
}
