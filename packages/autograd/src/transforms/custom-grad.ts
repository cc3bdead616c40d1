import { allocate } from '../core/allocate.ts';
import { fail } from '../core/errors.ts';
import type { Tensor } from '../core/tensor.ts';
import { add } from '../primitives/linear/arithmetic.ts';
import { bind, withRecording } from '../tape/bind.ts';
import { detach } from '../tape/leaf.ts';
import type { Cotangents, Primitive } from '../tape/primitive.ts';
import { vjp } from './vjp.ts';

/** A value and its derivative, as somebody derived it. */
export interface CustomGradient {
  /** What errors and explanations call it. */
  readonly name: string;
  /** The value. It is not recorded. */
  forward(...inputs: Tensor[]): Tensor;
  /**
   * The cotangents of the inputs from the output's: linear in `cotangent`, written with operations (so that it can be
   * differentiated again); undefined where there is none.
   */
  backward(cotangent: Tensor, inputs: readonly Tensor[], output: Tensor): Cotangents;
  /** How explanations write it. Default: its name, with the inputs in brackets. */
  latex?: Primitive<undefined>['latex'];
  /**
   * A promise that `backward` keeps none of the tensors that it is given or makes, beyond what it returns: their memory is
   * then used again, which is faster. Default: false.
   */
  readonly keepsNothing?: boolean;
}

/**
 * A function with a derivative of its own, where the composed one would be slow or inexact. Forward mode follows from
 * `backward`, as the transpose of a linear map. `checkGradients` tells whether the derivative is right.
 *
 * @example
 * const cube = customGrad({
 *   name: 'cube',
 *   forward: (x) => x.mul(x).mul(x),
 *   backward: (g, [x]) => [g.mul(x.mul(x).mul(3))],
 * });
 * grad((x: Tensor) => cube(x).sum())(tensor([1, 2])); // [3, 12]
 */
export function customGrad({
  name,
  forward,
  backward,
  latex,
  keepsNothing = false,
}: CustomGradient): (...inputs: Tensor[]) => Tensor {
  const primitive: Primitive<undefined> = {
    name,
    mayKeepTensors: !keepsNothing,
    isComposite: true,
    evaluate: (inputs) => detach(withRecording(false, () => forward(...inputs))),
    pullback: (cotangent, { inputs, output }) => {
      const cotangents = backward(cotangent, inputs, output);
      if (cotangents.length === inputs.length) return cotangents;
      return fail(`${name}: backward gives the wrong number of cotangents`, {
        got: `${cotangents.length}`,
        needs: `${inputs.length}, one for each input`,
        fix: 'return undefined for an input without a derivative',
      });
    },
    pushforward: (tangents, { inputs, output }) =>
      tangents
        .map((tangent, i) => tangent && transposed((g) => backward(g, inputs, output)[i], output, tangent))
        .reduce((sum, term) => (sum && term ? add(sum, term) : (sum ?? term)), undefined),
    ...(latex && { latex }),
    sample: () => fail(name, { got: 'a law', needs: 'a primitive of the registry', fix: 'use checkGradients' }),
  };
  return (...inputs) => bind(primitive, inputs, undefined);
}

/** The transpose of a linear map, applied to `tangent`: its pullback, since a linear map is its own derivative. */
function transposed(map: (cotangent: Tensor) => Tensor | undefined, output: Tensor, tangent: Tensor): Tensor {
  const zero = allocate(output.shape, output.dtype);
  const [, pull] = vjp((g) => map(g) ?? allocate(tangent.shape, tangent.dtype), zero);
  return pull(tangent)[0] as Tensor;
}
