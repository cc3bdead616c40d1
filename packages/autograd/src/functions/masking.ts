import { fail } from '../core/errors.ts';
import { broadcastShapes, entriesOf, showShape } from '../core/shape.ts';
import { Tensor } from '../core/tensor.ts';
import { takeAlong } from '../primitives/linear/gather.ts';
import { reshape } from '../primitives/linear/reshape.ts';
import { broadcastTo } from '../primitives/linear/sum.ts';
import { where } from '../primitives/linear/where.ts';
import { logicalAnd, logicalNot, logicalOr } from '../primitives/piecewise/comparison.ts';
import { nonzeroPlaces } from '../primitives/piecewise/indices.ts';
import { checkMask } from './check-dtype.ts';

/**
 * `value` where the mask holds, `x` elsewhere; `x` and mask broadcast. No derivative passes where the mask holds.
 *
 * @param mask dtype bool.
 * @param value A number, or a tensor without dims.
 * @throws GradtapeError if the mask has another dtype, the value has dims, or the shapes do not broadcast.
 * @example
 * maskedFill(tensor([1, 2, 3]), tensor([true, false, true]), -Infinity); // [-Infinity, 2, -Infinity]
 */
export function maskedFill(x: Tensor, mask: Tensor, value: Tensor | number): Tensor {
  checkMask('maskedFill', mask);
  if (value instanceof Tensor && value.rank > 0) {
    fail('maskedFill: the value is not a single number', {
      got: `a value of shape ${showShape(value.shape)}`,
      needs: 'a number, or a tensor without dims',
      fix: 'use where(mask, value, x) for a value for each entry',
    });
  }
  if (x.dtype === 'bool' && !(value instanceof Tensor)) {
    return value ? logicalOr(x, mask) : logicalAnd(x, logicalNot(mask));
  }
  return where(mask, value, x);
}

/**
 * The entries where the mask holds, in reading order: one dim, of a size that depends on the mask. `x` and mask broadcast.
 *
 * @param mask dtype bool.
 * @throws GradtapeError if the mask has another dtype, or the shapes do not broadcast.
 */
export function maskedSelect(x: Tensor, mask: Tensor): Tensor {
  checkMask('maskedSelect', mask);
  const shape = broadcastShapes('maskedSelect', [x.shape, mask.shape]);
  const flat = reshape(broadcastTo(x, shape), [entriesOf(shape)]);
  return takeAlong(flat, 0, nonzeroPlaces(broadcastTo(mask, shape)));
}
