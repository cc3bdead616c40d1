import { fail } from '../core/errors.ts';
import type { Tensor } from '../core/tensor.ts';
import { reshape } from '../primitives/linear/reshape.ts';
import { atLeast } from './at-least.ts';
import { concat } from './movement.ts';

/**
 * Tensors joined side by side: along the columns, or along the only dim where they are lists or single numbers.
 *
 * @throws GradtapeError if there are none, or the other sizes differ.
 * @example
 * hstack([tensor([1, 2]), tensor([3])]); // [1, 2, 3]
 * hstack([tensor([[1], [2]]), tensor([[3], [4]])]); // [[1, 3], [2, 4]]
 */
export function hstack(tensors: readonly Tensor[]): Tensor {
  const parts = some('hstack', tensors).map((x) => atLeast(1, x));
  return concat(parts, parts[0].rank === 1 ? 0 : 1);
}

/**
 * Tensors joined one below the other: along the rows; lists are rows.
 *
 * @throws GradtapeError if there are none, or the other sizes differ.
 * @example
 * vstack([tensor([1, 2]), tensor([3, 4])]); // [[1, 2], [3, 4]]
 */
export function vstack(tensors: readonly Tensor[]): Tensor {
  return concat(
    some('vstack', tensors).map((x) => atLeast(2, x)),
    0,
  );
}

/**
 * Tensors joined one behind the other: along the third dim; a list counts as `[1, n, 1]`, a matrix as `[m, n, 1]`.
 *
 * @throws GradtapeError if there are none, or the other sizes differ.
 * @example
 * dstack([tensor([1, 2]), tensor([3, 4])]); // [[[1, 3], [2, 4]]]
 */
export function dstack(tensors: readonly Tensor[]): Tensor {
  return concat(
    some('dstack', tensors).map((x) => atLeast(3, x)),
    2,
  );
}

/**
 * {@link hstack} in which lists are columns.
 *
 * @throws GradtapeError if there are none, or the other sizes differ.
 * @example
 * columnStack([tensor([1, 2]), tensor([3, 4])]); // [[1, 3], [2, 4]]
 */
export function columnStack(tensors: readonly Tensor[]): Tensor {
  return hstack(tensors.map((x) => (x.rank > 1 ? x : reshape(x, [x.length, 1]))));
}

function some(operation: string, tensors: readonly Tensor[]): readonly Tensor[] {
  if (tensors.length > 0) return tensors;
  return fail(`${operation}: nothing to join`, {
    got: 'no tensors',
    needs: 'at least one, in an array',
    fix: `${operation}([a, b])`,
  });
}
