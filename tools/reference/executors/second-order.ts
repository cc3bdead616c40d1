import { grad, hessian, hvp, jacobian, type Tensor, valueAndGrad } from '@gradtape/autograd';
import type { ReferenceCase } from '../format.ts';
import { type Executor, gradientsOf, type NamedTensors, named, prefixed, toTensors } from './executor.ts';
import { runProgram } from './program.ts';

type Objective = (...wrt: Tensor[]) => Tensor;

/** The program as a function of the inputs that it is differentiated by. */
function objectiveOf(reference: ReferenceCase, inputs: NamedTensors): { f: Objective; wrt: string[]; at: Tensor[] } {
  const { wrt } = reference.attrs;
  return {
    f: (...values) => runProgram(reference, { ...inputs, ...named(wrt, values) }),
    wrt,
    at: wrt.map((name: string) => inputs[name] as Tensor),
  };
}

/** gradtape gives one result for one input, and a list for several. */
function listed<T>(result: T | readonly T[], inputs: readonly unknown[]): readonly T[] {
  return inputs.length === 1 ? [result as T] : (result as readonly T[]);
}

export const executeHessian: Executor = (reference) => {
  const { f, wrt, at } = objectiveOf(reference, toTensors(reference.inputs, false));
  const rows = listed<Tensor | readonly Tensor[]>(hessian(f)(...at) as unknown as Tensor | Tensor[][], at);
  const blocks = rows.flatMap((row, i) =>
    listed<Tensor>(row, at).map((block, j) => [`hessian.${wrt[i]}.${wrt[j]}`, block] as const),
  );
  return Object.fromEntries(blocks);
};

export const executeJacobian: Executor = (reference) => {
  const { f, wrt, at } = objectiveOf(reference, toTensors(reference.inputs, false));
  return prefixed('jacobian.', named(wrt, listed<Tensor>(jacobian(f)(...at), at)));
};

export const executeHvp: Executor = (reference) => {
  const inputs = toTensors(reference.inputs, false);
  const { f, wrt, at } = objectiveOf(reference, inputs);
  const [value, gradients] = valueAndGrad(f)(...at);
  const products = hvp(
    f,
    at,
    wrt.map((name) => inputs[`v.${name}`] as Tensor),
  );
  return {
    value,
    ...prefixed('grad.', named(wrt, listed<Tensor>(gradients, at))),
    ...prefixed('hvp.', named(wrt, products)),
  };
};

export const executeNthDerivative: Executor = (reference) => {
  const { f, at } = objectiveOf(reference, toTensors(reference.inputs, false));
  const derivatives: Record<string, Tensor> = {};
  let derivative = f;
  for (let order = 0; order <= reference.attrs.order; order++) {
    derivatives[`d${order}`] = derivative(...at);
    const lower = derivative;
    derivative = (...x) => listed<Tensor>(grad((...y: Tensor[]) => lower(...y).sum())(...x), x)[0] as Tensor;
  }
  return derivatives;
};

/** `lambda · mean (‖∂ Σy / ∂x_i‖ - target)²` over the rows `x_i`. */
export const executeGradientPenalty: Executor = (reference) => {
  const leaves = toTensors(reference.inputs, true);
  const { f, wrt, at } = objectiveOf(reference, leaves);
  const [gradient] = listed<Tensor>(grad((...x: Tensor[]) => f(...x).sum())(...at), at) as [Tensor];
  const norms = gradient.flatten(1).norm(2, 1);
  const penalty = norms.sub(reference.attrs.target).pow(2).mean().mul(reference.attrs.lambda);
  penalty.backward();
  return { [`grad.${wrt[0]}`]: gradient, penalty, ...prefixed('grads.', gradientsOf(leaves)) };
};

export const executeUnrolledSgd: Executor = (reference) => {
  const { inner_steps: steps, inner_lr: lr } = reference.attrs;
  const leaves = toTensors(reference.inputs, true);
  const { f, at } = objectiveOf(reference, leaves);
  let weights = at;
  for (let step = 0; step < steps; step++) {
    const gradients = listed<Tensor>(grad(f)(...weights), weights);
    weights = weights.map((weight, i) => weight.sub((gradients[i] as Tensor).mul(lr)));
  }
  const value = f(...weights);
  value.backward();
  return { value, ...prefixed('grads.', gradientsOf(leaves)) };
};
