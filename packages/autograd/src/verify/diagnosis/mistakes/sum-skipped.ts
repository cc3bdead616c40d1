import type { Tensor } from '../../../core/tensor.ts';
import { broadcastPrimitive, sumPrimitive } from '../../../primitives/linear/sum.ts';
import { nodeOf } from '../../../tape/node.ts';
import { atEdge, edgesOf } from '../edges.ts';
import { type Explanation, mistakeInRules } from '../mistake.ts';

/**
 * On the way back, the cotangents of the copies of a value are not added up. Where the value was itself a sum, each term
 * then gets only what came back to its own place: a softmax written as e / sum(e) is taken as diagonal.
 */
export const sumSkipped: Explanation = function* (observation, words) {
  for (const edge of edgesOf(observation)) {
    const [x] = edge.line.inputs;
    if (edge.line.primitive !== broadcastPrimitive) continue;
    const copies = `what comes back to the copies of ${words.value(x)} is not added up`;
    yield mistakeInRules(
      isSum(x) ? 'Jacobian taken as diagonal' : 'sum left out',
      isSum(x)
        ? `${copies}: the Jacobian is taken as diagonal, as if each result depended on its own entry only`
        : copies,
      atEdge(edge, (cotangent) => cotangent),
    );
  }
};

function isSum(x: Tensor): boolean {
  return nodeOf(x)?.primitive === sumPrimitive;
}
