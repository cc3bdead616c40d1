import { GradtapeError, type Tensor, where } from '@gradtape/autograd';
import { ConfusionMatrix, type ConfusionMatrixOptions } from './confusion-matrix.ts';
import type { Metric } from './metric.ts';

const averages = ['binary', 'micro', 'macro', 'weighted', 'none'] as const;

/** How the scores of the classes become one. */
export type Average = (typeof averages)[number];

export interface ClassScoreOptions extends ConfusionMatrixOptions {
  /**
   * - `'binary'`: the score of class `positive` alone; of two classes.
   * - `'micro'`: the score of all classes' counts added up.
   * - `'macro'`: the mean of the classes' scores.
   * - `'weighted'`: their mean, weighted by how often each class occurs.
   * - `'none'`: one score for each class.
   *
   * Default: 'binary' for two classes; with more it must be given.
   */
  readonly average?: Average;
  /** The class that 'binary' asks for. Default: 1. */
  readonly positive?: 0 | 1;
  /** The score where there is nothing to divide by; with NaN, means leave the class out. Default: 0. */
  readonly zeroDivision?: number;
}

/** Of a class, or of several added up: float64, of one shape. */
export interface ClassCounts {
  /** Rightly answered with the class. */
  readonly hits: Tensor;
  /** Answered with the class. */
  readonly predicted: Tensor;
  /** Truly of the class. */
  readonly actual: Tensor;
}

/** A fraction of counts. */
export interface CountFraction {
  readonly numerator: Tensor;
  readonly denominator: Tensor;
}

/** A score of each class, computed from a confusion matrix, and averaged as scikit-learn does for `labels` of all classes. */
export abstract class ClassScore implements Metric {
  readonly average: Average;
  readonly #positive: number;
  readonly #zeroDivision: number;
  readonly #confusion: ConfusionMatrix;

  /** @throws GradtapeError for an average that there is not, or that does not go with the number of classes. */
  constructor(options: ClassScoreOptions = {}) {
    const { average, positive = 1, zeroDivision = 0, ...others } = options;
    const operation = this.constructor.name;
    this.#confusion = new ConfusionMatrix(others, operation);
    this.average = checkAverage(operation, average, this.#confusion.numClasses);
    this.#positive = positive;
    this.#zeroDivision = zeroDivision;
  }

  protected abstract fraction(counts: ClassCounts): CountFraction;

  /** As `update` of {@link ConfusionMatrix}. */
  update(output: Tensor, target: Tensor): void {
    this.#confusion.update(output, target);
  }

  /** `[]`, or `[classes]` with the average 'none'; float64. */
  compute(): Tensor {
    const confusion = this.#confusion.compute().to('float64');
    const [hits, predicted, actual] = [confusion.diagonal(), confusion.sum(0), confusion.sum(1)];
    if (this.average === 'micro') {
      return this.#score({ hits: hits.sum(), predicted: predicted.sum(), actual: actual.sum() });
    }
    const scores = this.#score({ hits, predicted, actual });
    switch (this.average) {
      case 'none':
        return scores;
      case 'binary':
        return scores.select(0, this.#positive);
      case 'macro':
        return scores.nanmean();
      case 'weighted':
        return weightedMean(scores, actual);
    }
  }

  reset(): void {
    this.#confusion.reset();
  }

  #score(counts: ClassCounts): Tensor {
    const { numerator, denominator } = this.fraction(counts);
    return where(denominator.eq(0), this.#zeroDivision, numerator.div(denominator));
  }
}

/** Without the scores that are NaN; with equal weights where all are zero. */
function weightedMean(scores: Tensor, weights: Tensor): Tensor {
  const isNumber = scores.isnan().logicalNot();
  const kept = where(isNumber, weights, 0);
  const total = kept.sum();
  const mean = where(isNumber, scores, 0).mul(kept).sum().div(total);
  return where(total.eq(0), scores.nanmean(), mean);
}

function checkAverage(operation: string, average: Average | undefined, numClasses: number): Average {
  const chosen = average ?? 'binary';
  if (!averages.includes(chosen)) {
    throw new GradtapeError(`${operation}: there is no such average`, {
      got: `average = '${chosen}'`,
      needs: averages.map((name) => `'${name}'`).join(', '),
      fix: "'macro' counts every class alike, 'weighted' as often as it occurs",
    });
  }
  if (chosen !== 'binary' || numClasses === 2) return chosen;
  throw new GradtapeError(`${operation}: the average does not go with the classes`, {
    got: `${average === undefined ? 'no average' : "average = 'binary'"}, numClasses = ${numClasses}`,
    needs: "average 'micro', 'macro', 'weighted' or 'none' for more than two classes",
    fix: `new ${operation}({ average: 'macro', numClasses: ${numClasses} })`,
  });
}
