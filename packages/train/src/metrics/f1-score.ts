import { type ClassCounts, ClassScore, type CountFraction } from './class-score.ts';

/**
 * The harmonic mean of precision and recall: `2 TP / (2 TP + FP + FN)`, as `f1_score` of scikit-learn.
 *
 * @example
 * const f1 = new F1Score({ average: 'none', numClasses: 3 });
 * const [answers, targets] = [tensor([0, 1, 1, 2]), tensor([0, 1, 2, 2])].map((x) => x.to('int32'));
 * f1.update(answers, targets);
 * f1.compute(); // [1, 0.66667, 0.66667]
 */
export class F1Score extends ClassScore {
  protected fraction({ hits, predicted, actual }: ClassCounts): CountFraction {
    return { numerator: hits.mul(2), denominator: predicted.add(actual) };
  }
}
