import { isFloating } from '../../core/dtype.ts';
import { sameShape } from '../../core/shape.ts';
import type { Tensor } from '../../core/tensor.ts';
import type { Observation } from '../derivation/observation.ts';

/** A value on the tape, to be found again in other observations. */
export interface TapeValue {
  readonly place: number;
  readonly tensor: Tensor;
}

/** The floating values on the tape that have a shape, variables among them; those of lines that only pass on left out. */
export function valuesOfShape({ run }: Observation, like: Tensor): readonly TapeValue[] {
  return run.lines.flatMap(({ output, primitive }, place) =>
    isFloating(output.dtype) && sameShape(output.shape, like.shape) && !passing.has(primitive.name)
      ? [{ place, tensor: output }]
      : [],
  );
}

const passing = new Set(['broadcastTo', 'reshape', 'convert']);

/** The same value in another observation. */
export function valueIn({ run }: Observation, { place }: TapeValue): Tensor {
  return run.lines[place].output;
}
