import { GradtapeError } from '@gradtape/autograd';
import type { Dataset } from '../dataset.ts';
import { fieldsOf, type State } from '../state.ts';
import { generatorState, type SeededOptions, SeededSampler } from './seeded-sampler.ts';

export interface CurriculumSamplerOptions<Sample> extends SeededOptions {
  /** How difficult a sample is: any number, higher for what comes later. Asked once for each, when the sampler is made. */
  readonly difficulty: (sample: Sample, index: number) => number;
  /** The share of the samples, the easiest, that an epoch takes, at least one; epochs count from 0. Above 1 is all. */
  readonly pace: (epoch: number) => number;
  /** Whether an epoch's samples come in random order; if not, the easiest first. Default: true. */
  readonly shuffle?: boolean;
}

/**
 * A curriculum: the first epochs take the easy samples only, later ones more and more of the difficult.
 * Source: Bengio, Louradour, Collobert, Weston, "Curriculum learning" (2009).
 *
 * @example
 * const dataset = new TensorDataset(tensor([0.3, 0.1, 0.9, 0.5]));
 * const difficulty = ([x]: [Tensor]) => x.item();
 * const sampler = new CurriculumSampler(dataset, { difficulty, pace: (epoch) => 0.5 + 0.25 * epoch, shuffle: false });
 * [...sampler]; // [1, 0]
 * [...sampler]; // [1, 0, 3]
 * [...sampler]; // [1, 0, 3, 2]
 */
export class CurriculumSampler<Sample> extends SeededSampler<number> {
  readonly #easiestFirst: Int32Array;
  readonly #pace: (epoch: number) => number;
  readonly #shuffle: boolean;
  #epoch = 0;

  /** @throws GradtapeError if a difficulty is NaN, or the pace of an epoch not above 0. */
  constructor(dataset: Dataset<Sample>, options: CurriculumSamplerOptions<Sample>) {
    const { difficulty, pace, shuffle = true, generator } = options;
    super(generator);
    const difficulties = Float64Array.from({ length: dataset.length }, (_, i) =>
      checkDifficulty(difficulty(dataset.get(i), i), i),
    );
    this.#easiestFirst = Int32Array.from(difficulties.keys()).sort(
      (i, j) => difficulties[i] - difficulties[j] || i - j,
    );
    this.#pace = pace;
    this.#shuffle = shuffle;
    checkPace(pace(0), 0);
  }

  /** The epoch that begins next, from 0. */
  get epoch(): number {
    return this.#epoch;
  }

  /** How many samples the epoch takes that begins next. */
  get length(): number {
    const samples = this.#easiestFirst.length;
    const share = checkPace(this.#pace(this.#epoch), this.#epoch);
    return Math.min(samples, Math.max(1, Math.round(samples * share)));
  }

  protected draw(): Int32Array {
    const easy = this.#easiestFirst.subarray(0, this.length);
    this.#epoch += 1;
    return this.#shuffle ? this.generator.permutation(easy.length).map((i) => easy[i]) : easy;
  }

  override stateDict(): State {
    return { epoch: this.#epoch, generator: super.stateDict() };
  }

  override loadStateDict(state: State): void {
    const { epoch, generator = null } = fieldsOf(state);
    if (typeof epoch !== 'number' || !Number.isSafeInteger(epoch) || epoch < 0) {
      throw new GradtapeError('CurriculumSampler: not the state of a curriculum', {
        got: `epoch ${JSON.stringify(epoch)}`,
        needs: 'a whole number from 0',
        fix: 'pass what stateDict gave, unchanged',
      });
    }
    this.generator.setState(generatorState('CurriculumSampler', generator));
    this.#epoch = epoch;
  }
}

function checkDifficulty(difficulty: number, index: number): number {
  if (typeof difficulty === 'number' && !Number.isNaN(difficulty)) return difficulty;
  throw new GradtapeError('CurriculumSampler: a difficulty is no number', {
    got: `${difficulty} for sample ${index}`,
    needs: 'a number for every sample',
    fix: 'check what difficulty returns; of a tensor, x.item()',
  });
}

function checkPace(share: number, epoch: number): number {
  if (share > 0) return share;
  throw new GradtapeError('CurriculumSampler: the pace is no share of the samples', {
    got: `${share} in epoch ${epoch}`,
    needs: 'a number above 0; 1 and more is all samples',
    fix: 'begin with some, and grow: (epoch) => 0.2 + 0.1 * epoch',
  });
}
