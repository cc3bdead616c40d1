import { adopt, constant } from '../../core/allocate.ts';
import { counting } from '../../core/counting.ts';
import { isFloating } from '../../core/dtype.ts';
import { fail } from '../../core/errors.ts';
import { sameShape, showShape } from '../../core/shape.ts';
import type { Tensor } from '../../core/tensor.ts';
import type { Labelling } from '../../kernels/labels.ts';
import { convert } from '../../primitives/linear/convert.ts';
import { pickLabels } from '../../primitives/linear/pick.ts';
import { reshape } from '../../primitives/linear/reshape.ts';
import { broadcastTo } from '../../primitives/linear/sum.ts';
import { detach } from '../../tape/leaf.ts';

/** What losses of PyTorch take as "no label" if nobody says otherwise. */
export const IGNORED = -100;

/** Scores for classes along a dim, and for each sample a label, with size one in that dim. */
export interface LabelledScores {
  readonly scores: Tensor;
  readonly labels: Tensor;
  readonly labelling: Labelling;
}

/** The dim of the classes: the second, or the only one. */
export function dimOfClasses(operation: string, scores: Tensor): number {
  if (scores.rank === 0) {
    fail(`${operation}: scores without a dim of classes`, {
      got: 'an input without dims',
      needs: 'an input [N, C], [N, C, …] or [C]',
      fix: 'the last layer should give one score for each class',
    });
  }
  return scores.rank === 1 ? 0 : 1;
}

/** Brings labels beside scores. Throws unless the labels have the scores' shape without the classes, and dtype int32. */
export function besideScores(operation: string, scores: Tensor, target: Tensor, ignoreIndex: number): LabelledScores {
  const dim = dimOfClasses(operation, scores);
  const needed = scores.shape.filter((_, d) => d !== dim);
  const fits = sameShape(target.shape, needed);
  if (!fits || target.dtype !== 'int32') {
    fail(`${operation}: the target is not of labels for the input`, {
      got: `target ${showShape(target.shape)} ${target.dtype} for input ${showShape(scores.shape)}`,
      needs: `labels ${showShape(needed)} int32, counted from 0`,
      fix: fits ? "tensor(labels, { dtype: 'int32' }), or target.to('int32')" : fixForShape(scores, target, needed),
    });
  }
  const labels = reshape(
    target,
    scores.shape.map((size, d) => (d === dim ? 1 : size)),
  );
  return { scores, labels, labelling: { operation, dim, ignoreIndex } };
}

function fixForShape(scores: Tensor, target: Tensor, needed: readonly number[]): string {
  if (sameShape(target.shape, scores.shape)) {
    return "crossEntropy takes one-hot rows as probabilities: target.to('float32'); labels are their argmax";
  }
  if (target.rank === needed.length + 1 && target.length === needed.reduce((product, size) => product * size, 1)) {
    return `drop the dim of size one: target.reshape(${showShape(needed)})`;
  }
  if (scores.rank > 2 && sameShape(target.shape, scores.shape.slice(0, -1))) {
    return 'the classes are dim 1 of the input: if they are its last, pass input.movedim(-1, 1)';
  }
  return 'one label for each sample; the classes are dim 1 of the input (dim 0 if it has only one)';
}

/** The score of each label, with size one in the dim of the classes; 0 where the label is ignored. */
export function scoresOfLabels({ scores, labels, labelling }: LabelledScores): Tensor {
  return pickLabels(scores, labels, labelling);
}

/** The weight of each label: that of its class, or 1; 0 where the label is ignored. A constant to derivatives. */
export function weightsOfLabels({ scores, labels, labelling }: LabelledScores, weight?: Tensor | null): Tensor {
  const { shape, dtype } = scores;
  const each = weight
    ? broadcastTo(alongClasses(labelling.operation, scores, labelling.dim, weight), shape)
    : constant(1, shape, dtype);
  return pickLabels(each, labels, labelling);
}

/** A weight for each class, so that it broadcasts with the scores. Throws unless it has one entry for each. */
export function alongClasses(operation: string, scores: Tensor, dim: number, weight: Tensor): Tensor {
  const classes = scores.shape[dim];
  if (weight.rank !== 1 || weight.length !== classes || !isFloating(weight.dtype)) {
    fail(`${operation}: the weight does not fit the classes`, {
      got: `weight ${showShape(weight.shape)} ${weight.dtype} for ${classes} classes`,
      needs: `[${classes}] of a floating dtype: a factor for each class`,
      fix: 'the classes are dim 1 of the input (dim 0 if it has only one)',
    });
  }
  const inScoresDType = weight.dtype === scores.dtype ? detach(weight) : convert(detach(weight), scores.dtype);
  return reshape(inScoresDType, shapeAlong(scores, dim));
}

/** The numbers of the classes, so that they broadcast with the scores. */
export function classNumbers(scores: Tensor, dim: number): Tensor {
  const numbers = Int32Array.from({ length: scores.shape[dim] }, (_, i) => i);
  return convert(counting(adopt(numbers, shapeAlong(scores, dim), 'int32'), dim), scores.dtype);
}

function shapeAlong(scores: Tensor, dim: number): readonly number[] {
  return scores.shape.map((size, d) => (d === dim ? size : 1));
}
