import type { Tensor } from '@gradtape/autograd';
import { call, gatherLists } from '../call.ts';
import type { ReferenceCase } from '../format.ts';
import { type Executor, type NamedTensors, named, pullUpstream } from './executor.ts';

/** The outputs of the one call that a case is about, in order. */
export function callOnce({ op, attrs }: ReferenceCase, inputs: NamedTensors): Tensor[] {
  return call(op, { ...gatherLists(inputs), ...attrs });
}

export const executeOp: Executor = (reference) => {
  const names = reference.outputs.map((output) => output.name);
  return pullUpstream(reference, (inputs) => named(names, callOnce(reference, inputs)));
};
