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
    const strides = (x as Tensor).contiguous ? contiguousStrides(shape) : stridesOfView(x as Tensor, shape);
    if (strides) return view(x as Tensor, shape, strides, (x as Tensor).offset);
    const source = inReadingOrder(x as Tensor);
    return view(source, shape, contiguousStrides(shape), source.offset);
  },
  transpose: (cotangent, { inputs: [x] }) => [reshape(cotangent, (x as Tensor).shape)],
  kernel: { kind: 'view' },
  latex: (m, [x], { inputs: [from], params: { shape } }) => m.reshape(x, from.shape, shape),
  sample: (draw) => {
    const shape = draw.shape();
    return { inputs: [draw.tensor(shape)], params: { shape: [...shape].reverse() } };
  },
});

/** The strides under which the same storage has another shape; undefined where no strides do that. */
export function stridesOfView(
  x: { readonly shape: Shape; readonly strides: readonly number[] },
  shape: Shape,
): readonly number[] | undefined {
  const strides = new Array<number>(shape.length).fill(1);
  let d = shape.length;
  // From the last dim: old dims that follow on from one another are a run, which new dims must cut evenly.
  for (let last = x.shape.length - 1; last >= 0; ) {
    const step = x.strides[last];
    let run = x.shape[last];
    let first = last - 1;
    while (first >= 0 && (x.shape[first] === 1 || x.strides[first] === run * step)) run *= x.shape[first--];
    let done = 1;
    for (; d > 0 && (done < run || shape[d - 1] === 1); d--) {
      strides[d - 1] = done * step;
      done *= shape[d - 1];
    }
    if (done !== run) return undefined;
    last = first;
  }
  return strides;
}

/** To a shape with as many entries; the tensor itself if it has that shape. */
export function reshape(x: Tensor, shape: Shape): Tensor {
  return sameShape(x.shape, shape) ? x : bind(reshapePrimitive, [x], { shape });
}
