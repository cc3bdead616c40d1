import { GradtapeError, ones, type Tensor, where, zeros } from '@gradtape/autograd';
import type { Buffer } from '@gradtape/nn';
import { addTo, clear, type Metric, sumOf } from './metric.ts';
import { checkClasses, type PredictionOptions, predictionsOf } from './predictions.ts';

export interface ConfusionMatrixOptions extends PredictionOptions {
  /** How many classes there are. Default: 2. */
  readonly numClasses?: number;
}

/**
 * How often each true class (row) was answered with each class (column). `confusionMatrix` of `@gradtape/plot` draws it.
 *
 * @example
 * const matrix = new ConfusionMatrix({ numClasses: 3 });
 * const [answers, targets] = [tensor([0, 2, 1, 2]), tensor([0, 1, 1, 2])].map((x) => x.to('int32'));
 * matrix.update(answers, targets);
 * matrix.compute(); // [[1, 0, 0], [0, 1, 1], [0, 0, 1]]
 */
export class ConfusionMatrix implements Metric {
  readonly numClasses: number;
  readonly #operation: string;
  readonly #options: PredictionOptions;
  readonly #counts: Buffer;

  /**
   * @param operation - what errors call it.
   * @throws GradtapeError unless there are at least two classes.
   */
  constructor({ numClasses = 2, ...options }: ConfusionMatrixOptions = {}, operation = 'ConfusionMatrix') {
    if (!Number.isInteger(numClasses) || numClasses < 2) {
      throw new GradtapeError(`${operation}: there are not so many classes`, {
        got: `numClasses = ${numClasses}`,
        needs: 'a whole number from 2',
        fix: 'count all classes, also those that never occur; leave it out for two',
      });
    }
    this.numClasses = numClasses;
    this.#operation = operation;
    this.#options = options;
    this.#counts = sumOf('int32', [numClasses, numClasses]);
  }

  /**
   * @param output - scores `[N, classes, …]`, of which the largest answers; or as the targets: classes (int32, bool), or scores
   * of class 1, held against the threshold.
   * @param target - classes `[N, …]`.
   * @throws GradtapeError for shapes that do not belong together, and for classes that there are not (a compiled step
   * cannot look at them, and leaves them out).
   */
  update(output: Tensor, target: Tensor): void {
    const { numClasses } = this;
    const predictions = predictionsOf(this.#operation, output, target, this.#options);
    checkClasses(this.#operation, predictions, numClasses);
    const { predicted, target: classes, counted } = predictions;
    const isClass = (labels: Tensor): Tensor => labels.ge(0).logicalAnd(labels.lt(numClasses));
    const isKept = counted.logicalAnd(isClass(classes)).logicalAnd(isClass(predicted));
    // What is not kept goes into a cell of its own, behind the others.
    const cell = where(isKept, classes.mul(numClasses).add(predicted), numClasses ** 2);
    const counts = zeros([numClasses ** 2 + 1], { dtype: 'int32' });
    const more = counts.scatterAdd(0, cell, ones([cell.length], { dtype: 'int32' }));
    addTo(this.#counts, more.narrow(0, 0, numClasses ** 2).reshape([numClasses, numClasses]));
  }

  /** `[classes, classes]` int32. */
  compute(): Tensor {
    return this.#counts.value;
  }

  reset(): void {
    clear(this.#counts);
  }
}
