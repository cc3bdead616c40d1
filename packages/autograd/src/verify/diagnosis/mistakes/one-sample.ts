import { allocate } from '../../../core/allocate.ts';
import type { Tensor } from '../../../core/tensor.ts';
import { matmulPrimitive } from '../../../primitives/bilinear/matmul.ts';
import { mul } from '../../../primitives/bilinear/mul.ts';
import { broadcastPrimitive } from '../../../primitives/linear/sum.ts';
import type { Node } from '../../../tape/node.ts';
import { atEdge, type Edge, edgesOf } from '../edges.ts';
import { type Explanation, mistakeInRules } from '../mistake.ts';
import { declared } from '../mistaken-pass.ts';

/** The gradient of what all samples share (a bias, a weight) is not the sum over the samples, but the term of one. */
export const oneSample: Explanation = function* (observation, words) {
  for (const edge of edgesOf(observation)) {
    const dim = dimOfTerms(edge);
    if (dim === undefined) continue;
    const count = edge.line.output.shape[dim];
    for (const [which, index] of [
      ['first', 0],
      ['last', count - 1],
    ] as const) {
      yield mistakeInRules(
        'one sample only',
        `the gradient by ${words.value(edge.line.inputs[edge.input])} has only the ${which} of the ${count} terms that must be added up`,
        atEdge(edge, (cotangent, own) => declared(only(cotangent, dim, index), own)[edge.input]),
      );
    }
  }
};

/** The dim of what comes back over which its terms are added up: the samples of a bias, or of a factor of a product. */
function dimOfTerms({ line, input }: Edge): number | undefined {
  if (line.primitive === matmulPrimitive && line.output.rank === 2) return input === 0 ? 1 : 0;
  return line.primitive === broadcastPrimitive ? repeatedDim(line) : undefined;
}

/** The one dim along which a line repeats its input: a new one, or one of size 1 (a bias in columns). */
function repeatedDim({ inputs: [x], output }: Node): number | undefined {
  const added = output.rank - x.rank;
  const repeated = output.shape.flatMap((size, d) => (d < added || x.shape[d - added] < size ? [d] : []));
  return repeated.length === 1 ? repeated[0] : undefined;
}

/** Zero but at one place along a dim. */
function only(x: Tensor, dim: number, index: number): Tensor {
  const chosen = allocate(
    x.shape.map((size, d) => (d === dim ? size : 1)),
    x.dtype,
  );
  chosen.storage[chosen.offset + index] = 1;
  return mul(x, chosen);
}
