import { type Tensor, vjp } from '@gradtape/autograd';
import { type NamedRecord, type ReferenceCase, toTensor } from '../format.ts';

export type NamedTensors = Readonly<Record<string, Tensor>>;

/** Gives a function that does the same: compiled, or itself. */
export type Wrap = <F extends (...tensors: never[]) => unknown>(run: F) => F;

/**
 * Does what a case says; what came out, under the names of `wanted`. What it does in steps, as training does, is wrapped
 * step by step.
 */
export type Executor = (reference: ReferenceCase, wrap: Wrap) => Readonly<Record<string, Tensor | undefined>>;

export function toTensors(records: readonly NamedRecord[], requiresGrad: boolean): NamedTensors {
  return Object.fromEntries(
    records.map((record) => [record.name, toTensor(record, requiresGrad && record.requires_grad)]),
  );
}

/** The same entries with a prefix to their names. */
export function prefixed<T>(prefix: string, named: Readonly<Record<string, T>>): Record<string, T> {
  return Object.fromEntries(Object.entries(named).map(([name, value]) => [prefix + name, value]));
}

/** Names beside tensors that come in the same order. */
export function named<T>(names: readonly string[], values: readonly T[]): Record<string, T> {
  return Object.fromEntries(names.map((name, i) => [name, values[i] as T]));
}

/** What `backward` left on leaves: zeros where it left nothing. */
export function gradientsOf(leaves: NamedTensors): Record<string, Tensor> {
  return Object.fromEntries(Object.entries(leaves).map(([name, leaf]) => [name, leaf.grad ?? leaf.detach().mul(0)]));
}

/** Computes outputs from the inputs, and pulls `upstream` back to every input with `requires_grad`. */
export function pullUpstream(
  { inputs, upstream = {} }: ReferenceCase,
  compute: (inputs: NamedTensors) => NamedTensors,
): NamedTensors {
  const constants = toTensors(inputs, false);
  const varied = inputs.filter((input) => input.requires_grad).map((input) => input.name);
  let outputs: NamedTensors = {};
  const [, pull] = vjp(
    (...watched: Tensor[]) => {
      outputs = compute({ ...constants, ...named(varied, watched) });
      return Object.keys(upstream).map((name) => outputs[name] as Tensor);
    },
    ...varied.map((name) => constants[name] as Tensor),
  );
  const gradients = pull(...Object.values(upstream).map((record) => toTensor(record)));
  return { ...outputs, ...prefixed('grads.', named(varied, gradients)) };
}
