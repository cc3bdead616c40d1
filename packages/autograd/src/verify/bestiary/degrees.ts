import { mul } from '../../primitives/bilinear/mul.ts';
import { add, neg, sub } from '../../primitives/linear/arithmetic.ts';
import { floor } from '../../primitives/piecewise/rounding.ts';
import { smooth } from '../../primitives/smooth/degree.ts';
import { reals } from '../../primitives/smooth/domains.ts';
import { square } from '../../primitives/smooth/powers.ts';
import { detach } from '../../tape/leaf.ts';
import { asPrimitive } from '../function-primitive.ts';
import { type Beast, beast } from './beast.ts';

/** Declared on the wrong floor, or with a derivative of another one. */
export const degrees: readonly Beast[] = [
  beast({
    wrong: 'x + 1, declared linear',
    degree: 'linear',
    degreeOfRight: 'smooth',
    right: asPrimitive(
      'x + 1',
      (x) => add(x, 1),
      (draw) => [draw.tensor(draw.shape())],
    ),
    changes: {},
    caughtBy: 'isLinear',
  }),
  beast({
    wrong: 'ab², declared bilinear',
    degree: 'bilinear',
    degreeOfRight: 'smooth',
    right: smooth('product', {
      value: (m, a, b) => m.mul(a, m.mul(b, b)),
      partials: (a, b) => [square(b), mul(mul(a, b), 2)],
      domain: reals,
    }),
    changes: {},
    caughtBy: 'isLinearInEachInput',
  }),
  beast({
    wrong: 'neg, whose derivative moves with its input',
    degree: 'linear',
    right: neg.primitive,
    changes: { pullback: (g, { inputs: [x] }) => [neg(mul(g, add(sub(x, detach(x)), 1)))] },
    caughtBy: 'hasNoSecondDerivative',
  }),
  beast({
    wrong: 'floor, with derivative 1',
    degree: 'piecewise',
    right: floor.primitive,
    changes: { pullback: (g) => [g], pushforward: ([v]) => v },
    caughtBy: 'whatIsConstantHasNoDerivative',
  }),
];
