import { GradtapeError, type Tensor, where } from '@gradtape/autograd';
import type { Buffer } from '@gradtape/nn';
import { addTo, clear, type Metric, sumOf } from './metric.ts';
import { shown } from './predictions.ts';
import { regressionPair } from './regression-pair.ts';

const averages = ['uniformAverage', 'rawValues', 'varianceWeighted'] as const;

export interface R2ScoreOptions {
  /** How many outputs each sample has. Default: 1. */
  readonly numOutputs?: number;
  /** The mean of the outputs' scores, one score each, or their mean weighted by the targets' variances. Default: 'uniformAverage'. */
  readonly multioutput?: (typeof averages)[number];
}

/**
 * The coefficient of determination `R² = 1 - Σ (t - y)² / Σ (t - t̄)²`, as `r2_score` of scikit-learn: 1 for exact
 * predictions, 0 for the targets' mean, below 0 for worse. Of targets that do not vary it is 1 if the predictions are
 * exact, and 0 if not. NaN for fewer than two samples.
 *
 * @example
 * const r2 = new R2Score();
 * r2.update(tensor([2.5, 0]), tensor([3, -0.5]));
 * r2.update(tensor([2, 8]), tensor([2, 7]));
 * r2.compute().item(); // 0.9486
 */
export class R2Score implements Metric {
  readonly numOutputs: number;
  readonly #multioutput: (typeof averages)[number];
  readonly #count = sumOf('int32');
  readonly #mean: Buffer;
  /** `Σ (t - t̄)²`. */
  readonly #scatter: Buffer;
  /** `Σ (t - y)²`. */
  readonly #residual: Buffer;

  /** @throws GradtapeError for an option that there is not. */
  constructor({ numOutputs = 1, multioutput = 'uniformAverage' }: R2ScoreOptions = {}) {
    if (!Number.isInteger(numOutputs) || numOutputs < 1 || !averages.includes(multioutput)) {
      throw new GradtapeError('R2Score: an option is out of range', {
        got: `numOutputs = ${numOutputs}, multioutput = '${multioutput}'`,
        needs: `a whole number from 1; ${averages.map((name) => `'${name}'`).join(', ')}`,
        fix: 'new R2Score() for targets [N]; new R2Score({ numOutputs: k }) for targets [N, k]',
      });
    }
    this.numOutputs = numOutputs;
    this.#multioutput = multioutput;
    this.#mean = sumOf('float64', [numOutputs]);
    this.#scatter = sumOf('float64', [numOutputs]);
    this.#residual = sumOf('float64', [numOutputs]);
  }

  /**
   * @param prediction - as the targets.
   * @param target - `[N]` for one output, or `[N, outputs]`.
   * @throws GradtapeError for other shapes.
   */
  update(prediction: Tensor, target: Tensor): void {
    const [y, t] = regressionPair('R2Score', prediction, target).map((x) => this.#columns(x)) as [Tensor, Tensor];
    const count = t.shape[0];
    if (count === 0) return;
    addTo(this.#residual, t.sub(y).square().sum(0));
    // Moments of two parts, joined (Chan, Golub and LeVeque, 1979): sums of squares would lose the digits of large means.
    const mean = t.mean(0);
    const before = this.#count.value.to('float64');
    const difference = mean.sub(this.#mean.value);
    const share = before.add(count).reciprocal().mul(count);
    const within = t.sub(mean).square().sum(0);
    addTo(this.#scatter, difference.square().mul(before).mul(share).add(within));
    addTo(this.#mean, difference.mul(share));
    this.#count.assign(this.#count.value.add(count));
  }

  #columns(x: Tensor): Tensor {
    if (x.rank === 1 && this.numOutputs === 1) return x.unsqueeze(1);
    if (x.rank === 2 && x.shape[1] === this.numOutputs) return x;
    throw new GradtapeError('R2Score: not the shape of its outputs', {
      got: shown(x),
      needs: this.numOutputs === 1 ? '[N] or [N, 1]' : `[N, ${this.numOutputs}]`,
      fix: 'say how many outputs a sample has: new R2Score({ numOutputs })',
    });
  }

  /** `[]`, or `[outputs]` with 'rawValues'; float64. */
  compute(): Tensor {
    const [scatter, residual] = [this.#scatter.value, this.#residual.value];
    const ofConstant = where(residual.eq(0), 1, residual.mul(0));
    const ofVarying = residual.div(scatter).neg().add(1);
    const all = where(scatter.eq(0), ofConstant, ofVarying);
    const scores = where(this.#count.value.lt(2), Number.NaN, all);
    if (this.#multioutput === 'rawValues') return scores;
    if (this.#multioutput === 'uniformAverage') return scores.mean();
    const total = scatter.sum();
    return where(total.eq(0), scores.mean(), scores.mul(scatter).sum().div(total));
  }

  reset(): void {
    for (const sum of [this.#count, this.#mean, this.#scatter, this.#residual]) clear(sum);
  }
}
