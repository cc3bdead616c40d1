import { jacobian, jvp, onesLike, softmax as softmaxOnTape, type Tensor } from '@gradtape/autograd';
import { activationSensitivity, type ElementwiseActivation } from '../activations/activation.ts';
import { gelu } from '../activations/gelu.ts';
import { heaviside } from '../activations/heaviside.ts';
import { identity } from '../activations/identity.ts';
import { leakyRelu } from '../activations/leaky-relu.ts';
import { relu } from '../activations/relu.ts';
import { sigmoid } from '../activations/sigmoid.ts';
import { shiftedSoftmax, softmax } from '../activations/softmax.ts';
import { tanh } from '../activations/tanh.ts';
import { againstTape, allowedOfExponentials, type Check } from './check.ts';
import { elementwiseOnTape, onTape, pulled } from './with-tape.ts';

/** Value and derivative of an activation, entry by entry. `a (1 - a)` and the like have terms of the size of 1. */
function checksOf(f: ElementwiseActivation, derivativeTerms?: (z: Tensor) => Tensor): readonly Check[] {
  return [
    againstTape<ElementwiseActivation>(f, (value, draw) => {
      const z = draw.tensor([draw.size(), draw.size()]);
      return [{ got: value(z), want: onTape(f)(z), terms: z }];
    }),
    againstTape(f.derivative, (derivative, draw) => {
      const z = draw.tensor([draw.size(), draw.size()]);
      return [{ got: derivative(z), want: pulled(onTape(f), z, onesLike(z)), terms: derivativeTerms?.(z) }];
    }),
  ];
}

const ofSoftmax: readonly Check[] = [
  againstTape<typeof softmax>(
    softmax,
    (value, draw) => {
      const z = draw.tensor([draw.size(1), draw.size()]);
      return [{ got: value(z), want: softmaxOnTape(z, 0) }];
    },
    allowedOfExponentials,
  ),
  againstTape(
    softmax.jacobian,
    (jacobianRule, draw) => {
      const z = draw.tensor([draw.size(1)]);
      const want = jacobian((x) => softmaxOnTape(x, 0))(z);
      return [{ got: jacobianRule(z), want, terms: softmaxOnTape(z, 0).unsqueeze(1).expand(want.shape) }];
    },
    allowedOfExponentials,
  ),
  againstTape(
    softmax.jacobianVectorProduct,
    (product, draw) => {
      const z = draw.tensor([draw.size(1), draw.size()]);
      const v = draw.tensor(z.shape);
      const [y, want] = jvp((x) => softmaxOnTape(x, 0), [z], [v]);
      const size = v.abs();
      return [{ got: product(z, v), want, terms: y.mul(size.add(y.mul(size).sum(0, { keepDim: true }))) }];
    },
    allowedOfExponentials,
  ),
  againstTape(
    shiftedSoftmax,
    (shifted, draw) => {
      const u = draw.tensor([draw.size(1), draw.size()]);
      const c = u.amax(0).add(draw.between(-3, 3, [u.shape[1]]));
      return [{ got: shifted(u, c), want: softmaxOnTape(u, 0) }];
    },
    allowedOfExponentials,
  ),
];

export const checks: readonly Check[] = [
  ...checksOf(heaviside),
  ...checksOf(identity),
  ...checksOf(sigmoid, onesLike),
  ...checksOf(tanh, onesLike),
  ...checksOf(relu),
  ...checksOf(leakyRelu),
  ...checksOf(gelu, onesLike),
  ...ofSoftmax,
  againstTape(activationSensitivity, (back, draw) => {
    const f = draw.among([...elementwiseOnTape.keys()]);
    const z = draw.tensor([draw.size(), draw.size()]);
    const g = draw.tensor(z.shape);
    return [{ got: back(g, z, f), want: pulled(onTape(f), z, g), terms: g }];
  }),
];
