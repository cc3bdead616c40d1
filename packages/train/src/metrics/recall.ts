import { type ClassCounts, ClassScore, type CountFraction } from './class-score.ts';

/**
 * Of what is of a class, the share that was answered with it: `TP / (TP + FN)`, as `recall_score` of scikit-learn. With the
 * average 'macro' it is the balanced accuracy.
 *
 * @example
 * const recall = new Recall();
 * recall.update(tensor([1, 0, 1, 0]).to('int32'), tensor([1, 1, 1, 1]));
 * recall.compute().item(); // 0.5
 */
export class Recall extends ClassScore {
  protected fraction({ hits, actual }: ClassCounts): CountFraction {
    return { numerator: hits, denominator: actual };
  }
}
