import { allocateUnfilled, view } from '../../core/allocate.ts';
import type { Shape } from '../../core/shape.ts';
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
    const out = allocateUnfilled(
      first.shape.map((size, d) => (d === dim ? joined : size)),
      first.dtype,
    );
    for (const [i, part] of partsOf(out, inputs, dim).entries()) copyInto(part, inputs[i] as Tensor);
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
  kernel: { kind: 'place', overlapping: false, parts: (out, inputs, { dim }) => partsOf(out, inputs, dim) },
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

/** Where each of the inputs lies in the output. */
function partsOf(out: Tensor, inputs: readonly { readonly shape: Shape }[], dim: number): Tensor[] {
  const step = out.strides[dim] as number;
  let start = out.offset;
  return inputs.map(({ shape }) => {
    const part = view(out, shape, out.strides, start);
    start += (shape[dim] as number) * step;
    return part;
  });
}

export function concatAlong(tensors: readonly Tensor[], dim: number): Tensor {
  return bind(concatPrimitive, tensors, { dim });
}
