import { allocateUnfilled } from '../../core/allocate.ts';
import type { Tensor } from '../../core/tensor.ts';
import { contract, type Matrices } from '../../kernels/contract.ts';
import { bind } from '../../tape/bind.ts';
import type { Primitive } from '../../tape/primitive.ts';
import { transposeMatrix } from '../linear/permute.ts';
import { bilinear } from './degree.ts';

/** Matrix products `[…, m, k] · […, k, n] → […, m, n]` of operands with the same leading dims and the same floating dtype. */
export const matmulPrimitive: Primitive<undefined> = bilinear('matmul', {
  value: ([a, b]) => product(a as Tensor, b as Tensor),
  transposes: [
    (g, b, a) => multiplyInOrderOf(a, g, transposeMatrix(b)),
    (g, a, b) => multiplyInOrderOf(b, transposeMatrix(a), g),
  ],
  kernel: { kind: 'product' },
  latex: (m, [a, b], { inputs: [x, y] }) => m.matmul(a, x.shape, b, y.shape),
  sample: (draw) => {
    const batch = draw.shape({ maximumRank: 2 });
    const [m, k, n] = [draw.integer(0, 4), draw.integer(0, 4), draw.integer(0, 4)];
    return { inputs: [draw.tensor([...batch, m, k]), draw.tensor([...batch, k, n])], params: undefined };
  },
});

function product(a: Tensor, b: Tensor): Tensor {
  const batch = a.shape.slice(0, -2);
  const [m, k] = a.shape.slice(-2) as [number, number];
  const n = b.shape[b.rank - 1] as number;
  const out = allocateUnfilled([...batch, m, n], a.dtype);
  contract(out.storage as Float32Array, out.offset, batch, m, n, k, matrices(a), matrices(b));
  return out;
}

function matrices(x: Tensor): Matrices {
  const [rowStride, columnStride] = x.strides.slice(-2) as [number, number];
  return {
    data: x.storage as Float32Array,
    offset: x.offset,
    batchStrides: x.strides.slice(0, -2),
    rowStride,
    columnStride,
  };
}

export function multiplyMatrices(a: Tensor, b: Tensor): Tensor {
  return bind(matmulPrimitive, [a, b], undefined);
}

/**
 * `a b`, laid down in memory as `like` is: column by column if that is a transposed view. So the gradient of a weight
 * that was used transposed comes out in the weight's own order, and updating it runs along memory.
 */
function multiplyInOrderOf(like: Tensor, a: Tensor, b: Tensor): Tensor {
  const [rowStride, columnStride] = like.strides.slice(-2) as [number, number];
  if (rowStride !== 1 || columnStride <= 1) return multiplyMatrices(a, b);
  return transposeMatrix(multiplyMatrices(transposeMatrix(b), transposeMatrix(a)));
}
