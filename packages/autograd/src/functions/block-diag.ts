import { fail } from '../core/errors.ts';
import { showShape } from '../core/shape.ts';
import type { Tensor } from '../core/tensor.ts';
import { reshape } from '../primitives/linear/reshape.ts';
import { zeros } from './creation.ts';
import { concat } from './movement.ts';

/**
 * The matrix of zeros with matrices along its diagonal.
 *
 * @param tensors Matrices of one dtype; a vector counts as one row, a tensor without dims as one entry. Without any, the
 *   result is `[1, 0]`, as in PyTorch.
 * @throws GradtapeError if one has more than two dims, or the dtypes differ.
 * @example
 * blockDiag([tensor([[1, 2]]), tensor([[3], [4]])]); // [[1, 2, 0], [0, 0, 3], [0, 0, 4]]
 */
export function blockDiag(tensors: readonly Tensor[]): Tensor {
  const wrong = tensors.find(({ rank, dtype }) => rank > 2 || dtype !== tensors[0].dtype);
  if (wrong !== undefined) {
    fail('blockDiag: not matrices of one dtype', {
      got: `${showShape(wrong.shape)} ${wrong.dtype}`,
      needs: `at most two dims, and dtype ${tensors[0].dtype}`,
      fix: 'convert them first; for the matrices of a batch, unbind it',
    });
  }
  if (tensors.length === 0) return zeros([1, 0]);
  const blocks = tensors.map((x) => (x.rank === 2 ? x : reshape(x, [1, x.length])));
  const width = blocks.reduce((sum, { shape: [, columns] }) => sum + columns, 0);
  let before = 0;
  const bands = blocks.map((block) => {
    const [rows, columns] = block.shape;
    const { dtype } = block;
    const band = concat(
      [zeros([rows, before], { dtype }), block, zeros([rows, width - before - columns], { dtype })],
      1,
    );
    before += columns;
    return band;
  });
  return concat(bands, 0);
}
