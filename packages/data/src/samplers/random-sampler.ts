import { GradtapeError } from '@gradtape/autograd';
import { checkCount } from '../check-count.ts';
import { type SeededOptions, SeededSampler } from './seeded-sampler.ts';

export interface RandomSamplerOptions extends SeededOptions {
  /** Whether each draw is among all samples, so that some come several times and others never. Default: false. */
  readonly replacement?: boolean;
  /** The draws of an epoch. More than there are samples: one order after the other. Default: as many as there are samples. */
  readonly numSamples?: number;
}

/**
 * The samples in random order, a new one each epoch, each exactly as likely.
 *
 * @example
 * const twice = new RandomSampler(new TensorDataset(tensor([5, 6, 7])), { numSamples: 6 });
 * [...twice].sort(); // [0, 0, 1, 1, 2, 2]
 */
export class RandomSampler extends SeededSampler<number> {
  readonly dataset: { readonly length: number };
  readonly #replacement: boolean;
  readonly #numSamples: number | undefined;

  /**
   * @param dataset - what has the samples; only its length matters.
   * @throws GradtapeError if `numSamples` is not a whole number from 1, or there are no samples to draw it from.
   */
  constructor(dataset: { readonly length: number }, options: RandomSamplerOptions = {}) {
    const { replacement = false, numSamples, generator } = options;
    super(generator);
    if (numSamples !== undefined) checkDraws(numSamples, dataset.length);
    this.dataset = dataset;
    this.#replacement = replacement;
    this.#numSamples = numSamples;
  }

  get length(): number {
    return this.#numSamples ?? this.dataset.length;
  }

  protected draw(): Int32Array {
    const { length: draws, generator } = this;
    const samples = this.dataset.length;
    const order = new Int32Array(draws);
    if (this.#replacement) return draws === 0 ? order : generator.integers(order, 0, samples);
    for (let start = 0; start < draws; start += samples) {
      order.set(generator.permutation(samples).subarray(0, draws - start), start);
    }
    return order;
  }
}

function checkDraws(numSamples: number, samples: number): void {
  checkCount('RandomSampler', 'numSamples', numSamples, 1, 'leave it out to draw every sample once');
  if (samples > 0) return;
  throw new GradtapeError('RandomSampler: there is nothing to draw from', {
    got: `numSamples = ${numSamples} of a dataset without samples`,
    needs: 'at least one sample',
    fix: 'check what filtered the dataset',
  });
}
