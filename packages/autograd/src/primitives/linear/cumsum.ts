import type { Tensor } from '../../core/tensor.ts';
import { runningSum } from '../../kernels/scan.ts';
import { bind } from '../../tape/bind.ts';
import type { Primitive } from '../../tape/primitive.ts';
import { linear } from './degree.ts';

/** Running sums along a dim, from its start or (`reverse`) from its end; each is the other's transpose. */
export const cumsumPrimitive: Primitive<{ dim: number; reverse: boolean }> = linear('cumsum', {
  value: ([x], { dim, reverse }) => runningSum(x as Tensor, dim, reverse),
  transpose: (cotangent, { params: { dim, reverse } }) => [runningSumAlong(cotangent, dim, !reverse)],
  kernel: {
    kind: 'scan',
    initial: [0],
    next:
      () =>
      (m, entry, _, [sum]) => [m.add(sum, entry)],
    along: (params) => params,
  },
  latex: (m, [x], { params: { dim, reverse } }) =>
    m.apply(`\\operatorname{cumsum}_{${dim}}${reverse ? '^{\\leftarrow}' : ''}`, x),
  sample: (draw) => {
    const shape = draw.shape({ minimumRank: 1 });
    return {
      inputs: [draw.tensor(shape)],
      params: { dim: draw.integer(0, shape.length - 1), reverse: draw.integer(0, 1) === 1 },
    };
  },
});

export function runningSumAlong(x: Tensor, dim: number, reverse = false): Tensor {
  return bind(cumsumPrimitive, [x], { dim, reverse });
}
