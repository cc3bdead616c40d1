import * as autograd from '@gradtape/autograd';
import { type Tensor, vjp } from '@gradtape/autograd';
import type { Activation, ElementwiseActivation } from '../activations/activation.ts';
import { gelu } from '../activations/gelu.ts';
import { heaviside } from '../activations/heaviside.ts';
import { identity } from '../activations/identity.ts';
import { leakyRelu } from '../activations/leaky-relu.ts';
import { relu } from '../activations/relu.ts';
import { sigmoid } from '../activations/sigmoid.ts';
import { softmax } from '../activations/softmax.ts';
import { tanh } from '../activations/tanh.ts';

/** The functions that people call, beside the activations here. */
export const elementwiseOnTape: ReadonlyMap<ElementwiseActivation, (z: Tensor) => Tensor> = new Map([
  [heaviside, (z: Tensor) => autograd.heaviside(z)],
  [identity, (z: Tensor) => z.mul(1)],
  [sigmoid, autograd.sigmoid],
  [tanh, (z: Tensor) => autograd.tanh(z)],
  [relu, autograd.relu],
  [leakyRelu, (z: Tensor) => autograd.leakyRelu(z, 0.01)],
  [gelu, (z: Tensor) => autograd.gelu(z)],
]);

export const activationsOnTape: ReadonlyMap<Activation, (z: Tensor) => Tensor> = new Map<
  Activation,
  (z: Tensor) => Tensor
>([...elementwiseOnTape, [softmax, (z) => autograd.softmax(z, 0)]]);

export function onTape(f: Activation): (z: Tensor) => Tensor {
  return activationsOnTape.get(f) as (z: Tensor) => Tensor;
}

/** Softmax of nothing has no largest entry; every other activation may have a layer of no units. */
export function fewestUnits(f: Activation): 0 | 1 {
  return f === softmax ? 1 : 0;
}

/** What the tape pulls a cotangent back to, for a function of one tensor. */
export function pulled(f: (x: Tensor) => Tensor, x: Tensor, cotangent: Tensor): Tensor {
  return vjp(f, x)[1](cotangent)[0];
}

/** The gradients of the sum of what a function gives. */
export function gradients<const Inputs extends readonly Tensor[]>(
  f: (...inputs: Inputs) => Tensor,
  ...inputs: Inputs
): autograd.Each<Inputs> {
  const [value, pull] = vjp(f, ...inputs);
  return pull(autograd.onesLike(value));
}

/** A bias beside one sample or a batch. */
export function beside(b: Tensor, z: Tensor): Tensor {
  return z.rank === 1 ? b : b.unsqueeze(1);
}

/** How large the terms of a sensitivity are, going back from g through an activation: no derivative is above 1.13. */
export function sensitivityTerms(f: Activation, g: Tensor): Tensor {
  const size = g.abs();
  return f === softmax ? size.add(size.sum(0, { keepDim: true })) : size;
}
