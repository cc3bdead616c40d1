import { constant } from '../core/allocate.ts';
import { fail } from '../core/errors.ts';
import { showShape } from '../core/shape.ts';
import type { Tensor } from '../core/tensor.ts';
import { mul } from '../primitives/bilinear/mul.ts';
import { gatherAlong, scatterAddZeros, takeAlong } from '../primitives/linear/gather.ts';
import { reshape } from '../primitives/linear/reshape.ts';
import { where } from '../primitives/linear/where.ts';
import { eq } from '../primitives/piecewise/comparison.ts';
import { ravelIndices } from '../primitives/piecewise/indices.ts';
import { reciprocal } from '../primitives/smooth/division.ts';
import { detach } from '../tape/leaf.ts';
import { customGrad } from '../transforms/custom-grad.ts';
import { checkWhole } from './check-dtype.ts';
import { wholeIndex } from './movement.ts';
import { amax } from './reductions.ts';

/**
 * Labels as rows of zeros with a one: a new last dim of size `classes`, dtype int32.
 *
 * @param labels dtype int32, any shape, entries from 0 to `classes - 1`.
 * @param classes Default: the largest label and one.
 * @throws GradtapeError if the labels have another dtype or one is out of range.
 * @example
 * oneHot(tensor([2, 0], { dtype: 'int32' }), 3); // [[0, 0, 1], [1, 0, 0]]
 */
export function oneHot(labels: Tensor, classes?: number): Tensor {
  checkWhole('oneHot', labels);
  const count = classes ?? classesIn(labels);
  const lead = labels.shape;
  const counted = { operation: 'oneHot', dim: labels.rank, size: count, fromEnd: false };
  const places = ravelIndices([reshape(labels, [...lead, 1])], [counted]);
  return scatterAddZeros(constant(1, places.shape, 'int32'), places, labels.rank, [...lead, count]);
}

function classesIn(labels: Tensor): number {
  if (labels.length > 0) return amax(labels).item() + 1;
  return fail('oneHot: no labels to count the classes of', {
    got: `labels of shape ${showShape(labels.shape)}`,
    needs: 'the number of classes',
    fix: 'oneHot(labels, classes)',
  });
}

export interface EmbeddingOptions {
  /** A row whose derivative is taken to be zero; negative ones count from the end. Default: none. */
  readonly paddingIdx?: number | null;
  /** Divide the derivative by each row by how often the row was looked up. Default: false. */
  readonly scaleGradByFreq?: boolean;
}

/**
 * Rows of a table: `out[…, :] = weight[indices[…], :]`.
 *
 * @param indices dtype int32, any shape, entries from 0 to `rows - 1`.
 * @param weight Shape `[rows, …]`. The result has shape `[…indices, …]`.
 * @throws GradtapeError if the indices have another dtype or one is out of range.
 */
export function embedding(
  indices: Tensor,
  weight: Tensor,
  { paddingIdx = null, scaleGradByFreq = false }: EmbeddingOptions = {},
): Tensor {
  checkWhole('embedding', indices);
  const [count] = weight.shape;
  if (count === undefined) {
    return fail('embedding: the weight has no rows', {
      got: 'a weight without dims',
      needs: 'shape [rows, features]',
      fix: 'the indices come first: embedding(indices, weight)',
    });
  }
  const counted = { operation: 'embedding', dim: 0, size: count, fromEnd: false };
  const list = ravelIndices([reshape(indices, [indices.length])], [counted]);
  let rows = takeAlong(weight, 0, list);
  const besideRows = (x: Tensor): Tensor => reshape(x, [list.length, ...weight.shape.slice(1).map(() => 1)]);
  if (scaleGradByFreq) {
    const frequency = scatterAddZeros(constant(1, list.shape, weight.dtype), list, 0, [count]);
    rows = scaleDerivative(rows, besideRows(reciprocal(gatherAlong(frequency, 0, list))));
  }
  if (paddingIdx !== null) {
    const padding = eq(list, wholeIndex('embedding: paddingIdx', paddingIdx, count, 0));
    rows = where(besideRows(padding), detach(rows), rows);
  }
  return reshape(rows, [...indices.shape, ...weight.shape.slice(1)]);
}

/** Its first input as it is; the derivative is multiplied by the second. */
const scaleDerivative = customGrad({
  name: 'scaleDerivative',
  keepsNothing: true,
  forward: (x) => x,
  backward: (cotangent, [, factor]) => [mul(cotangent, factor as Tensor), undefined],
});
