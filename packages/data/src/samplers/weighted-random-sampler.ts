import { GradtapeError, Tensor } from '@gradtape/autograd';
import { checkCount } from '../check-count.ts';
import { type SeededOptions, SeededSampler } from './seeded-sampler.ts';

export interface WeightedRandomSamplerOptions extends SeededOptions {
  /** Whether each draw is among all samples. If not, every sample comes at most once. Default: true. */
  readonly replacement?: boolean;
}

/**
 * Draws sample `i` with a probability in proportion to `weights[i]`, each draw by itself; without replacement, in
 * proportion to the weights of those that are left.
 *
 * @example
 * // Two classes, 3 : 1, drawn equally often.
 * const labels = [0, 0, 0, 1];
 * const sampler = new WeightedRandomSampler(labels.map((label) => (label === 0 ? 1 / 3 : 1)), 100);
 * [...sampler].length; // 100
 */
export class WeightedRandomSampler extends SeededSampler<number> {
  readonly weights: Float64Array;
  readonly numSamples: number;
  readonly #replacement: boolean;

  /**
   * @param weights - one for each sample: a list, or a tensor of shape [samples]. They need not sum to 1.
   * @param numSamples - the draws of an epoch.
   * @throws GradtapeError if a weight is negative or not finite, none is positive, or `numSamples` is not a whole number
   * from 1 or, without replacement, more than there are positive weights.
   */
  constructor(
    weights: Tensor | readonly number[],
    numSamples: number,
    { replacement = true, generator }: WeightedRandomSamplerOptions = {},
  ) {
    super(generator);
    this.weights = checkWeights(weights);
    checkCount(
      'WeightedRandomSampler',
      'numSamples',
      numSamples,
      1,
      'pass dataset.length for an epoch of the usual size',
    );
    if (!replacement) checkEnough(numSamples, this.weights.filter((weight) => weight > 0).length);
    this.numSamples = numSamples;
    this.#replacement = replacement;
  }

  get length(): number {
    return this.numSamples;
  }

  protected draw(): Int32Array {
    return this.#replacement ? this.#drawEachAmongAll() : this.#drawEachOnce();
  }

  /** Finds evenly distributed numbers among the running sums. */
  #drawEachAmongAll(): Int32Array {
    let total = 0;
    const sums = this.weights.map((weight) => (total += weight));
    const drawn = this.generator.uniform(new Float64Array(this.numSamples));
    return Int32Array.from(drawn, (share) => firstAbove(sums, share * total));
  }

  /**
   * Samples wait for times that are exponentially distributed with their weights as rates; the first to arrive are drawn.
   * Source: Efraimidis and Spirakis, "Weighted random sampling with a reservoir" (2006).
   */
  #drawEachOnce(): Int32Array {
    const drawn = this.generator.uniform(new Float64Array(this.weights.length));
    const times = drawn.map((share, i) => -Math.log1p(-share) / this.weights[i]);
    const candidates = Int32Array.from(this.weights.keys()).filter((i) => this.weights[i] > 0);
    return candidates.sort((i, j) => times[i] - times[j]).subarray(0, this.numSamples);
  }
}

/** The first place whose running sum is above a number: never one of weight 0. */
function firstAbove(sums: Float64Array, number: number): number {
  let [low, high] = [0, sums.length - 1];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (sums[middle] > number) high = middle;
    else low = middle + 1;
  }
  return low;
}

function checkWeights(given: Tensor | readonly number[]): Float64Array {
  const weights = Float64Array.from(given instanceof Tensor ? given.toTypedArray() : given);
  const wrong = weights.findIndex((weight) => !(weight >= 0 && weight < Infinity));
  const isList = !(given instanceof Tensor) || given.rank === 1;
  if (isList && wrong < 0 && weights.some((weight) => weight > 0)) return weights;
  const shown = wrong < 0 ? 'no weight above 0' : `weights[${wrong}] = ${weights[wrong]}`;
  throw new GradtapeError('WeightedRandomSampler: the weights are not usable', {
    got: isList ? shown : `a tensor of shape [${given.shape.join(', ')}]`,
    needs: 'one finite number for each sample, 0 or more, at least one of them above 0',
    fix: 'to draw classes equally often, weigh each sample by 1 / the number of samples of its class',
  });
}

function checkEnough(numSamples: number, positive: number): void {
  if (numSamples <= positive) return;
  throw new GradtapeError('WeightedRandomSampler: there are not as many samples to draw', {
    got: `numSamples = ${numSamples} without replacement, and ${positive} weights above 0`,
    needs: `at most ${positive}: each sample comes at most once`,
    fix: 'draw fewer, or with { replacement: true }',
  });
}
