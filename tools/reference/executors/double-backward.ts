import { type Tensor, vjp } from '@gradtape/autograd';
import { toTensor } from '../format.ts';
import { type Executor, gradientsOf, named, prefixed, toTensors } from './executor.ts';
import { callOnce } from './op.ts';

/** g = the gradient of ⟨y, u⟩; then the gradient of Σ ⟨gᵢ, vᵢ⟩ by the inputs and by u. */
export const executeDoubleBackward: Executor = (reference) => {
  const { inputs, upstream = {}, vectors = {} } = reference;
  const leaves = toTensors(inputs, true);
  const varied = inputs.filter((input) => input.requires_grad).map((input) => input.name);
  const [seed] = Object.values(upstream).map((record) => toTensor(record, true)) as [Tensor];
  const [, pull] = vjp(
    (...watched: Tensor[]) => callOnce(reference, { ...leaves, ...named(varied, watched) })[0] as Tensor,
    ...varied.map((name) => leaves[name] as Tensor),
  );
  const gradients = named(varied, pull(seed));
  const products = Object.entries(vectors).map(([name, vector]) =>
    (gradients[name] as Tensor).mul(toTensor(vector)).sum(),
  );
  products.reduce((sum, product) => sum.add(product)).backward();
  return {
    ...prefixed('grad.', gradients),
    ...prefixed('grads.', gradientsOf({ ...leaves, upstream: seed })),
  };
};
