import type { Tensor } from '../core/tensor.ts';
import { Node } from './node.ts';
import { observer } from './observer.ts';
import type { Primitive } from './primitive.ts';

let recording = true;

export function isRecording(): boolean {
  return recording;
}

/** Whether somebody may keep what is computed: the tape, or an observer. */
export function isKept(): boolean {
  return recording || observer !== undefined;
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
  const operands = held(inputs);
  const output =
    observer === undefined ? primitive.evaluate(operands, params) : observer.evaluate(primitive, operands, params);
  if (recording && operands.some(isOnTape)) output.node = new Node(primitive, operands, params, output);
  return output;
}

function isOnTape(x: Tensor): boolean {
  return x.node !== undefined;
}

/** A parameter stands for the tensor that it holds: a later one is no affair of this line. */
function held(inputs: readonly Tensor[]): readonly Tensor[] {
  for (const x of inputs) if (x.held !== x) return inputs.map((y) => y.held);
  return inputs;
}
