import type { Explanation } from '../mistake.ts';

/** The gradient of another value is returned. */
export const anotherGradient: Explanation = function* ({ truth }) {
  for (const other of truth.keys()) {
    yield { causes: ['gradient of another value'], says: `it is the gradient by ${other}`, takenFor: other };
  }
};
