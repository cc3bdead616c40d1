import { adopt } from '../core/allocate.ts';
import { fail } from '../core/errors.ts';
import { checkShape, normalizeDim, type Shape, showShape } from '../core/shape.ts';
import { Tensor } from '../core/tensor.ts';
import { takeAlong } from '../primitives/linear/gather.ts';
import { reshape } from '../primitives/linear/reshape.ts';
import { broadcastTo } from '../primitives/linear/sum.ts';
import { checkWhole } from './check-dtype.ts';
import { flatten } from './movement.ts';

/** Repeated to larger sizes without copying: dims of size one stretch, new ones come first, -1 keeps a size. */
export function expand(x: Tensor, sizes: Shape): Tensor {
  const added = sizes.length - x.rank;
  const shape = sizes.map((size, d) => (size === -1 ? (x.shape[d - added] ?? -1) : size));
  const fits =
    added >= 0 &&
    shape.every((size, d) => size >= 0 && (d < added || x.shape[d - added] === 1 || x.shape[d - added] === size));
  if (!fits) {
    fail('expand: the sizes cannot be reached by repeating', {
      got: `${showShape(x.shape)} to ${showShape(sizes)}`,
      needs: 'equal sizes, except where the tensor has 1 or no dim',
      fix: 'unsqueeze the tensor where the new dim belongs, or use repeat',
    });
  }
  return broadcastTo(x, shape);
}

/** Laid side by side `repeats[d]` times along each dim; new dims come first. Copies. */
export function repeat(x: Tensor, repeats: Shape): Tensor {
  const times = checkShape('repeat', repeats);
  if (times.length < x.rank) {
    fail('repeat: too few numbers', {
      got: `${showShape(times)} for shape ${showShape(x.shape)}`,
      needs: `one for each of the ${x.rank} dims`,
      fix: 'write 1 for a dim that is not repeated',
    });
  }
  const sizes = [...new Array<number>(times.length - x.rank).fill(1), ...x.shape];
  const split = reshape(
    x,
    sizes.flatMap((size) => [1, size]),
  );
  const tiled = broadcastTo(
    split,
    sizes.flatMap((size, d) => [times[d] as number, size]),
  );
  return reshape(
    tiled,
    sizes.map((size, d) => size * (times[d] as number)),
  );
}

/**
 * {@link repeat} with as few numbers as wanted: they count for the last dims, and for the others 1.
 *
 * @throws GradtapeError if a number is no whole number from 0.
 * @example
 * tile(tensor([1, 2]), [2]); // [1, 2, 1, 2]
 */
export function tile(x: Tensor, repeats: Shape): Tensor {
  return repeat(x, [...new Array<number>(Math.max(0, x.rank - repeats.length)).fill(1), ...repeats]);
}

/**
 * Every entry of a dim several times in a row: `[a, b]` becomes `[a, a, b, b]`.
 *
 * @param repeats How often; or for each index of the dim how often, dtype int32: then the size depends on the values, so
 *   that no program can hold it.
 * @param dim Default: all entries as one line.
 * @throws GradtapeError if a number is no whole number from 0, or there is not one for each index of the dim.
 * @example
 * repeatInterleave(tensor([1, 2]), 2); // [1, 1, 2, 2]
 * repeatInterleave(tensor([1, 2]), tensor([1, 3], { dtype: 'int32' })); // [1, 2, 2, 2]
 */
export function repeatInterleave(x: Tensor, repeats: Tensor | number, dim?: number | null): Tensor {
  if (dim === undefined || dim === null) return repeatInterleave(flatten(x), repeats, 0);
  const d = normalizeDim('repeatInterleave', dim, x.rank);
  if (repeats instanceof Tensor) return takeAlong(x, d, repeatedPlaces(repeats, x.shape[d]));
  checkShape('repeatInterleave', [repeats]);
  const split = reshape(x, [...x.shape.slice(0, d + 1), 1, ...x.shape.slice(d + 1)]);
  const wide = broadcastTo(split, [...x.shape.slice(0, d + 1), repeats, ...x.shape.slice(d + 1)]);
  return reshape(
    wide,
    x.shape.map((size, k) => (k === d ? size * repeats : size)),
  );
}

/** Every index of a dim as often as a list says. */
function repeatedPlaces(repeats: Tensor, size: number): Tensor {
  checkWhole('repeatInterleave', repeats);
  const list = [...repeats.toTypedArray()];
  const each = list.length === 1 ? new Array<number>(size).fill(list[0]) : list;
  if (repeats.rank > 1 || each.length !== size || each.some((count) => count < 0)) {
    fail('repeatInterleave: the numbers do not fit', {
      got: `numbers of shape ${showShape(repeats.shape)} for a dim of size ${size}`,
      needs: `one number, or ${size}, from 0`,
      fix: 'name the dim; without one the tensor is one line',
    });
  }
  const places = each.flatMap((count, i) => new Array<number>(count).fill(i));
  return adopt(Int32Array.from(places), [places.length]);
}
