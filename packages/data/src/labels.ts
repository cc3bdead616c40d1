import { GradtapeError, Tensor } from '@gradtape/autograd';

/** The class of each sample: a tensor of shape [samples], or a list. */
export type Labels = Tensor | readonly (number | string | boolean)[];

/** The indices of each class's samples, classes in the order in which they first come. */
export function membersOfClasses(operation: string, labels: Labels): Int32Array[] {
  const members = new Map<number | string | boolean, number[]>();
  listOf(operation, labels).forEach((label, i) => {
    const ofClass = members.get(label);
    if (ofClass === undefined) members.set(label, [i]);
    else ofClass.push(i);
  });
  return Array.from(members.values(), (indices) => Int32Array.from(indices));
}

function listOf(operation: string, labels: Labels): readonly (number | string | boolean)[] {
  if (!(labels instanceof Tensor)) return labels;
  if (labels.rank === 1) return [...labels.toTypedArray()];
  throw new GradtapeError(`${operation}: not one label for each sample`, {
    got: `labels of shape [${labels.shape.join(', ')}]`,
    needs: 'shape [samples]',
    fix: 'of one-hot rows, or of logits, take labels.argmax(1)',
  });
}

/** Throws unless there are as many labels as samples. */
export function checkLabels(operation: string, labels: Labels, samples: number): void {
  if (labels.length === samples) return;
  throw new GradtapeError(`${operation}: the labels are not those of the dataset`, {
    got: `${labels.length} labels and ${samples} samples`,
    needs: 'one label for each sample, in the same order',
    fix: 'take the labels of the same subset',
  });
}
