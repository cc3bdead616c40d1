import { GradtapeError, isTracing, type Tensor, tensor } from '@gradtape/autograd';
import type { Metric } from './metric.ts';
import { sameShape, shown } from './predictions.ts';

interface Scored {
  readonly score: number;
  readonly isPositive: boolean;
}

export interface ROCOptions {
  /** Whether to leave out points on a straight line between others. Default: true. */
  readonly dropIntermediate?: boolean;
}

/** Where a threshold falls: float64 `[points]` each, the highest threshold first. */
export interface ROCCurve {
  /** Of what is of class 0, the share that is answered with 1. NaN if nothing is of class 0. */
  readonly falsePositiveRate: Tensor;
  /** Of what is of class 1, the share that is answered with 1. NaN if nothing is of class 1. */
  readonly truePositiveRate: Tensor;
  /** Class 1 is answered where a score is at least the threshold. The first is Infinity: never. */
  readonly thresholds: Tensor;
}

/**
 * The receiver operating characteristic of scores for two classes, as `roc_curve` of scikit-learn: equal scores cross the threshold
 * together. It keeps every score, and so does not go into a compiled step: return the scores from there.
 *
 * @example
 * const roc = new ROC();
 * roc.update(tensor([0.1, 0.4, 0.35, 0.8]), tensor([0, 0, 1, 1]));
 * const { falsePositiveRate, truePositiveRate, thresholds } = roc.compute();
 * falsePositiveRate; // [0, 0, 0.5, 0.5, 1]
 * truePositiveRate; // [0, 0.5, 0.5, 1, 1]
 * thresholds; // [Infinity, 0.8, 0.4, 0.35, 0.1]
 */
export class ROC implements Metric<ROCCurve> {
  readonly #dropIntermediate: boolean;
  readonly #operation: string;
  #scored: Scored[] = [];

  /** @param operation - what errors call it. */
  constructor({ dropIntermediate = true }: ROCOptions = {}, operation = 'ROC') {
    this.#dropIntermediate = dropIntermediate;
    this.#operation = operation;
  }

  /**
   * @param scores - of class 1: probabilities, logits or any other, of any shape.
   * @param target - 0 or 1, of the same shape.
   * @throws GradtapeError for another shape, another class, a score that is NaN, and within a compiled step.
   */
  update(scores: Tensor, target: Tensor): void {
    if (isTracing()) this.#failOnTracing();
    if (!sameShape(scores.shape, target.shape)) {
      this.#fail('scores and targets do not belong together', {
        got: `scores ${shown(scores)}, targets ${shown(target)}`,
        needs: 'the same shape',
        fix: 'of scores [N, 2] take those of class 1: scores.select(1, 1)',
      });
    }
    const [values, classes] = [scores.detach().toTypedArray(), target.detach().toTypedArray()];
    for (const label of classes) if (label !== 0 && label !== 1) this.#failOnClass(label);
    if (values.some(Number.isNaN)) this.#failOnScore();
    for (const [i, score] of values.entries()) this.#scored.push({ score, isPositive: classes[i] === 1 });
  }

  compute(): ROCCurve {
    const points = pointsOf(this.#scored);
    const kept = this.#dropIntermediate ? corners(points) : points;
    const start: Point = { threshold: Infinity, falsePositives: 0, truePositives: 0 };
    const all = points.at(-1) ?? start;
    const column = (read: (point: Point) => number): Tensor => tensor([start, ...kept].map(read), { dtype: 'float64' });
    return {
      falsePositiveRate: column((point) => point.falsePositives / all.falsePositives),
      truePositiveRate: column((point) => point.truePositives / all.truePositives),
      thresholds: column((point) => point.threshold),
    };
  }

  reset(): void {
    this.#scored = [];
  }

  #fail(what: string, complaint: ConstructorParameters<typeof GradtapeError>[1]): never {
    throw new GradtapeError(`${this.#operation}: ${what}`, complaint);
  }

  #failOnTracing(): never {
    this.#fail('it keeps every score, which a compiled step cannot', {
      got: 'update within a function that is being compiled',
      needs: 'update outside',
      fix: `return the scores from the step, and call update with them`,
    });
  }

  #failOnClass(label: number): never {
    this.#fail('a target is neither 0 nor 1', {
      got: `target ${label}`,
      needs: 'two classes, 0 and 1',
      fix: 'of more classes take one against the rest: update(scores.select(1, k), target.eq(k))',
    });
  }

  #failOnScore(): never {
    this.#fail('a score is not a number', {
      got: 'NaN',
      needs: 'scores that can be ordered',
      fix: 'find where it came from with detectAnomaly(…)',
    });
  }
}

/** How many of each class have at least this score. */
interface Point {
  readonly threshold: number;
  readonly falsePositives: number;
  readonly truePositives: number;
}

/** One for each score that occurs, the highest first. */
function pointsOf(scored: readonly Scored[]): Point[] {
  const sorted = scored.toSorted((a, b) => (a.score === b.score ? 0 : b.score - a.score));
  const points: Point[] = [];
  let [falsePositives, truePositives] = [0, 0];
  for (const [i, { score, isPositive }] of sorted.entries()) {
    if (isPositive) truePositives++;
    else falsePositives++;
    if (score !== sorted[i + 1]?.score) points.push({ threshold: score, falsePositives, truePositives });
  }
  return points;
}

/** Without those points that go on as the one before them: as scikit-learn leaves them out. */
function corners(points: readonly Point[]): Point[] {
  if (points.length <= 2) return [...points];
  return points.filter((point, i) => {
    const [before, after] = [points[i - 1], points[i + 1]];
    if (before === undefined || after === undefined) return true;
    return (
      after.falsePositives - point.falsePositives !== point.falsePositives - before.falsePositives ||
      after.truePositives - point.truePositives !== point.truePositives - before.truePositives
    );
  });
}
