import { sameShape } from '../../../core/shape.ts';
import { registry } from '../../../registry.ts';
import { withRecording } from '../../../tape/bind.ts';
import { atEdge, edgesOf } from '../edges.ts';
import { type Explanation, mistakeInRules } from '../mistake.ts';

/**
 * On the way back through a linear map (a cumulated sum, a reversal, a permutation) not its transpose is applied, but the
 * map itself, or nothing.
 */
export const linearMap: Explanation = function* (observation, words) {
  for (const edge of edgesOf(observation)) {
    const { line, input } = edge;
    if (input !== 0 || !registry.linear.includes(line.primitive)) continue;
    if (!sameShape(line.inputs[0].shape, line.output.shape)) continue;
    const step = `on the way back through ${words.line(line)}`;
    yield mistakeInRules(
      'transposed',
      `${line.primitive.name} is applied once more ${step}, instead of its transpose`,
      atEdge(edge, (cotangent, own) =>
        withRecording(false, () => own.primitive.evaluate([cotangent, ...own.inputs.slice(1)], own.params)),
      ),
    );
    yield mistakeInRules(
      'transposed',
      `the gradient is left as it is ${step}, where it must be put back in place`,
      atEdge(edge, (cotangent) => cotangent),
    );
  }
};
