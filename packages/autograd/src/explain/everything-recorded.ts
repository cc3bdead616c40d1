import { isRecording, withRecording } from '../tape/bind.ts';
import { Node } from '../tape/node.ts';
import { type Observer, withObserver } from '../tape/observer.ts';

/**
 * Runs a function while the tape records also what is computed from constants alone: it has no derivative, but a name
 * (`Xᵀ` for data X), which it would lose.
 */
export function withEverythingRecorded<T>(run: () => T): T {
  return withObserver(recorder, () => withRecording(true, run));
}

const recorder: Observer = {
  evaluate(primitive, inputs, params) {
    const output = primitive.evaluate(inputs, params);
    const isConstant = inputs.every((x) => x.node === undefined);
    if (isConstant && isRecording()) output.node = new Node(primitive, inputs, params, output);
    return output;
  },
  pullback: (line, cotangent) => line.primitive.pullback(cotangent, line),
};
