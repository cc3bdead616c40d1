import type { Tensor } from '../../core/tensor.ts';
import { mul } from '../../primitives/bilinear/mul.ts';
import { add, neg, sub } from '../../primitives/linear/arithmetic.ts';
import { where } from '../../primitives/linear/where.ts';
import { atan2 } from '../../primitives/piecewise/atan2.ts';
import { gt } from '../../primitives/piecewise/comparison.ts';
import { geluExact, sigmoid, silu } from '../../primitives/smooth/activations.ts';
import { div, reciprocal } from '../../primitives/smooth/division.ts';
import { erf } from '../../primitives/smooth/error-function.ts';
import { sinh, tanh } from '../../primitives/smooth/hyperbolic.ts';
import { square } from '../../primitives/smooth/powers.ts';
import { atan, cos, sin } from '../../primitives/smooth/trigonometric.ts';
import type { Draw } from '../../tape/primitive.ts';
import { asPrimitive } from '../function-primitive.ts';
import { type Beast, beast, partials } from './beast.ts';

const two = (draw: Draw) => {
  const shape = draw.shape();
  return [draw.tensor(shape), draw.tensor(shape)];
};
const clearOfZero = (draw: Draw) => [draw.tensor(draw.shape(), { low: -3, high: 3, kinks: [0] })];

const unit = asPrimitive('σ(wx)', (w, x) => sigmoid(mul(w, x)), two);
/** Of the output `a = σ(z)`. */
const slope = (a: Tensor) => mul(a, sub(1, a));

/** The derivative of another function, or of this one at another place. */
export const partialDerivatives: readonly Beast[] = [
  beast({
    wrong: 'tanh, without the square',
    right: tanh.primitive,
    changes: partials(tanh.primitive, (_, y) => [sub(1, y)]),
    caughtBy: 'reverseMatchesDifferences',
  }),
  beast({
    wrong: 'tanh, as 1 - z² for 1 - a²',
    right: tanh.primitive,
    changes: partials(tanh.primitive, (x) => [sub(1, square(x))]),
    caughtBy: 'reverseMatchesDifferences',
  }),
  beast({
    wrong: 'sigmoid, as z(1 - z) for a(1 - a)',
    right: sigmoid.primitive,
    changes: partials(sigmoid.primitive, (x) => [slope(x)]),
    caughtBy: 'reverseMatchesDifferences',
  }),
  beast({
    wrong: 'sigmoid, with the derivative at a for the one at z',
    right: sigmoid.primitive,
    changes: partials(sigmoid.primitive, (_, y) => [slope(sigmoid(y))]),
    caughtBy: 'reverseMatchesDifferences',
  }),
  beast({
    wrong: 'σ(wx), without σ′',
    right: unit,
    changes: { pullback: (g, { inputs: [w, x] }) => [mul(g, x), mul(g, w)] },
    caughtBy: 'reverseMatchesDifferences',
  }),
  beast({
    wrong: 'σ(wx), with σ′ twice',
    right: unit,
    changes: {
      pullback: (g, { inputs: [w, x], output: a }) => {
        const delta = mul(g, square(slope(a)));
        return [mul(delta, x), mul(delta, w)];
      },
    },
    caughtBy: 'reverseMatchesDifferences',
  }),
  beast({
    wrong: 'div, without the square of the denominator',
    right: div.primitive,
    changes: partials(div.primitive, (a, b) => [reciprocal(b), neg(div(a, b))]),
    caughtBy: 'forwardMatchesDifferences',
    seenIn: 'maria-korosteleva/Body-Shape-Estimation#2',
  }),
  beast({
    wrong: 'div, without the sign of the denominator',
    right: div.primitive,
    changes: partials(div.primitive, (_, b, y) => [reciprocal(b), div(y, b)]),
    caughtBy: 'reverseMatchesDifferences',
  }),
  beast({
    wrong: 'reciprocal, without the square',
    right: reciprocal.primitive,
    changes: partials(reciprocal.primitive, (_, y) => [neg(y)]),
    caughtBy: 'reverseMatchesDifferences',
  }),
  beast({
    wrong: 'atan, without the square',
    right: atan.primitive,
    changes: partials(atan.primitive, (x) => [reciprocal(add(x, 1))]),
    caughtBy: 'reverseMatchesDifferences',
  }),
  beast({
    wrong: 'atan2, with its partial derivatives swapped',
    right: atan2.primitive,
    changes: { pullback: (g, line) => [...atan2.primitive.pullback(g, line)].reverse() },
    caughtBy: 'forwardMatchesReverse',
  }),
  beast({
    wrong: 'cos, with the sign of cosh',
    right: cos.primitive,
    changes: partials(cos.primitive, (x) => [sin(x)]),
    caughtBy: 'reverseMatchesDifferences',
  }),
  beast({
    wrong: 'sinh, with the derivative of sin',
    right: sinh.primitive,
    changes: partials(sinh.primitive, (x) => [cos(x)]),
    caughtBy: 'reverseMatchesDifferences',
  }),
  beast({
    wrong: 'gelu, as Φ(z) alone: one half of the product rule',
    right: geluExact.primitive,
    changes: partials(geluExact.primitive, (x) => [mul(add(erf(mul(x, Math.SQRT1_2)), 1), 0.5)]),
    caughtBy: 'reverseMatchesDifferences',
  }),
  beast({
    wrong: 'silu, as σ(z) alone: one half of the product rule',
    right: silu.primitive,
    changes: partials(silu.primitive, (x) => [sigmoid(x)]),
    caughtBy: 'reverseMatchesDifferences',
  }),
  beast({
    wrong: 'leakyRelu of slope -2, with the side read off the output',
    right: asPrimitive('leakyRelu', (x) => where(gt(x, 0), x, mul(x, -2)), clearOfZero),
    changes: { pullback: (g, { output }) => [where(gt(output, 0), g, mul(g, -2))] },
    caughtBy: 'reverseMatchesDifferences',
    seenIn: 'pytorch/pytorch#31938',
  }),
];
