import { GradtapeError, isFloating, isTracing, type Tensor, where } from '@gradtape/autograd';

/** How outputs and targets become classes. */
export interface PredictionOptions {
  /** From which score on the answer is class 1, where there is one score for each target. 0.5 suits probabilities, 0 logits. Default: 0.5. */
  readonly threshold?: number;
  /** A target that is left out of the count, such as that of padding. Default: none. */
  readonly ignoreIndex?: number;
}

/** The classes of a batch, `[N]` each. */
export interface Predictions {
  /** int32. */
  readonly predicted: Tensor;
  /** int32. */
  readonly target: Tensor;
  /** bool: which targets are not to be ignored. */
  readonly counted: Tensor;
}

/**
 * The classes that outputs stand for, beside the targets, both flattened.
 *
 * @param output - scores of each class `[N, classes, …]`, of which the largest answers, or as the targets `[N, …]`: whole
 * numbers are classes, floating ones are scores of class 1.
 * @param target - classes `[N, …]`, of any dtype.
 */
export function predictionsOf(
  operation: string,
  output: Tensor,
  target: Tensor,
  { threshold = 0.5, ignoreIndex }: PredictionOptions,
): Predictions {
  const classes = target.detach().to('int32').flatten();
  return {
    predicted: answersOf(operation, output.detach(), target, threshold).flatten(),
    target: classes,
    counted: countedAmong(classes, ignoreIndex),
  };
}

/** Which of these classes are not to be ignored. */
export function countedAmong(classes: Tensor, ignoreIndex: number | undefined): Tensor {
  return ignoreIndex === undefined ? classes.eq(classes) : classes.ne(ignoreIndex);
}

function answersOf(operation: string, output: Tensor, target: Tensor, threshold: number): Tensor {
  if (sameShape(output.shape, target.shape)) {
    return isFloating(output.dtype) ? output.ge(threshold).to('int32') : output.to('int32');
  }
  const [batch, , ...rest] = output.shape;
  if (output.rank >= 2 && output.shape[1] > 0 && sameShape([batch, ...rest], target.shape)) return output.argmax(1);
  throw new GradtapeError(`${operation}: outputs and targets do not belong together`, {
    got: `outputs ${shown(output)}, targets ${shown(target)}`,
    needs: 'scores [N, classes, …] with classes [N, …], or both of the same shape',
    fix: 'targets are numbers of classes: of one-hot rows take target.argmax(1); of scores [N, 1] take output.squeeze(1)',
  });
}

/** Throws if a class is not one of those that there are. A compiled step cannot look: there, such a class is not counted. */
export function checkClasses(operation: string, { predicted, target, counted }: Predictions, classes: number): void {
  if (isTracing() || target.length === 0) return;
  for (const [what, labels] of [
    ['target', target],
    ['prediction', predicted],
  ] as const) {
    const kept = where(counted, labels, 0);
    const [least, most] = [kept.amin().item(), kept.amax().item()];
    if (least >= 0 && most < classes) continue;
    throw new GradtapeError(`${operation}: a ${what} is no class`, {
      got: `${what} ${least < 0 ? least : most}`,
      needs: `a whole number from 0 to ${classes - 1}`,
      fix: 'give { numClasses } all classes, { ignoreIndex } the label of what does not count',
    });
  }
}

export function sameShape(a: readonly number[], b: readonly number[]): boolean {
  return a.length === b.length && a.every((size, d) => size === b[d]);
}

export function shown(x: Tensor): string {
  return `[${x.shape.join(', ')}] ${x.dtype}`;
}
