import { type Tensor, trapezoid } from '@gradtape/autograd';
import type { Metric } from './metric.ts';
import { ROC } from './roc.ts';

/**
 * The area under the receiver operating characteristic: the probability that of one sample of each class that of class 1 has the higher
 * score, where a tie counts half. As `roc_auc_score` of scikit-learn for two classes; NaN as long as one of them has not
 * come. It keeps every score, as `ROC` does.
 *
 * @example
 * const area = new AUROC();
 * area.update(tensor([0.1, 0.4, 0.35, 0.8]), tensor([0, 0, 1, 1]));
 * area.compute().item(); // 0.75
 */
export class AUROC implements Metric {
  readonly #roc = new ROC({ dropIntermediate: false }, 'AUROC');

  /** As `update` of {@link ROC}. */
  update(scores: Tensor, target: Tensor): void {
    this.#roc.update(scores, target);
  }

  /** `[]` float64. */
  compute(): Tensor {
    const { falsePositiveRate, truePositiveRate } = this.#roc.compute();
    // 1, or NaN where a class has not come.
    const end = truePositiveRate.select(0, -1).mul(falsePositiveRate.select(0, -1));
    return trapezoid(truePositiveRate, falsePositiveRate).mul(end);
  }

  reset(): void {
    this.#roc.reset();
  }
}
