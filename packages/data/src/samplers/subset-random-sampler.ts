import { GradtapeError } from '@gradtape/autograd';
import { type SeededOptions, SeededSampler } from './seeded-sampler.ts';

/**
 * Some of the samples, in a new random order each epoch.
 *
 * @example
 * [...new SubsetRandomSampler([4, 2, 8])].sort(); // [2, 4, 8]
 */
export class SubsetRandomSampler extends SeededSampler<number> {
  readonly indices: Int32Array;

  /** @throws GradtapeError if an index is not a whole number from 0. */
  constructor(indices: Iterable<number>, { generator }: SeededOptions = {}) {
    super(generator);
    this.indices = Int32Array.from(indices, checkIndex);
  }

  get length(): number {
    return this.indices.length;
  }

  protected draw(): Int32Array {
    return this.generator.permutation(this.length).map((place) => this.indices[place]);
  }
}

function checkIndex(index: number): number {
  if (Number.isInteger(index) && index >= 0) return index;
  throw new GradtapeError('SubsetRandomSampler: not the index of a sample', {
    got: `${index}`,
    needs: 'whole numbers from 0',
    fix: 'count from 0 to dataset.length - 1',
  });
}
