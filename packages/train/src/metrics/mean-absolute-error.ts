import type { Tensor } from '@gradtape/autograd';
import { Mean } from './mean.ts';
import type { Metric } from './metric.ts';
import { regressionPair } from './regression-pair.ts';

/**
 * The mean of the errors' absolute values, of all entries alike. NaN as long as nothing came.
 *
 * @example
 * const error = new MeanAbsoluteError();
 * error.update(tensor([1, 2]), tensor([1, 4]));
 * error.compute().item(); // 1
 */
export class MeanAbsoluteError implements Metric {
  readonly #mean = new Mean();

  /** @throws GradtapeError unless predictions and targets have the same shape. */
  update(prediction: Tensor, target: Tensor): void {
    const [y, t] = regressionPair('MeanAbsoluteError', prediction, target);
    this.#mean.update(y.sub(t).abs());
  }

  /** `[]` float64. */
  compute(): Tensor {
    return this.#mean.compute();
  }

  reset(): void {
    this.#mean.reset();
  }
}
