import { GradtapeError } from '@gradtape/autograd';
import type { Collated } from './collate.ts';

/** Samples that can be counted, and asked for by their index: 0, 1, … What must be fetched first is a promise. */
export interface Dataset<Sample> {
  readonly length: number;
  get(index: number): Sample;
  /**
   * The samples at these indices as one batch: what `collate` makes of them, but gathered in one pass. Only for speed:
   * without it they are asked for one by one.
   */
  batch?(indices: Int32Array): NoInfer<Collated<Sample>>;
}

/** Throws unless `index` is one of `0, 1, …, length - 1`. */
export function checkIndex(operation: string, index: number, length: number): void {
  if (Number.isInteger(index) && index >= 0 && index < length) return;
  throw new GradtapeError(`${operation}: there is no such sample`, {
    got: `index ${index} of ${length} samples`,
    needs: length === 0 ? 'no index at all: there are no samples' : `a whole number from 0 to ${length - 1}`,
    fix: 'count from 0 to dataset.length - 1',
  });
}
