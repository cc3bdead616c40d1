import { GradtapeError, ones, Tensor } from '@gradtape/autograd';
import { addTo, clear, type Metric, sumOf } from './metric.ts';
import { sameShape, shown } from './predictions.ts';

/**
 * The mean of all entries that came, each with its weight: of losses, for instance, by the sizes of their batches. Sums are
 * float64. NaN as long as nothing came.
 *
 * @example
 * const mean = new Mean();
 * mean.update(tensor(0.5), 30);
 * mean.update(tensor(1.5), 10);
 * mean.compute().item(); // 0.75
 */
export class Mean implements Metric {
  readonly #sum = sumOf('float64');
  readonly #weight = sumOf('float64');

  /**
   * @param values - of any shape.
   * @param weight - of every entry, or one for each: of the shape of the values.
   * @throws GradtapeError for weights of another shape.
   */
  update(values: Tensor, weight: number | Tensor = 1): void {
    const entries = values.detach().to('float64');
    if (weight instanceof Tensor && weight.rank > 0 && !sameShape(weight.shape, values.shape)) {
      throw new GradtapeError('Mean: weights and values do not belong together', {
        got: `values ${shown(values)}, weights ${shown(weight)}`,
        needs: 'one weight, or one for each value',
        fix: 'give weights the shape of the values: weight.expand(values.shape)',
      });
    }
    const weights = ones(values.shape, { dtype: 'float64' }).mul(
      weight instanceof Tensor ? weight.detach().to('float64') : weight,
    );
    addTo(this.#sum, entries.mul(weights).sum());
    addTo(this.#weight, weights.sum());
  }

  /** `[]` float64. */
  compute(): Tensor {
    return this.#sum.value.div(this.#weight.value);
  }

  reset(): void {
    clear(this.#sum);
    clear(this.#weight);
  }
}
