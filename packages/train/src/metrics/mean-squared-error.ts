import type { Tensor } from '@gradtape/autograd';
import { Mean } from './mean.ts';
import type { Metric } from './metric.ts';
import { regressionPair } from './regression-pair.ts';

export interface MeanSquaredErrorOptions {
  /** The mean itself, or (false) its root. Default: true. */
  readonly squared?: boolean;
}

/**
 * The mean of the squared errors, of all entries alike. NaN as long as nothing came.
 *
 * @example
 * const error = new MeanSquaredError();
 * error.update(tensor([1, 2]), tensor([1, 4]));
 * error.compute().item(); // 2
 */
export class MeanSquaredError implements Metric {
  readonly #mean = new Mean();
  readonly #squared: boolean;

  constructor({ squared = true }: MeanSquaredErrorOptions = {}) {
    this.#squared = squared;
  }

  /** @throws GradtapeError unless predictions and targets have the same shape. */
  update(prediction: Tensor, target: Tensor): void {
    const [y, t] = regressionPair('MeanSquaredError', prediction, target);
    this.#mean.update(y.sub(t).square());
  }

  /** `[]` float64. */
  compute(): Tensor {
    return this.#squared ? this.#mean.compute() : this.#mean.compute().sqrt();
  }

  reset(): void {
    this.#mean.reset();
  }
}
