import { constant } from '../core/allocate.ts';
import { fail } from '../core/errors.ts';
import { sameShape, showShape } from '../core/shape.ts';
import { Tensor } from '../core/tensor.ts';
import { gatherAlong } from '../primitives/linear/gather.ts';
import { placesInSorted } from '../primitives/piecewise/searchsorted.ts';
import { checkWhole } from './check-dtype.ts';

export interface SearchOptions {
  /** Of places between equal numbers the last, rather than the first. Default: false. */
  readonly right?: boolean;
}

export interface SearchSortedOptions extends SearchOptions {
  /** The same as `right`, in words. Default: `'left'`, or what `right` says. */
  readonly side?: 'left' | 'right' | null;
  /** Indices that sort the last dim, as `argsort` gives them, where the numbers are not sorted. dtype int32. */
  readonly sorter?: Tensor | null;
}

/**
 * Where values belong in lines of rising numbers, so that these stay sorted: `i` with `sorted[i - 1] < v ≤ sorted[i]`, or
 * from the right `sorted[i - 1] ≤ v < sorted[i]`. NaN counts as the largest. No derivative passes.
 *
 * @param sorted `[…, size]`, rising along the last dim; or one line `[size]` for all values.
 * @param values A number, or a tensor `[…, count]` with the same leading dims; any tensor for one line.
 * @returns dtype int32, of the shape of `values`.
 * @throws GradtapeError if the leading dims differ, the sorter does not fit, or `side` contradicts `right`.
 * @example
 * searchsorted(tensor([1, 3, 5]), tensor([0, 3, 6])); // [0, 1, 3]
 * searchsorted(tensor([1, 3, 5]), 3, { right: true }); // 2
 */
export function searchsorted(sorted: Tensor, values: Tensor | number, options: SearchSortedOptions = {}): Tensor {
  const { side = null, sorter = null, right = side === 'right' } = options;
  if (side !== null && (side === 'right') !== right) {
    fail('searchsorted: side contradicts right', {
      got: `side '${side}' and right ${right}`,
      needs: 'one of them, or both alike',
      fix: `leave out right: { side: '${side}' }`,
    });
  }
  if (sorter === null) return search('searchsorted', sorted, values, right);
  checkWhole('searchsorted', sorter);
  if (!sameShape(sorter.shape, sorted.shape)) {
    fail('searchsorted: the sorter does not fit', {
      got: `a sorter of shape ${showShape(sorter.shape)} for numbers of shape ${showShape(sorted.shape)}`,
      needs: showShape(sorted.shape),
      fix: 'argsort(x) gives one',
    });
  }
  return search('searchsorted', gatherAlong(sorted, sorted.rank - 1, sorter), values, right);
}

/**
 * The bucket of each value, between boundaries that rise: `i` with `boundaries[i - 1] < v ≤ boundaries[i]`, or from the
 * right `boundaries[i - 1] ≤ v < boundaries[i]`. No derivative passes.
 *
 * @param x A number, or a tensor of any shape.
 * @param boundaries `[size]`, rising.
 * @returns dtype int32, of the shape of `x`: 0 before the first boundary, `size` after the last.
 * @throws GradtapeError if the boundaries have not one dim.
 * @example
 * bucketize(tensor([0, 3, 6]), tensor([1, 3, 5])); // [0, 1, 3]
 */
export function bucketize(x: Tensor | number, boundaries: Tensor, { right = false }: SearchOptions = {}): Tensor {
  if (boundaries.rank !== 1) {
    fail('bucketize: the boundaries are not a list', {
      got: `shape ${showShape(boundaries.shape)}`,
      needs: 'one dim',
      fix: 'searchsorted takes a list of boundaries for each line',
    });
  }
  return search('bucketize', boundaries, x, right);
}

function search(operation: string, sorted: Tensor, values: Tensor | number, right: boolean): Tensor {
  const wanted = values instanceof Tensor ? values : constant(values, [], 'float64');
  const lines = (x: Tensor): readonly number[] => x.shape.slice(0, -1);
  const paired = sorted.rank > 1 && wanted.rank === sorted.rank && sameShape(lines(sorted), lines(wanted));
  if (sorted.rank !== 1 && !paired) {
    fail(`${operation}: the lines do not pair up`, {
      got: `numbers of shape ${showShape(sorted.shape)}, values of shape ${showShape(wanted.shape)}`,
      needs: 'one line of numbers, or equal sizes in all dims but the last',
      fix: 'give one line of sorted numbers for each line of values',
    });
  }
  return placesInSorted(sorted, wanted, right);
}
