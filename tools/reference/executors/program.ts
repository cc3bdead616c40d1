import type { Tensor } from '@gradtape/autograd';
import { call } from '../call.ts';
import type { ReferenceCase, Step } from '../format.ts';
import { type Executor, type NamedTensors, pullUpstream } from './executor.ts';

/** The value of the last step. */
export function runProgram({ program = [] }: ReferenceCase, inputs: NamedTensors): Tensor {
  const environment: Record<string, Tensor> = { ...inputs };
  let value: Tensor | undefined;
  for (const step of program) {
    [value] = call(step.op, { ...argumentsOf(step, environment), ...step.attrs });
    environment[step.out] = value as Tensor;
  }
  return value as Tensor;
}

function argumentsOf({ args }: Step, environment: NamedTensors): Record<string, Tensor | Tensor[]> {
  const look = (name: string): Tensor => environment[name] as Tensor;
  return Object.fromEntries(
    Object.entries(args).map(([argument, names]) => [
      argument,
      typeof names === 'string' ? look(names) : names.map(look),
    ]),
  );
}

export const executeProgram: Executor = (reference) =>
  pullUpstream(reference, (inputs) => ({ output: runProgram(reference, inputs) }));
