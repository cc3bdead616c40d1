import { type Primitive, smooth } from '@gradtape/autograd/primitives';
import { checkPrimitive, type PrimitiveReport } from '@gradtape/autograd/verify';
import { mul } from 'gradtape';

/** `x³`, with a 2 in its derivative that should be a 3. */
const cube: Primitive<undefined> = smooth('cube', {
  value: (m, x) => m.mul(x, m.mul(x, x)),
  partials: (x) => [mul(mul(x, x), 2)],
  domain: { low: -2, high: 2 },
});

export const cubeLaws: { check(): PrimitiveReport } = { check: () => checkPrimitive(cube, { runs: 10 }) };
