import { type ClassCounts, ClassScore, type CountFraction } from './class-score.ts';

/**
 * Of what was answered with a class, the share that is of it: `TP / (TP + FP)`, as `precision_score` of scikit-learn.
 *
 * @example
 * const precision = new Precision();
 * precision.update(tensor([1, 1, 1, 0]).to('int32'), tensor([1, 0, 1, 1]));
 * precision.compute().item(); // 0.66667
 */
export class Precision extends ClassScore {
  protected fraction({ hits, predicted }: ClassCounts): CountFraction {
    return { numerator: hits, denominator: predicted };
  }
}
