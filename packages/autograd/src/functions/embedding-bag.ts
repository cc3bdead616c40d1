import { constant } from '../core/allocate.ts';
import { fail } from '../core/errors.ts';
import { type Shape, sameShape, showShape } from '../core/shape.ts';
import type { Tensor } from '../core/tensor.ts';
import { mul } from '../primitives/bilinear/mul.ts';
import { sub } from '../primitives/linear/arithmetic.ts';
import { concatAlong } from '../primitives/linear/concat.ts';
import { acrossDims, gatherAlong, scatterAddZeros } from '../primitives/linear/gather.ts';
import { reshape } from '../primitives/linear/reshape.ts';
import { broadcastTo } from '../primitives/linear/sum.ts';
import { where } from '../primitives/linear/where.ts';
import { eq, logicalAnd, logicalOr, ne } from '../primitives/piecewise/comparison.ts';
import { maximum } from '../primitives/piecewise/kinked.ts';
import { scatterLargest, scatterSmallest } from '../primitives/piecewise/scatter-reductions.ts';
import { placesInSorted } from '../primitives/piecewise/searchsorted.ts';
import { div } from '../primitives/smooth/division.ts';
import { detach } from '../tape/leaf.ts';
import { isTracing } from '../tape/observer.ts';
import { checkWhole } from './check-dtype.ts';
import { arange } from './creation.ts';
import { type EmbeddingOptions, embedding } from './embedding.ts';
import { narrow, wholeIndex } from './movement.ts';

export interface EmbeddingBagOptions extends EmbeddingOptions {
  /** What becomes of the rows of a bag; of none, zeros. Default: `mean`. */
  readonly mode?: 'sum' | 'mean' | 'max';
  /** A factor for each row that is looked up, of the shape of the indices; only for the mode `sum`. */
  readonly perSampleWeights?: Tensor | null;
  /** Whether the last offset is the end of the last bag, and not the start of another. Default: false. */
  readonly includeLastOffset?: boolean;
}

/**
 * Bags of rows of a table, each reduced to one row: {@link embedding} and a sum, mean or maximum, without the rows between
 * them being kept for each place. Indices equal to `paddingIdx` do not count. Of rows that are equally large, the maximum
 * gives its derivative to the first.
 *
 * @param indices dtype int32: `[bags, size]`, or `[count]` for bags of different sizes, one after the other.
 * @param weight `[rows, features]`.
 * @param offsets dtype int32, `[bags]`: where each bag starts in the list, rising from 0. Only for `[count]`.
 * @returns `[bags, features]`.
 * @throws GradtapeError if shapes or dtypes do not fit, an index is out of range, offsets do not rise from 0 (compiled, they
 *   are not looked at), there is no such mode, or options do not combine.
 * @example
 * const indices = tensor([0, 2, 1], { dtype: 'int32' });
 * const weight = tensor([[1, 2], [3, 4], [5, 6]]);
 * embeddingBag(indices, weight, tensor([0, 2], { dtype: 'int32' }), { mode: 'sum' }); // [[6, 8], [3, 4]]
 */
export function embeddingBag(
  indices: Tensor,
  weight: Tensor,
  offsets: Tensor | null = null,
  options: EmbeddingBagOptions = {},
): Tensor {
  const { mode = 'mean', paddingIdx = null, scaleGradByFreq = false, perSampleWeights = null } = options;
  checkWhole('embeddingBag', indices);
  checkTable(weight);
  checkMode(mode, options);
  if (perSampleWeights) checkWeights(indices, weight, perSampleWeights);
  const bags = bagsOf(indices, offsets, options.includeLastOffset ?? false);
  const list = reshape(indices, [indices.length]);
  const found = embedding(list, weight, { scaleGradByFreq });
  const rows = perSampleWeights ? mul<Tensor, Tensor>(found, reshape(perSampleWeights, [list.length, 1])) : found;
  const counts =
    paddingIdx === null ? null : ne(list, wholeIndex('embeddingBag: paddingIdx', paddingIdx, weight.shape[0], 0));
  return mode === 'max' ? largestOf(rows, counts, bags) : sumOf(rows, counts, bags, mode);
}

/** Which bag each place belongs to; those of the last one do not count. */
interface Bags {
  readonly count: number;
  /** `[places]`, from 0 to `count`. */
  readonly ofPlaces: Tensor;
}

function bagsOf(indices: Tensor, offsets: Tensor | null, includeLast: boolean): Bags {
  if (indices.rank === 2) {
    if (offsets !== null) failOnOffsets(indices, offsets);
    const [count, size] = indices.shape;
    const numbers = reshape(arange(0, count, 1, { dtype: 'int32' }), [count, 1]);
    return { count, ofPlaces: reshape(broadcastTo(numbers, [count, size]), [count * size]) };
  }
  if (indices.rank !== 1 || offsets?.rank !== 1) return failOnOffsets(indices, offsets);
  checkWhole('embeddingBag', offsets);
  const count = offsets.length - (includeLast ? 1 : 0);
  if (!isTracing()) checkRising(offsets, indices.length, count);
  const places = arange(0, indices.length, 1, { dtype: 'int32' });
  return { count, ofPlaces: sub(placesInSorted(offsets, places, true), 1) };
}

/** Reduced in one bag more than there are, for what does not count. */
function reduced({ count }: Bags, features: number, reduce: (shape: Shape) => Tensor): Tensor {
  return narrow(reduce([count + 1, features]), 0, 0, count);
}

function sumOf(rows: Tensor, counts: Tensor | null, bags: Bags, mode: 'sum' | 'mean'): Tensor {
  const { ofPlaces } = bags;
  const sumInBags = (x: Tensor): Tensor => {
    const counted = counts === null ? x : where(column(counts), x, 0);
    return reduced(bags, x.shape[1], (shape) => scatterAddZeros(counted, acrossDims(ofPlaces, 0, x.shape), 0, shape));
  };
  const sums = sumInBags(rows);
  if (mode === 'sum') return sums;
  const sizes = sumInBags(constant(1, [ofPlaces.length, 1], rows.dtype));
  return div<Tensor, Tensor>(sums, maximum(sizes, 1));
}

/** The largest entries of the rows of each bag: first which, then these. */
function largestOf(rows: Tensor, counts: Tensor | null, bags: Bags): Tensor {
  const [places, features] = rows.shape;
  const inBags = acrossDims(bags.ofPlaces, 0, rows.shape);
  const candidates = counts === null ? detach(rows) : where(column(counts), detach(rows), -Infinity);
  const shape = [bags.count + 1, features];
  const largest = scatterLargest(constant(-Infinity, shape, rows.dtype), candidates, inBags, 0);
  const isLargest = logicalOr(eq(candidates, gatherAlong(largest, 0, inBags)), ne(candidates, candidates));
  const isOne = counts === null ? isLargest : logicalAnd(isLargest, column(counts));
  const numbers = broadcastTo(column(arange(0, places, 1, { dtype: 'int32' })), rows.shape);
  const first = reduced(bags, features, () =>
    scatterSmallest(constant(places, shape, 'int32'), where(isOne, numbers, places), inBags, 0),
  );
  const withZeros = concatAlong([rows, constant(0, [1, features], rows.dtype)], 0);
  return gatherAlong(withZeros, 0, first);
}

function column(x: Tensor): Tensor {
  return reshape(x, [x.length, 1]);
}

function checkTable({ shape }: Tensor): void {
  if (shape.length === 2) return;
  fail('embeddingBag: the weight is not a table', {
    got: `shape ${showShape(shape)}`,
    needs: '[rows, features]',
    fix: 'the indices come first: embeddingBag(indices, weight, offsets)',
  });
}

function checkMode(mode: string, { perSampleWeights, scaleGradByFreq }: EmbeddingBagOptions): void {
  if (!['sum', 'mean', 'max'].includes(mode)) {
    fail('embeddingBag: no such mode', {
      got: `mode '${mode}'`,
      needs: "'sum', 'mean' or 'max'",
      fix: 'leave it out for the mean',
    });
  }
  if (perSampleWeights && mode !== 'sum') {
    fail('embeddingBag: weights of samples are for sums', {
      got: `perSampleWeights with the mode '${mode}'`,
      needs: "the mode 'sum'",
      fix: "a weighted mean is the mode 'sum' with weights that add up to 1",
    });
  }
  if (scaleGradByFreq && mode === 'max') {
    fail('embeddingBag: the derivative of a maximum is not divided by frequencies', {
      got: "scaleGradByFreq with the mode 'max'",
      needs: "the mode 'sum' or 'mean'",
      fix: 'leave out scaleGradByFreq',
    });
  }
}

function checkWeights(indices: Tensor, { dtype }: Tensor, weights: Tensor): void {
  if (sameShape(weights.shape, indices.shape) && weights.dtype === dtype) return;
  fail('embeddingBag: perSampleWeights do not fit the indices', {
    got: `${showShape(weights.shape)} ${weights.dtype}`,
    needs: `${showShape(indices.shape)} ${dtype}`,
    fix: 'one weight for each index, of the dtype of the table',
  });
}

function failOnOffsets(indices: Tensor, offsets: Tensor | null): never {
  return fail('embeddingBag: these are no bags', {
    got: `indices ${showShape(indices.shape)}, ${offsets === null ? 'no offsets' : `offsets ${showShape(offsets.shape)}`}`,
    needs: 'indices [count] with offsets [bags], or indices [bags, size] without offsets',
    fix: 'offsets say where each bag starts in a list of indices',
  });
}

function checkRising(offsets: Tensor, places: number, bags: number): void {
  const starts = Array.from(offsets.toTypedArray());
  const isRising = starts.every((start, k) => start >= (k === 0 ? 0 : starts[k - 1]) && start <= places);
  if (bags >= 0 && isRising && (starts[0] ?? 0) === 0) return;
  fail('embeddingBag: the offsets do not rise from 0', {
    got: `offsets [${starts.join(', ')}] for ${places} indices`,
    needs: `0 first${bags < 0 ? ' (it may not be left out with includeLastOffset)' : ''}, then numbers that do not fall, up to ${places}`,
    fix: 'add up the sizes of the bags before each',
  });
}
