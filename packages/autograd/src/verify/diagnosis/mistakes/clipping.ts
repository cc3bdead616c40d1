import type { Tensor } from '../../../core/tensor.ts';
import { mul } from '../../../primitives/bilinear/mul.ts';
import { sub } from '../../../primitives/linear/arithmetic.ts';
import { where } from '../../../primitives/linear/where.ts';
import { le } from '../../../primitives/piecewise/comparison.ts';
import { abs, clampBetween } from '../../../primitives/piecewise/kinked.ts';
import { sign } from '../../../primitives/piecewise/rounding.ts';
import { atEdge, distinctEdgesOf } from '../edges.ts';
import { type Cause, type Explanation, mistakeInRules } from '../mistake.ts';

/** What may stand in the place of an error that is clipped at ±δ. */
type Confusion = readonly [Cause, says: string, (error: Tensor, delta: Tensor) => Tensor];

const isSmall = (error: Tensor, delta: Tensor): Tensor => le(abs(error), delta);

const confusions: readonly Confusion[] = [
  [
    'derivative of another function',
    'the error is not clipped: it stands where ±δ belongs, also beyond δ, as in a square error',
    (error) => error,
  ],
  [
    'derivative of another function',
    '±δ stands where the error itself belongs, also within δ, as in an absolute error',
    (error, delta) => mul(sign(error), delta),
  ],
  [
    'missing factor',
    'δ is missing beyond δ: ±1 stands where ±δ belongs',
    (error, delta) => where(isSmall(error, delta), error, sign(error)),
  ],
  [
    'derivative of another function',
    'the error is clipped at ±1 where ±δ belongs',
    (error) => clampBetween(error, -1, 1),
  ],
  [
    'mask',
    'the two parts are exchanged: ±δ stands within δ, and the error beyond it',
    (error, delta) => where(isSmall(error, delta), mul(sign(error), delta), error),
  ],
];

/** The derivative of the Huber error is the error, clipped at ±δ. */
export const clipping: Explanation = function* (observation, words) {
  for (const edge of distinctEdgesOf(observation)) {
    const { line, input } = edge;
    if (line.primitive.name !== 'huberError' || input > 1) continue;
    for (const [cause, says, confuse] of confusions) {
      yield mistakeInRules(
        cause,
        `in the derivative of ${words.line(line)} ${says}`,
        atEdge(edge, (cotangent, own) => {
          const [y, t, delta] = own.inputs;
          return mul(cotangent, confuse(input === 0 ? sub(y, t) : sub(t, y), delta));
        }),
      );
    }
  }
};
