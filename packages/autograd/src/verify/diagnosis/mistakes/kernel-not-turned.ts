import { flip } from '../../../functions/movement.ts';
import { matmulPrimitive } from '../../../primitives/bilinear/matmul.ts';
import { windowsPrimitive } from '../../../primitives/linear/windows.ts';
import { atEdge, edgesOf } from '../edges.ts';
import { type Explanation, mistakeInRules } from '../mistake.ts';
import { declared } from '../mistaken-pass.ts';

/**
 * The gradient by the input of a convolution is a convolution with the kernel turned by 180°, in all its dims; with the
 * kernel as it is, each entry of a window is given the gradient of the opposite one.
 */
export const kernelNotTurned: Explanation = function* (observation, words) {
  if (!observation.run.lines.some(({ primitive }) => primitive === matmulPrimitive)) return;
  for (const edge of edgesOf(observation)) {
    const { line } = edge;
    if (line.primitive !== windowsPrimitive) continue;
    const [{ rank }] = line.inputs;
    const dims = Array.from({ length: line.output.rank - rank }, (_, d) => rank + d);
    yield mistakeInRules(
      'transposed',
      `the kernel is not turned by 180° where the gradient by ${words.value(line.inputs[0])} is a convolution with it`,
      atEdge(edge, (cotangent, own) => declared(flip(cotangent, dims), own)[0]),
    );
  }
};
