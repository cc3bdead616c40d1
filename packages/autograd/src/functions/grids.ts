import { adopt } from '../core/allocate.ts';
import { fail } from '../core/errors.ts';
import { showShape } from '../core/shape.ts';
import type { Tensor } from '../core/tensor.ts';
import { takeAlong } from '../primitives/linear/gather.ts';
import { reshape } from '../primitives/linear/reshape.ts';
import { broadcastTo } from '../primitives/linear/sum.ts';
import { stack, transpose } from './movement.ts';

export interface MeshgridOptions {
  /** Whether dim `i` belongs to list `i`, or (`'xy'`) the first two are swapped, as for images. Default: 'ij'. */
  readonly indexing?: 'ij' | 'xy';
}

/**
 * The coordinates of all points of a grid, from a list for each dim: of each list a tensor of the grid's shape. Views.
 *
 * @param lists Tensors of one dim, or single numbers, of one dtype.
 * @throws GradtapeError if there are none, one has more dims, the dtypes differ, or the indexing is none of the two.
 * @example
 * const [rows, columns] = meshgrid([tensor([1, 2]), tensor([3, 4])]);
 * rows; // [[1, 1], [2, 2]]
 * columns; // [[3, 4], [3, 4]]
 */
export function meshgrid(lists: readonly Tensor[], { indexing = 'ij' }: MeshgridOptions = {}): Tensor[] {
  checkLists('meshgrid', lists);
  if (indexing !== 'ij' && indexing !== 'xy') {
    fail('meshgrid: no such indexing', { got: `'${indexing}'`, needs: "'ij' or 'xy'", fix: "leave it out for 'ij'" });
  }
  const shape = lists.map(({ length }) => length);
  const grids = lists.map((list, i) =>
    broadcastTo(
      reshape(
        list,
        shape.map((size, d) => (d === i ? size : 1)),
      ),
      shape,
    ),
  );
  return indexing === 'xy' && lists.length > 1 ? grids.map((grid) => transpose(grid, 0, 1)) : grids;
}

/**
 * One entry of each list, in every way, the last list varying fastest: `[product of lengths, lists]`. A single list stays
 * as it is.
 *
 * @param lists Tensors of one dim and one dtype.
 * @throws GradtapeError as {@link meshgrid}.
 * @example
 * cartesianProd([tensor([1, 2]), tensor([3, 4])]); // [[1, 3], [1, 4], [2, 3], [2, 4]]
 */
export function cartesianProd(lists: readonly Tensor[]): Tensor {
  checkLists('cartesianProd', lists);
  if (lists.length === 1) return lists[0];
  const flat = meshgrid(lists).map((grid) => reshape(grid, [grid.length]));
  return stack(flat, 1);
}

export interface CombinationOptions {
  /** Whether an entry may be chosen again. Default: false. */
  readonly withReplacement?: boolean;
}

/**
 * Every choice of `r` entries of a list, in their order: `[choices, r]`.
 *
 * @param x `[n]`.
 * @throws GradtapeError if `x` has not one dim, or `r` is no whole number from 1.
 * @example
 * combinations(tensor([1, 2, 3])); // [[1, 2], [1, 3], [2, 3]]
 */
export function combinations(x: Tensor, r = 2, { withReplacement = false }: CombinationOptions = {}): Tensor {
  if (x.rank !== 1 || !Number.isInteger(r) || r < 1) {
    fail('combinations: not a choice from a list', {
      got: `r = ${r}, from a tensor of shape ${showShape(x.shape)}`,
      needs: 'one dim, and a whole number from 1',
      fix: 'flatten the tensor first',
    });
  }
  const choices = choicesOf(x.length, r, withReplacement ? 0 : 1);
  return reshape(takeAlong(x, 0, adopt(Int32Array.from(choices.flat()), [choices.length * r])), [choices.length, r]);
}

/** Lists of `r` rising indices below `size`, each at least `step` above the one before. */
function choicesOf(size: number, r: number, step: 0 | 1): number[][] {
  let choices: number[][] = [[]];
  for (let k = 0; k < r; k++) {
    choices = choices.flatMap((choice) => {
      const first = choice.length === 0 ? 0 : choice[choice.length - 1] + step;
      return Array.from({ length: Math.max(0, size - first) }, (_, i) => [...choice, first + i]);
    });
  }
  return choices;
}

function checkLists(operation: string, lists: readonly Tensor[]): void {
  if (lists.length > 0 && lists.every((list) => list.rank <= 1 && list.dtype === lists[0].dtype)) return;
  fail(`${operation}: not lists of one dtype`, {
    got: lists.length === 0 ? 'no tensors' : lists.map((list) => `${showShape(list.shape)} ${list.dtype}`).join(', '),
    needs: 'at least one tensor, each of one dim, of one dtype',
    fix: `flatten and convert them first: ${operation}([a, b])`,
  });
}
