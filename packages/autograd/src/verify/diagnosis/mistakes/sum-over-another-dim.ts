import type { Tensor } from '../../../core/tensor.ts';
import { reshape } from '../../../primitives/linear/reshape.ts';
import { broadcastPrimitive, sumKept } from '../../../primitives/linear/sum.ts';
import { atEdge, edgesOf } from '../edges.ts';
import { type Explanation, mistakeInRules } from '../mistake.ts';

/** What comes back to the copies of a value is added up over the samples instead of the units, or the reverse. */
export const sumOverAnotherDim: Explanation = function* (observation, words) {
  for (const edge of edgesOf(observation)) {
    const [x] = edge.line.inputs;
    if (edge.line.primitive !== broadcastPrimitive) continue;
    const right = copiedDims(x, edge.line.output);
    if (right.length !== 1) continue;
    const isKept = x.rank === edge.line.output.rank;
    for (const [dim, size] of edge.line.output.shape.entries()) {
      if (dim === right[0] || size < 2) continue;
      yield mistakeInRules(
        'sum over another dim',
        `what comes back to the copies of ${words.value(x)} is added up over dim ${dim} instead of dim ${right[0]}`,
        atEdge(edge, (cotangent) => {
          const total = sumKept(cotangent, [dim]);
          return isKept ? total : reshape(total, total.shape.toSpliced(dim, 1));
        }),
      );
    }
  }
};

/** The dims of the copies along which a value was repeated. */
function copiedDims(x: Tensor, copies: Tensor): readonly number[] {
  const added = copies.rank - x.rank;
  return copies.shape.flatMap((size, d) => (d < added || (x.shape[d - added] === 1 && size > 1) ? [d] : []));
}
