import { constant } from '../core/allocate.ts';
import { fail } from '../core/errors.ts';
import { broadcastShapes, entriesOf, showShape } from '../core/shape.ts';
import { Tensor } from '../core/tensor.ts';
import { concatAlong } from '../primitives/linear/concat.ts';
import { convert } from '../primitives/linear/convert.ts';
import { runningSumAlong } from '../primitives/linear/cumsum.ts';
import { takeAlong } from '../primitives/linear/gather.ts';
import { reshape } from '../primitives/linear/reshape.ts';
import { broadcastTo } from '../primitives/linear/sum.ts';
import { where } from '../primitives/linear/where.ts';
import { logicalAnd, logicalNot, logicalOr } from '../primitives/piecewise/comparison.ts';
import { nonzeroPlaces, ravelIndices } from '../primitives/piecewise/indices.ts';
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

/**
 * `x` with the entries where the mask holds replaced by those of `source`, one after the other in reading order.
 *
 * @param mask dtype bool, which broadcasts with `x`.
 * @param source Of the dtype of `x`, with at least as many entries as the mask has places that hold.
 * @throws GradtapeError if a dtype is another, the shapes do not broadcast, or the source has too few entries.
 * @example
 * maskedScatter(zeros([3]), tensor([true, false, true]), tensor([5, 6, 7])); // [5, 0, 6]
 */
export function maskedScatter(x: Tensor, mask: Tensor, source: Tensor): Tensor {
  checkMask('maskedScatter', mask);
  if (source.dtype !== x.dtype) {
    fail('maskedScatter: the dtypes differ', {
      got: `a source of dtype ${source.dtype} for dtype ${x.dtype}`,
      needs: `dtype ${x.dtype}`,
      fix: `convert it: source.to('${x.dtype}')`,
    });
  }
  const shape = broadcastShapes('maskedScatter', [x.shape, mask.shape]);
  const holds = reshape(broadcastTo(mask, shape), [entriesOf(shape)]);
  // The first place is nobody's: it stands for where the mask does not hold.
  const number = where(holds, runningSumAlong(convert(holds, 'int32'), 0), 0);
  const counted = { operation: 'maskedScatter', dim: 0, size: source.length + 1, fromEnd: false };
  const entries = concatAlong([constant(0, [1], x.dtype), reshape(source, [source.length])], 0);
  const taken = takeAlong(entries, 0, ravelIndices([number], [counted]));
  return reshape(where(holds, taken, reshape(broadcastTo(x, shape), [entriesOf(shape)])), shape);
}
