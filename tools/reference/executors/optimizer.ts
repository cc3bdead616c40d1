import { detach, type Nested, Parameter, stack, type Tensor, tensor } from '@gradtape/autograd';
import { type Optimizer, type OptimizerOptions, ParameterwiseOptimizer } from '@gradtape/optim';
import { construct } from '../call.ts';
import { type Attributes, type ReferenceCase, toTensor } from '../format.ts';
import { optionName } from '../names.ts';
import { type Executor, type NamedTensors, prefixed, toTensors, type Wrap } from './executor.ts';
import { runProgram } from './program.ts';

export type AnyOptimizer = Optimizer<OptimizerOptions>;

/** Every input with `requires_grad`, in the order of the inputs. */
export function parametersOf({ inputs }: ReferenceCase): Record<string, Parameter> {
  const trained = inputs.filter((input) => input.requires_grad);
  return Object.fromEntries(trained.map((input) => [input.name, new Parameter(toTensor(input))]));
}

/** The optimizer of `attrs`, over all parameters or over the groups that `attrs` names. */
export function makeOptimizer({ op, attrs }: ReferenceCase, parameters: Record<string, Parameter>): AnyOptimizer {
  const groups = attrs.param_groups?.map(({ params, ...overrides }: Attributes) => ({
    params: params.map((name: string) => parameters[name]),
    ...Object.fromEntries(Object.entries(overrides).map(([name, value]) => [optionName(name), value])),
  }));
  return construct(op, attrs.optimizer_attrs, groups ?? Object.values(parameters)) as AnyOptimizer;
}

/** Clears the gradients, computes the program's value and its gradients. */
export function computeGradients(reference: ReferenceCase, optimizer: AnyOptimizer, inputs: NamedTensors): Tensor {
  optimizer.zeroGrad();
  const loss = runProgram(reference, inputs);
  loss.backward();
  return detach(loss);
}

/** The values that parameters hold now. */
export function snapshot(parameters: Record<string, Parameter>): NamedTensors {
  return Object.fromEntries(Object.entries(parameters).map(([name, parameter]) => [name, parameter.value]));
}

export const executeOptimizer: Executor = (reference, wrap) => {
  const parameters = parametersOf(reference);
  const inputs = { ...toTensors(reference.inputs, false), ...parameters };
  const optimizer = makeOptimizer(reference, parameters);
  const [losses, values]: [Tensor[], NamedTensors[]] = [[], []];
  const compute = (): Tensor => computeGradients(reference, optimizer, inputs);
  const take = wrapStep(optimizer, compute, wrap);
  for (let step = 0; step < reference.attrs.steps; step++) {
    losses.push(take());
    values.push(snapshot(parameters));
  }
  const trajectories = Object.keys(parameters).map((name) => [name, stack(values.map((each) => each[name] as Tensor))]);
  return { loss: stack(losses), ...prefixed('param.', Object.fromEntries(trajectories)) };
};

/** A step as one function that is wrapped. An optimizer that reads the losses has its closure wrapped instead. */
function wrapStep(optimizer: AnyOptimizer, compute: () => Tensor, wrap: Wrap): () => Tensor {
  if (optimizer instanceof ParameterwiseOptimizer) return wrap(() => takeStep(optimizer, compute));
  const wrapped = wrap(compute);
  return () => takeStep(optimizer, wrapped);
}

/** Takes a step; the first loss that `compute` gave: some optimizers call it several times. */
export function takeStep(optimizer: AnyOptimizer, compute: () => Tensor): Tensor {
  const losses: Tensor[] = [];
  optimizer.step(() => {
    const loss = compute();
    losses.push(loss);
    return loss;
  });
  return losses[0] as Tensor;
}

/** A number or several, nested, in the reference's dtype. */
export function float64(numbers: Nested): Tensor {
  return tensor(numbers, { dtype: 'float64' });
}
