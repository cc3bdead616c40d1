import { mul } from '../../primitives/bilinear/mul.ts';
import { add, neg, sub } from '../../primitives/linear/arithmetic.ts';
import { div } from '../../primitives/smooth/division.ts';
import { exp } from '../../primitives/smooth/exponential.ts';
import { tanh } from '../../primitives/smooth/hyperbolic.ts';
import { square } from '../../primitives/smooth/powers.ts';
import { sin } from '../../primitives/smooth/trigonometric.ts';
import { bind, isRecording } from '../../tape/bind.ts';
import { detach } from '../../tape/leaf.ts';
import type { Primitive } from '../../tape/primitive.ts';
import { type Beast, beast, withoutFormula } from './beast.ts';

/** `2ab`, right but for the cotangents. */
const twiceTheProduct: Primitive<undefined> = {
  ...withoutFormula(mul.primitive),
  name: 'twiceTheProduct',
  evaluate: ([a, b]) => mul(mul(detach(a), detach(b)), 2),
  pullback: (g, { inputs: [a, b] }) => [mul(mul(g, b), 2), mul(g, a)],
  pushforward: ([v, w], { inputs: [a, b] }) => mul(add(v ? mul(v, b) : 0, w ? mul(a, w) : mul(a, 0)), 2),
};

/** Right one way or once, wrong the other way or twice. */
export const modes: readonly Beast[] = [
  beast({
    wrong: 'sin, right forwards and wrong in reverse',
    right: sin.primitive,
    changes: { pullback: (g, { inputs: [x] }) => [mul(g, sin(x))] },
    caughtBy: 'reverseMatchesDifferences',
  }),
  beast({
    wrong: 'sin, right in reverse and wrong forwards',
    right: sin.primitive,
    changes: { pushforward: ([v], { inputs: [x] }) => v && mul(v, sin(x)) },
    caughtBy: 'forwardMatchesDifferences',
  }),
  beast({
    wrong: 'exp, right once and wrong twice: the value is not differentiated again',
    right: exp.primitive,
    changes: { pullback: (g, { output }) => [mul(g, detach(output))] },
    caughtBy: 'reverseCanBeDifferentiated',
    seenIn: 'pytorch/pytorch#76185',
  }),
  beast({
    wrong: 'exp, right once and wrong twice in forward mode',
    right: exp.primitive,
    changes: { pushforward: ([v], { output }) => v && mul(v, detach(output)) },
    caughtBy: 'forwardCanBeDifferentiated',
  }),
  beast({
    wrong: 'tanh, right once and wrong twice: the square is taken for a constant',
    right: tanh.primitive,
    changes: { pullback: (g, { output: y }) => [mul(g, sub(1, square(detach(y))))] },
    caughtBy: 'reverseCanBeDifferentiated',
  }),
  beast({
    wrong: 'div, right once and wrong twice: the quotient is taken for a constant',
    right: div.primitive,
    changes: { pullback: (g, { inputs: [, b], output: y }) => [div(g, b), neg(div(mul(g, detach(y)), b))] },
    caughtBy: 'reverseCanBeDifferentiated',
  }),
  beast({
    wrong: 'mul, right once and wrong twice: each factor is a constant for the other',
    degree: 'bilinear',
    right: mul.primitive,
    changes: { pullback: (g, { inputs: [a, b] }) => [mul(g, detach(b)), mul(g, detach(a))] },
    caughtBy: 'reverseCanBeDifferentiated',
  }),
  beast({
    wrong: 'neg, whose cotangent is taken off the tape',
    degree: 'linear',
    right: neg.primitive,
    changes: { pullback: (g) => [neg(detach(g))] },
    caughtBy: 'reverseCanBeDifferentiated',
  }),
  beast({
    wrong: 'square, whose derivative is a primitive that is wrong in reverse',
    right: square.primitive,
    changes: { pullback: (g, { inputs: [x] }) => [bind(twiceTheProduct, [g, x], undefined)] },
    caughtBy: 'secondOrdersMatch',
  }),
  beast({
    wrong: 'tanh, with another derivative where nothing is recorded',
    right: tanh.primitive,
    changes: {
      pullback: (g, line) => {
        const [part] = tanh.primitive.pullback(g, line);
        return [part && (isRecording() ? part : add(part, g))];
      },
    },
    caughtBy: 'cotangentsDependOnNothingElse',
  }),
  beast({
    wrong: 'mul, whose one cotangent goes astray if the other is not asked for',
    degree: 'bilinear',
    right: mul.primitive,
    changes: {
      pullback: (g, { inputs: [a, b] }) => (a.node === undefined ? [undefined, mul(g, b)] : [mul(g, b), mul(g, a)]),
    },
    caughtBy: 'cotangentsDependOnNothingElse',
  }),
];
