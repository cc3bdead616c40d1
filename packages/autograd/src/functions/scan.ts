import type { Tensor } from '../core/tensor.ts';
import { concatAlong } from '../primitives/linear/concat.ts';
import { reshape } from '../primitives/linear/reshape.ts';
import { rangesWith, slice } from '../primitives/linear/slice.ts';
import { isRecording } from '../tape/bind.ts';
import { customGrad } from '../transforms/custom-grad.ts';
import { vjp } from '../transforms/vjp.ts';

/**
 * What is left of `initial` after steps along dim 0 of `x`: `step(… step(step(initial, x[0], 0), x[1], 1) …)`. One line on
 * the tape: written step by step, each part that is taken of `x` would have a cotangent as large as the whole. The way back
 * takes each step anew, from the states that were kept or, if it is recorded, from recorded ones, so that its own derivative
 * counts.
 */
export function scan(
  name: string,
  step: (state: Tensor, x: Tensor, time: number) => Tensor,
  initial: Tensor,
  x: Tensor,
): Tensor {
  const [times] = x.shape;
  const partOf = (whole: Tensor, time: number): Tensor =>
    reshape(slice(whole, rangesWith(whole.shape, 0, { start: time, step: 1, size: 1 })), whole.shape.slice(1));
  const statesFrom = (start: Tensor, whole: Tensor): Tensor[] => {
    const states = [start];
    for (let time = 0; time < times; time++) states.push(step(states[time], partOf(whole, time), time));
    return states;
  };
  let states: readonly Tensor[] = [];
  const line = customGrad({
    name,
    keepsNothing: true,
    forward: (start, whole) => {
      states = statesFrom(start, whole);
      return states[times];
    },
    backward: (cotangent, [start, whole]) => {
      const passed = isRecording() ? statesFrom(start, whole) : states;
      let ofState = cotangent;
      const ofParts: Tensor[] = [];
      for (let time = times - 1; time >= 0; time--) {
        const [, pull] = vjp((a: Tensor, b: Tensor) => step(a, b, time), passed[time], partOf(whole, time));
        const [before, ofPart] = pull(ofState);
        ofState = before;
        ofParts[time] = reshape(ofPart, [1, ...ofPart.shape]);
      }
      return [ofState, concatAlong(ofParts, 0)];
    },
  });
  return times === 0 ? initial : line(initial, x);
}
