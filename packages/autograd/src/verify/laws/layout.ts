import { inReadingOrder } from '../../kernels/copy.ts';
import { firstDifference, firstOf, magnitude, numbersOf, ROUNDING } from '../compare.ts';
import { besideOf, functionOf, inPrecision, movedTo, resultsOf } from '../function-at.ts';
import type { Law } from './law.ts';

/** Inputs, cotangents and tangents that lie in memory in another way give the same results. */
export const layoutDoesNotMatter: Law = (primitive, sample, draw) => {
  const at = inPrecision(functionOf(primitive, sample), 'float64');
  const beside = besideOf(at, draw);
  const expected = resultsOf(movedTo(at, at.inputs.map(inReadingOrder)), {
    cotangents: beside.cotangents.map(inReadingOrder),
    tangents: beside.tangents.map(inReadingOrder),
  });
  return firstOf(resultsOf(at, beside), ([name, got], k) => {
    const numbers = numbersOf(expected[k][1]);
    return firstDifference(`${name}, of inputs as they lie,`, got, numbers, () => ROUNDING * (1 + magnitude(numbers)));
  });
};
