import { GradtapeError, type Tensor } from '@gradtape/autograd';
import { addTo, clear, type Metric, sumOf } from './metric.ts';
import { countedAmong, type PredictionOptions, shown } from './predictions.ts';

/**
 * The share of targets that are among the `k` classes with the largest scores, where ties are broken as `topk` does. With k = 1
 * it is the accuracy. NaN as long as nothing came.
 *
 * @example
 * const accuracy = new TopKAccuracy(2);
 * accuracy.update(tensor([[0.5, 0.3, 0.2], [0.1, 0.2, 0.7]]), tensor([1, 0], { dtype: 'int32' }));
 * accuracy.compute().item(); // 0.5
 */
export class TopKAccuracy implements Metric {
  readonly k: number;
  readonly #ignoreIndex: number | undefined;
  readonly #right = sumOf('int32');
  readonly #all = sumOf('int32');

  /** @throws GradtapeError unless `k` is a whole number from 1. */
  constructor(k: number, { ignoreIndex }: Pick<PredictionOptions, 'ignoreIndex'> = {}) {
    if (!Number.isInteger(k) || k < 1) failOnK(`k = ${k}`, 'a whole number from 1');
    this.k = k;
    this.#ignoreIndex = ignoreIndex;
  }

  /**
   * @param scores - `[N, classes]`, at least k classes.
   * @param target - classes `[N]`.
   * @throws GradtapeError for other shapes.
   */
  update(scores: Tensor, target: Tensor): void {
    if (scores.rank !== 2 || target.rank !== 1 || scores.shape[0] !== target.length) {
      throw new GradtapeError('TopKAccuracy: scores and targets do not belong together', {
        got: `scores ${shown(scores)}, targets ${shown(target)}`,
        needs: 'scores [N, classes], targets [N]',
        fix: 'flatten what is left of other dims into N: scores.movedim(1, -1).flatten(0, -2)',
      });
    }
    if (scores.shape[1] < this.k) failOnK(`k = ${this.k} of ${scores.shape[1]} classes`, 'at most as many as classes');
    const classes = target.detach().to('int32');
    const counted = countedAmong(classes, this.#ignoreIndex);
    const { indices } = scores.detach().topk(this.k, 1);
    const isAmong = indices.eq(classes.unsqueeze(1)).any(1);
    addTo(this.#right, isAmong.logicalAnd(counted).to('int32').sum());
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

function failOnK(got: string, needs: string): never {
  throw new GradtapeError('TopKAccuracy: k is out of range', { got, needs, fix: 'usual is new TopKAccuracy(5)' });
}
