import { isFloating } from '../core/dtype.ts';
import type { Tensor } from '../core/tensor.ts';
import { withRecording } from '../tape/bind.ts';
import { detach } from '../tape/leaf.ts';
import type { Draw, Primitive } from '../tape/primitive.ts';
import { jvp, vjp } from '../transforms/vjp.ts';
import type { Law } from './laws/law.ts';
import { laws } from './laws.ts';

/** A function of tensors as if it were a primitive, so that the laws can be tried on it. */
export function asPrimitive(
  name: string,
  f: (...inputs: Tensor[]) => Tensor,
  sample: (draw: Draw) => readonly Tensor[],
): Primitive<undefined> {
  const ofVaried =
    (inputs: readonly Tensor[], varied: readonly number[]) =>
    (...given: Tensor[]) =>
      f(...inputs.map((x, i) => (varied.includes(i) ? given[varied.indexOf(i)] : x)));
  return {
    name,
    evaluate: (inputs) => detach(withRecording(false, () => f(...inputs))),
    pullback: (cotangent, { inputs }) => {
      const varied = inputs.flatMap((x, i) => (x.node && isFloating(x.dtype) ? [i] : []));
      const [, pull] = vjp(ofVaried(inputs, varied), ...varied.map((i) => inputs[i]));
      const cotangents = pull(cotangent);
      return inputs.map((_, i) => (varied.includes(i) ? cotangents[varied.indexOf(i)] : undefined));
    },
    pushforward: (tangents, { inputs }) => {
      const varied = tangents.flatMap((tangent, i) => (tangent ? [i] : []));
      const moving = varied.map((i) => tangents[i] as Tensor);
      return jvp(
        ofVaried(inputs, varied),
        varied.map((i) => inputs[i]),
        moving,
      )[1];
    },
    sample: (draw) => ({ inputs: sample(draw), params: undefined }),
  };
}

const { singleAgreesWithDouble: _, ...ofDerivatives } = laws('piecewise');

/** The laws for functions that are not primitives: all but the one that counts a formula's rounding errors. */
export const lawsOfFunctions: readonly (readonly [name: string, law: Law])[] = Object.entries(ofDerivatives);
