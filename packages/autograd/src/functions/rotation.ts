import { fail } from '../core/errors.ts';
import { normalizeDim, showShape } from '../core/shape.ts';
import type { Tensor } from '../core/tensor.ts';
import { permuteDims } from '../primitives/linear/permute.ts';
import { flip } from './movement.ts';

/**
 * Columns turned round, left to right. A view.
 *
 * @throws GradtapeError if `x` has fewer than two dims.
 * @example
 * fliplr(tensor([[1, 2], [3, 4]])); // [[2, 1], [4, 3]]
 */
export function fliplr(x: Tensor): Tensor {
  checkRank('fliplr', x, 2);
  return flip(x, 1);
}

/**
 * Rows turned round, upside down. A view.
 *
 * @throws GradtapeError if `x` has no dims.
 * @example
 * flipud(tensor([[1, 2], [3, 4]])); // [[3, 4], [1, 2]]
 */
export function flipud(x: Tensor): Tensor {
  checkRank('flipud', x, 1);
  return flip(x, 0);
}

/**
 * Turned by `k` right angles in the plane of two dims, from the first towards the second. A view.
 *
 * @param dims Two different dims. Default: `[0, 1]`.
 * @throws GradtapeError if `k` is no whole number, or the dims are not two different ones.
 * @example
 * rot90(tensor([[1, 2], [3, 4]])); // [[2, 4], [1, 3]]
 */
export function rot90(x: Tensor, k = 1, dims: readonly number[] = [0, 1]): Tensor {
  checkRank('rot90', x, 2);
  const plane = dims.map((dim) => normalizeDim('rot90', dim, x.rank));
  if (plane.length !== 2 || plane[0] === plane[1] || !Number.isInteger(k)) {
    fail('rot90: not a rotation in a plane', {
      got: `k = ${k}, dims ${showShape(dims)} of shape ${showShape(x.shape)}`,
      needs: 'a whole number of right angles, and two different dims',
      fix: 'rot90(x, 1, [-2, -1]) turns the matrices of a batch',
    });
  }
  const [from, to] = plane;
  const turns = ((k % 4) + 4) % 4;
  if (turns === 0) return flip(x, []);
  if (turns === 2) return flip(x, plane);
  const swapped = permuteDims(
    x,
    x.shape.map((_, d) => (d === from ? to : d === to ? from : d)),
  );
  return flip(swapped, turns === 1 ? from : to);
}

function checkRank(operation: string, x: Tensor, rank: number): void {
  if (x.rank >= rank) return;
  fail(`${operation}: too few dims`, {
    got: `shape ${showShape(x.shape)}`,
    needs: rank === 1 ? 'at least one dim' : 'at least two dims: rows and columns',
    fix: rank === 1 ? 'there is nothing to turn round in a single number' : 'flip(x, 0) turns a list round',
  });
}
