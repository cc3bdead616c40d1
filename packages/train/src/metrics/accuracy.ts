import type { Tensor } from '@gradtape/autograd';
import { addTo, clear, type Metric, sumOf } from './metric.ts';
import { type PredictionOptions, predictionsOf } from './predictions.ts';

/**
 * The share of right answers. NaN as long as nothing came.
 *
 * @example
 * const accuracy = new Accuracy();
 * accuracy.update(tensor([[2, 1], [0, 3], [5, 4]]), tensor([0, 1, 1], { dtype: 'int32' }));
 * accuracy.update(tensor([0.9, 0.2]), tensor([1, 0]));
 * accuracy.compute().item(); // 0.8
 */
export class Accuracy implements Metric {
  readonly #options: PredictionOptions;
  readonly #right = sumOf('int32');
  readonly #all = sumOf('int32');

  constructor(options: PredictionOptions = {}) {
    this.#options = options;
  }

  /**
   * @param output - scores `[N, classes, …]`, of which the largest answers; or as the targets: classes (int32, bool), or scores
   * of class 1, held against the threshold.
   * @param target - classes `[N, …]`.
   * @throws GradtapeError for shapes that do not belong together.
   */
  update(output: Tensor, target: Tensor): void {
    const { predicted, target: classes, counted } = predictionsOf('Accuracy', output, target, this.#options);
    addTo(this.#right, predicted.eq(classes).logicalAnd(counted).to('int32').sum());
    addTo(this.#all, counted.to('int32').sum());
  }

  /** `[]` float64. */
  compute(): Tensor {
    return this.#right.value.to('float64').div(this.#all.value.to('float64'));
  }

  reset(): void {
    clear(this.#right);
    clear(this.#all);
  }
}
