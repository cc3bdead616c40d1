import type { Tensor } from '../../../core/tensor.ts';
import { reshape } from '../../../primitives/linear/reshape.ts';
import { rangesWith, slice } from '../../../primitives/linear/slice.ts';
import { broadcastPrimitive } from '../../../primitives/linear/sum.ts';
import { atEdge, edgesOf } from '../edges.ts';
import { type Explanation, mistakeInRules } from '../mistake.ts';

/** The gradient of what was repeated (a bias, for each sample) is not the sum over all copies, but that of one. */
export const oneSample: Explanation = function* (observation, words) {
  for (const edge of edgesOf(observation)) {
    const { line } = edge;
    const [x] = line.inputs;
    const added = line.output.rank - x.rank;
    if (
      line.primitive !== broadcastPrimitive ||
      added > 1 ||
      !x.shape.every((size, d) => size === line.output.shape[d + added])
    )
      continue;
    for (const [which, index] of [
      ['first', 0],
      ['last', line.output.shape[0] - 1],
    ] as const) {
      yield mistakeInRules(
        'one sample only',
        `the gradient by ${words.value(x)} has only the ${which} of the ${line.output.shape[0]} terms that must be added up`,
        atEdge(edge, (cotangent) => reshape(sliceAt(cotangent, index), x.shape)),
      );
    }
  }
};

function sliceAt(x: Tensor, index: number): Tensor {
  return slice(x, rangesWith(x.shape, 0, { start: index, step: 1, size: 1 }));
}
