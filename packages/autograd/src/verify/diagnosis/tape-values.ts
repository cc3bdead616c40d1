import { isFloating } from '../../core/dtype.ts';
import { sameShape } from '../../core/shape.ts';
import type { Tensor } from '../../core/tensor.ts';
import type { Node } from '../../tape/node.ts';
import type { Observation } from '../derivation/observation.ts';

/** A value on the tape, to be found again in other observations. */
export interface TapeValue {
  readonly place: number;
  readonly tensor: Tensor;
}

/** The floating values on the tape that have a shape, variables among them; those of lines that only pass on left out. */
export function valuesOfShape({ run }: Observation, like: Tensor): readonly TapeValue[] {
  return run.lines.flatMap((line, place) =>
    isFloating(line.output.dtype) && sameShape(line.output.shape, like.shape) && !isPassing(line)
      ? [{ place, tensor: line.output }]
      : [],
  );
}

/** A product with a vector is reshaped from a matrix: that is the first line where it has its shape. */
function isPassing({ primitive: { name }, inputs: [x], output }: Node): boolean {
  return name === 'broadcastTo' || name === 'convert' || (name === 'reshape' && sameShape(x.shape, output.shape));
}

/** The same value in another observation. */
export function valueIn({ run }: Observation, { place }: TapeValue): Tensor {
  return run.lines[place].output;
}
