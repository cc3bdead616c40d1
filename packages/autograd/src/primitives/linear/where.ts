import { constant } from '../../core/allocate.ts';
import { fail } from '../../core/errors.ts';
import { broadcastShapes } from '../../core/shape.ts';
import { Tensor } from '../../core/tensor.ts';
import { mapKernel } from '../../kernels/map.ts';
import type { Formula } from '../../kernels/scalar-math.ts';
import { bind } from '../../tape/bind.ts';
import type { Primitive } from '../../tape/primitive.ts';
import { align } from './align.ts';
import { linear } from './degree.ts';
import { broadcastTo } from './sum.ts';

const formula: Formula = (m, a, b, condition) => m.select(condition, a, b);
const select = mapKernel((m, a, b, condition) => [formula(m, a, b, condition)], 3, 1);

/** The first input where the third, the condition, holds, and the second elsewhere: linear in the first two. */
export const wherePrimitive: Primitive<undefined> = linear('where', {
  linearInputs: 2,
  value: (inputs) => select(inputs, [(inputs[0] as Tensor).dtype])[0] as Tensor,
  transpose: (cotangent, { inputs: [, , condition] }) => [
    where(condition as Tensor, cotangent, 0),
    where(condition as Tensor, 0, cotangent),
  ],
  formula,
  sample: (draw) => {
    const shape = draw.shape();
    return { inputs: [draw.tensor(shape), draw.tensor(shape), draw.truths(shape)], params: undefined };
  },
});

/**
 * `a` where the condition (dtype bool) holds, `b` elsewhere; all three broadcast. The gradient of what was not chosen is
 * zero, even where its value is infinite or NaN.
 */
export function where(condition: Tensor, a: Tensor | number, b: Tensor | number): Tensor {
  if (condition.dtype !== 'bool') {
    fail('where: the condition is not a truth value', {
      got: `dtype ${condition.dtype}`,
      needs: 'dtype bool',
      fix: 'compare first: where(x.gt(0), a, b)',
    });
  }
  const [first, second] =
    a instanceof Tensor || b instanceof Tensor
      ? (align('where', [a, b]) as [Tensor, Tensor])
      : [constant(a, [], 'float32'), constant(b, [], 'float32')];
  const shape = broadcastShapes('where', [first.shape, condition.shape]);
  return bind(
    wherePrimitive,
    [broadcastTo(first, shape), broadcastTo(second, shape), broadcastTo(condition, shape)],
    undefined,
  );
}
