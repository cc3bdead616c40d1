import type { Shape } from '../../core/shape.ts';
import type { Tensor } from '../../core/tensor.ts';
import { checkIndices, gatherEntries, scatterSum } from '../../kernels/index-entries.ts';
import { bind } from '../../tape/bind.ts';
import type { Draw, Primitive } from '../../tape/primitive.ts';
import { linear } from './degree.ts';
import { reshape } from './reshape.ts';
import { broadcastTo } from './sum.ts';

/** `out[i, j] = x[index[i, j], j]` for dim 0, and so on; the second input is the index. */
export const gatherPrimitive: Primitive<{ dim: number }> = linear('gather', {
  linearInputs: 1,
  value: ([x, index], { dim }) => gatherEntries(x as Tensor, dim, index as Tensor),
  transpose: (cotangent, { inputs: [x, index], params: { dim } }) => [
    scatterAddZeros(cotangent, index as Tensor, dim, (x as Tensor).shape),
  ],
  kernel: { kind: 'gather', along: ({ dim }) => ({ dim, check: checkAlong('gather', dim) }) },
  sample: (draw) => {
    const { shape, dim, indices } = sampleIndices(draw);
    return { inputs: [draw.tensor(shape), indices], params: { dim } };
  },
});

/** Zeros with entries added where an index, the second input, points: the transpose of `gather`. */
export const scatterAddPrimitive: Primitive<{ dim: number; shape: Shape }> = linear('scatterAdd', {
  linearInputs: 1,
  value: ([x, index], { dim, shape }) => scatterSum(x as Tensor, index as Tensor, dim, shape),
  transpose: (cotangent, { inputs: [, index], params: { dim } }) => [gatherAlong(cotangent, dim, index as Tensor)],
  kernel: {
    kind: 'scatter',
    combine: (m, a, b) => m.add(a, b),
    along: ({ dim }) => ({ dim, check: checkAlong('scatterAdd', dim) }),
  },
  sample: (draw) => {
    const { shape, dim, indices } = sampleIndices(draw);
    return { inputs: [draw.tensor(indices.shape), indices], params: { dim, shape } };
  },
});

/** For programs, in whose loops a wrong index would reach any memory. */
export function checkAlong(operation: string, dim: number): (index: Tensor, size: number) => void {
  return (index, size) => checkIndices(index, { operation, dim, size, fromEnd: false });
}

/** A shape, and an index for entries along one of its dims. */
export function sampleIndices(draw: Draw): { shape: Shape; dim: number; indices: Tensor } {
  const shape = draw.shape({ minimumRank: 1, minimumSize: 1 });
  const dim = draw.integer(0, shape.length - 1);
  const sizes = shape.map((size, d) => draw.integer(0, d === dim ? size + 2 : size));
  return { shape, dim, indices: draw.indices(sizes, shape[dim] as number) };
}

export function gatherAlong(x: Tensor, dim: number, index: Tensor): Tensor {
  return bind(gatherPrimitive, [x, index], { dim });
}

export function scatterAddZeros(x: Tensor, index: Tensor, dim: number, shape: Shape): Tensor {
  return bind(scatterAddPrimitive, [x, index], { dim, shape });
}

/** Whole indices of a dim, in the order of a list of one dim. */
export function takeAlong(x: Tensor, dim: number, list: Tensor): Tensor {
  return gatherAlong(x, dim, acrossDims(list, dim, x.shape));
}

/** A list of indices of a dim, repeated along the other dims of a shape without copying. */
export function acrossDims(list: Tensor, dim: number, shape: Shape): Tensor {
  const sizes = (other: (size: number) => number): Shape =>
    shape.map((size, d) => (d === dim ? list.length : other(size)));
  return broadcastTo(
    reshape(
      list,
      sizes(() => 1),
    ),
    sizes((size) => size),
  );
}
