import { filled } from '../../../core/allocate.ts';
import type { Tensor } from '../../../core/tensor.ts';
import { mul } from '../../../primitives/bilinear/mul.ts';
import { add, sub } from '../../../primitives/linear/arithmetic.ts';
import { where } from '../../../primitives/linear/where.ts';
import { gt } from '../../../primitives/piecewise/comparison.ts';
import { sigmoid } from '../../../primitives/smooth/activations.ts';
import { div } from '../../../primitives/smooth/division.ts';
import { log } from '../../../primitives/smooth/exponential.ts';
import type { Observation } from '../../derivation/observation.ts';
import { atEdge, distinctEdgesOf, type PartOf } from '../edges.ts';
import { type Explanation, mistakeInRules } from '../mistake.ts';
import { declared } from '../mistaken-pass.ts';

/** Binary cross-entropy of scores: what comes back to them is `σ(z) - t`, and not `z - t`. */
export const sigmoidForgotten: Explanation = function* (observation, words) {
  for (const edge of distinctEdgesOf(observation)) {
    const { line, input } = edge;
    const inOneStep = line.primitive.name === 'binaryCrossEntropyWithLogits';
    if (input !== 0 || !(inOneStep || (line.primitive === sigmoid.primitive && hasLogarithm(observation)))) continue;
    const z = words.value(line.inputs[0]);
    yield mistakeInRules(
      'other value',
      `${z} stands where σ(${z}) belongs: z - t for σ(z) - t`,
      atEdge(edge, inOneStep ? withoutSigmoid : withoutSigmoidOfTruths),
    );
  }
};

function hasLogarithm({ run }: Observation): boolean {
  return run.lines.some(({ primitive }) => primitive === log.primitive || primitive.name === 'binaryCrossEntropy');
}

const withoutSigmoid: PartOf = (cotangent, own) => {
  const [scores] = own.inputs;
  const right = declared(cotangent, own)[0];
  return right && add(right, mul(cotangent, sub(scores, sigmoid(scores))));
};

/**
 * Where the steps are apart, what comes back through the sigmoid is w (σ(z) - t), and nobody knows w; for a t of 0 or 1 its
 * sign tells t, and so w.
 */
const withoutSigmoidOfTruths: PartOf = (cotangent, own) => {
  const [scores] = own.inputs;
  const right = declared(cotangent, own)[0] as Tensor;
  const t = where(gt(right, 0), filled(right.shape, right.dtype, 0), 1);
  return mul(div(right, sub(own.output, t)), sub(scores, t));
};
