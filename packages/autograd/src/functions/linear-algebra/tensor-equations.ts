import { fail } from '../../core/errors.ts';
import { entriesOf, showShape } from '../../core/shape.ts';
import type { Tensor } from '../../core/tensor.ts';
import { reshape } from '../../primitives/linear/reshape.ts';
import { movedim } from '../movement.ts';
import { inv } from './inverse.ts';
import { solve } from './solve.ts';

export interface TensorinvOptions {
  /** How many of the first dims count as the rows. Default: 2. */
  readonly ind?: number;
}

/**
 * The inverse of the map that a tensor is for `tensordot`: `tensordot(tensorinv(A, { ind }), A, ind)` is the identity. Dims
 * `[…rows, …columns]` become `[…columns, …rows]`.
 *
 * @throws GradtapeError if rows and columns have not as many entries, or the map cannot be inverted.
 * @example
 * tensorinv(eye(6).reshape([6, 2, 3]), { ind: 1 }).shape; // [2, 3, 6]
 */
export function tensorinv(A: Tensor, { ind = 2 }: TensorinvOptions = {}): Tensor {
  const [rows, columns] = [A.shape.slice(0, ind), A.shape.slice(ind)];
  const size = entriesOf(rows);
  if (!Number.isInteger(ind) || ind < 1 || size !== entriesOf(columns)) {
    fail('tensorinv: not a square map', {
      got: `shape ${showShape(A.shape)}, ind ${ind}`,
      needs: 'as many entries in the first `ind` dims as in the others',
      fix: 'say with ind how many of the dims are the rows',
    });
  }
  return reshape(inv(reshape(A, [size, size])), [...columns, ...rows]);
}

export interface TensorsolveOptions {
  /** Dims of A that are moved to its end first. Default: none. */
  readonly dims?: readonly number[] | null;
}

/**
 * X in `tensordot(A, X, X.rank) = B`: A has the dims of B first, and then those of X, as many entries in both.
 *
 * @throws GradtapeError if there are not as many, or A is singular.
 * @example
 * tensorsolve(eye(6).mul(2).reshape([2, 3, 6]), ones([2, 3])); // [0.5, 0.5, 0.5, 0.5, 0.5, 0.5]
 */
export function tensorsolve(A: Tensor, B: Tensor, { dims = null }: TensorsolveOptions = {}): Tensor {
  const moved =
    dims === null
      ? A
      : movedim(
          A,
          dims,
          dims.map((_, k) => A.rank - dims.length + k),
        );
  const shape = moved.shape.slice(B.rank);
  if (entriesOf(shape) !== B.length || moved.length !== B.length ** 2) {
    fail('tensorsolve: not as many equations as unknowns', {
      got: `A of shape ${showShape(A.shape)}${dims === null ? '' : `, dims ${showShape(dims)} moved to its end`}, B of shape ${showShape(B.shape)}`,
      needs: `the dims of B, and then dims with ${B.length} entries`,
      fix: 'dims says which dims of A belong to the unknowns',
    });
  }
  return reshape(solve(reshape(moved, [B.length, B.length]), reshape(B, [B.length])), shape);
}
