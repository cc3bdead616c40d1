import { allocate, view } from '../../core/allocate.ts';
import type { Tensor } from '../../core/tensor.ts';
import { copyInto } from '../../kernels/place.ts';
import { bind } from '../../tape/bind.ts';
import type { Primitive } from '../../tape/primitive.ts';
import { linear } from './degree.ts';
import { rangesWith, slice } from './slice.ts';

/** Tensors joined along a dim in which alone their sizes may differ. */
export const concatPrimitive: Primitive<{ dim: number }> = linear('concat', {
  value: (inputs, { dim }) => {
    const first = inputs[0] as Tensor;
    const joined = inputs.reduce((size, x) => size + (x.shape[dim] as number), 0);
    const out = allocate(
      first.shape.map((size, d) => (d === dim ? joined : size)),
      first.dtype,
    );
    let start = 0;
    for (const x of inputs) {
      copyInto(view(out, x.shape, out.strides, out.offset + start * (out.strides[dim] as number)), x);
      start += x.shape[dim] as number;
    }
    return out;
  },
  transpose: (cotangent, { inputs, params: { dim } }) => {
    let start = 0;
    return inputs.map((x) => {
      const size = x.shape[dim] as number;
      const part = slice(cotangent, rangesWith(cotangent.shape, dim, { start, step: 1, size }));
      start += size;
      return part;
    });
  },
  latex: (m, parts, { inputs: [{ rank }], params: { dim } }) =>
    rank > 2 ? m.apply(`\\operatorname{concat}_{${dim}}`, ...parts) : m.block(parts, dim === 0 ? 'below' : 'beside'),
  sample: (draw) => {
    const shape = draw.shape({ minimumRank: 1 });
    const dim = draw.integer(0, shape.length - 1);
    const inputs = Array.from({ length: draw.integer(1, 3) }, () =>
      draw.tensor(shape.map((size, d) => (d === dim ? draw.integer(0, 3) : size))),
    );
    return { inputs, params: { dim } };
  },
});

export function concatAlong(tensors: readonly Tensor[], dim: number): Tensor {
  return bind(concatPrimitive, tensors, { dim });
}
