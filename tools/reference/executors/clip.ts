import { Parameter, type Tensor, zerosLike } from '@gradtape/autograd';
import { call } from '../call.ts';
import { type Executor, prefixed, toTensors } from './executor.ts';

export const executeClip: Executor = ({ op, attrs, inputs }) => {
  const gradients = Object.entries(toTensors(inputs, false));
  const parameters = gradients.map(([, gradient]) => {
    const parameter = new Parameter(zerosLike(gradient));
    parameter.grad = gradient;
    return parameter;
  });
  const [norm] = call(op, { parameters, ...attrs });
  const clipped = gradients.map(([name], i) => [name, parameters[i]?.grad as Tensor]);
  return { total_norm: norm, ...prefixed('clipped.', Object.fromEntries(clipped)) };
};
