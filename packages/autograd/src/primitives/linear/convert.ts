import { type DType, isFloating } from '../../core/dtype.ts';
import type { Tensor } from '../../core/tensor.ts';
import type { ShapeOf } from '../../core/typed-tensor.ts';
import { convertEntries } from '../../kernels/copy.ts';
import { bind } from '../../tape/bind.ts';
import type { Primitive } from '../../tape/primitive.ts';
import { linear } from './degree.ts';

export const convertPrimitive: Primitive<{ dtype: DType }> = linear('convert', {
  value: ([x], { dtype }) => convertEntries(x as Tensor, dtype),
  transpose: (cotangent, { inputs: [x] }) => {
    const { dtype } = x as Tensor;
    return [isFloating(dtype) && isFloating(cotangent.dtype) ? convert(cotangent, dtype) : undefined];
  },
  formula: (_, x) => x,
  sample: (draw) => ({ inputs: [draw.tensor(draw.shape())], params: { dtype: 'float64' } }),
});

/** The same numbers in another dtype: rounded towards zero for int32, "not zero" for bool. */
export function convert<T extends Tensor>(x: T, dtype: DType): Tensor<ShapeOf<T>> {
  return bind(convertPrimitive, [x], { dtype }) as Tensor<ShapeOf<T>>;
}
