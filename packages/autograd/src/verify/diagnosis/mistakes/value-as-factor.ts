import { isFloating } from '../../../core/dtype.ts';
import { sameShape } from '../../../core/shape.ts';
import { mul } from '../../../primitives/bilinear/mul.ts';
import { div } from '../../../primitives/smooth/division.ts';
import type { Explanation } from '../mistake.ts';
import { valueIn } from '../tape-values.ts';

const operations = [
  [mul, 'multiplied with', 'divided by'],
  [div, 'divided by', 'multiplied with'],
] as const;

/** A gradient is divided by a value of the tape, or multiplied with it, once too often or too few: the 1 / s of a normalization. */
export const valueAsFactor: Explanation = function* ({ run }, words) {
  for (const [place, { output: tensor }] of run.lines.entries()) {
    if (!isFloating(tensor.dtype)) continue;
    const value = words.value(tensor);
    for (const [operation, done, undone] of operations) {
      yield {
        causes: [operation === mul ? 'extra factor' : 'missing factor'],
        says: `it is ${done} ${value} once too often, or ${undone} it once too few`,
        after: (gradient, observation) => {
          const changed = operation(gradient, valueIn(observation, { place, tensor }));
          return sameShape(changed.shape, gradient.shape) ? changed : gradient;
        },
      };
    }
  }
};
