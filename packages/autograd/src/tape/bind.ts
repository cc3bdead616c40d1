import type { Tensor } from '../core/tensor.ts';
import { Node, savedTensor } from './node.ts';
import { observer } from './observer.ts';
import type { Primitive } from './primitive.ts';

let recording = true;

export function isRecording(): boolean {
  return recording;
}

/** Runs a function while the tape records, or does not. */
export function withRecording<T>(record: boolean, run: () => T): T {
  const before = recording;
  recording = record;
  try {
    return run();
  } finally {
    recording = before;
  }
}

/** Everything that is ever computed passes through here. */
export function bind<P>(primitive: Primitive<P>, inputs: readonly Tensor[], params: P): Tensor {
  const output =
    observer === undefined ? primitive.evaluate(inputs, params) : observer.evaluate(primitive, inputs, params);
  if (recording && inputs.some(isOnTape)) output.node = new Node(primitive, saved(inputs), params, output);
  return output;
}

function isOnTape(x: Tensor): boolean {
  return x.node !== undefined;
}

function saved(inputs: readonly Tensor[]): readonly Tensor[] {
  return inputs.every((x) => savedTensor(x) === x) ? inputs : inputs.map(savedTensor);
}
