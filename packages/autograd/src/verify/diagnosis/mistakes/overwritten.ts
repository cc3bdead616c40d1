import { adopt } from '../../../core/allocate.ts';
import type { Tensor } from '../../../core/tensor.ts';
import { mul } from '../../../primitives/bilinear/mul.ts';
import { gatherPrimitive } from '../../../primitives/linear/gather.ts';
import { windowsPrimitive } from '../../../primitives/linear/windows.ts';
import { withRecording } from '../../../tape/bind.ts';
import type { Node } from '../../../tape/node.ts';
import type { Primitive } from '../../../tape/primitive.ts';
import { numbersOf } from '../../compare.ts';
import { atEdge, edgesOf } from '../edges.ts';
import { type Explanation, mistakeInRules } from '../mistake.ts';
import { declared } from '../mistaken-pass.ts';

/** The lines that copy entries, perhaps more than once. */
const copying: ReadonlySet<Primitive | Primitive<never>> = new Set<Primitive | Primitive<never>>([
  gatherPrimitive,
  windowsPrimitive,
]);

/** Where an entry is picked several times (an index with repeats, windows that overlap), only the last copy counts. */
export const overwritten: Explanation = function* (observation, words) {
  for (const edge of edgesOf(observation)) {
    if (!copying.has(edge.line.primitive) || edge.input !== 0) continue;
    yield mistakeInRules(
      'sum left out',
      `where ${words.line(edge.line)} takes an entry of ${words.value(edge.line.inputs[0])} several times, only the last counts: the gradients of its copies must be added up, not overwritten`,
      atEdge(edge, (cotangent, own) => declared(mul(cotangent, lastCopies(own)), own)[0]),
    );
  }
};

/** 1 for the last copy of each entry, and 0 for those before it. */
function lastCopies({ primitive, inputs: [x, ...rest], params, output }: Node): Tensor {
  const numbered = adopt(
    Float64Array.from({ length: x.length }, (_, i) => i),
    x.shape,
  );
  const taken = numbersOf(withRecording(false, () => primitive.evaluate([numbered, ...rest], params)));
  const last = new Map(taken.map((place, i) => [place, i]));
  return adopt(
    Float64Array.from(taken, (place, i) => (last.get(place) === i ? 1 : 0)),
    output.shape,
  );
}
