import { mul } from '../../../primitives/bilinear/mul.ts';
import { add, sub } from '../../../primitives/linear/arithmetic.ts';
import { sigmoid } from '../../../primitives/smooth/activations.ts';
import { atEdge, distinctEdgesOf } from '../edges.ts';
import { type Explanation, mistakeInRules } from '../mistake.ts';
import { declared } from '../mistaken-pass.ts';

/** Binary cross-entropy of scores as one function: what comes back is `σ(z) - t`, and not `z - t`. */
export const sigmoidForgotten: Explanation = function* (observation, words) {
  for (const edge of distinctEdgesOf(observation)) {
    const { line, input } = edge;
    if (line.primitive.name !== 'binaryCrossEntropyWithLogits' || input !== 0) continue;
    const z = words.value(line.inputs[0]);
    yield mistakeInRules(
      'other value',
      `${z} stands where σ(${z}) belongs: z - t for σ(z) - t`,
      atEdge(edge, (cotangent, own) => {
        const [scores] = own.inputs;
        const right = declared(cotangent, own)[0];
        return right && add(right, mul(cotangent, sub(scores, sigmoid(scores))));
      }),
    );
  }
};
