import { view } from '../../core/allocate.ts';
import { contiguousStrides, type Shape, sameShape } from '../../core/shape.ts';
import type { Tensor } from '../../core/tensor.ts';
import { inReadingOrder } from '../../kernels/copy.ts';
import { bind } from '../../tape/bind.ts';
import type { Primitive } from '../../tape/primitive.ts';
import { linear } from './degree.ts';

/** The same entries in reading order under another shape; copied only where they do not lie in that order. */
export const reshapePrimitive: Primitive<{ shape: Shape }> = linear('reshape', {
  value: ([x], { shape }) => {
    const source = inReadingOrder(x as Tensor);
    return view(source, shape, contiguousStrides(shape), source.offset);
  },
  transpose: (cotangent, { inputs: [x] }) => [reshape(cotangent, (x as Tensor).shape)],
  sample: (draw) => {
    const shape = draw.shape();
    return { inputs: [draw.tensor(shape)], params: { shape: [...shape].reverse() } };
  },
});

/** To a shape with as many entries; the tensor itself if it has that shape. */
export function reshape(x: Tensor, shape: Shape): Tensor {
  return sameShape(x.shape, shape) ? x : bind(reshapePrimitive, [x], { shape });
}
