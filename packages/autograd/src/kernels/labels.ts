import { allocate } from '../core/allocate.ts';
import { fail } from '../core/errors.ts';
import type { Shape } from '../core/shape.ts';
import type { Tensor } from '../core/tensor.ts';
import { inReadingOrder } from './copy.ts';
import { gatherEntries, scatterSum } from './index-entries.ts';

/** How labels are read: which dim of the scores they count, and the label that stands for none. */
export interface Labelling {
  /** Who reads them, for errors. */
  readonly operation: string;
  readonly dim: number;
  readonly ignoreIndex: number;
}

/** The score of each label, 0 where it is ignored. The labels have the scores' shape, but for size one in `dim`. */
export function pickEntries(scores: Tensor, labels: Tensor, labelling: Labelling): Tensor {
  const { indices, ignored } = readLabels(labels, scores.shape[labelling.dim], labelling);
  return without(gatherEntries(scores, labelling.dim, indices), ignored);
}

/** Zeros of `shape`, with each entry of `x` at its label: the transpose of {@link pickEntries}. */
export function placeEntries(x: Tensor, labels: Tensor, shape: Shape, labelling: Labelling): Tensor {
  const { indices, ignored } = readLabels(labels, shape[labelling.dim], labelling);
  return scatterSum(without(x, ignored), indices, labelling.dim, shape);
}

/** Throws where a label is neither a class nor the one that is ignored. */
export function checkLabels(labels: Tensor, classes: number, labelling: Labelling): void {
  readLabels(labels, classes, labelling);
}

/** The labels with 0 for those that are ignored, and where those stand. */
function readLabels(
  labels: Tensor,
  classes: number,
  { operation, ignoreIndex }: Labelling,
): { indices: Tensor; ignored: readonly number[] } {
  const { storage, offset } = inReadingOrder(labels);
  const indices = allocate(labels.shape, 'int32');
  const ignored: number[] = [];
  for (let i = 0; i < indices.length; i++) {
    const label = storage[offset + i];
    if (label === ignoreIndex) ignored.push(i);
    else if (label >= 0 && label < classes) indices.storage[indices.offset + i] = label;
    else failOnLabel(operation, label, i, classes);
  }
  return { indices, ignored };
}

function failOnLabel(operation: string, label: number, i: number, classes: number): never {
  return fail(`${operation}: a label is out of range`, {
    got: `label ${label} (entry ${i} of the target) for ${classes} classes`,
    needs: classes === 0 ? 'at least one class' : `labels 0 to ${classes - 1}`,
    fix:
      label === classes
        ? 'count the classes from 0, or give the last layer one more output'
        : `check the number of outputs of the last layer; { ignoreIndex: ${label} } leaves such samples out`,
  });
}

/** A copy with zeros at some places in reading order; the tensor itself where there are none. */
function without(x: Tensor, places: readonly number[]): Tensor {
  if (places.length === 0) return x;
  const out = allocate(x.shape, x.dtype);
  out.storage.set(inReadingOrder(x).toTypedArray(), out.offset);
  for (const place of places) out.storage[out.offset + place] = 0;
  return out;
}
