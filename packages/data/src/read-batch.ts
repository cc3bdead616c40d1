import { type Collated, collate } from './collate.ts';
import type { Dataset } from './dataset.ts';

/** The samples at these indices as one batch: gathered in one pass where the dataset can, else joined by `collate`. */
export function readBatch<Sample>(dataset: Dataset<Sample>, indices: Int32Array): Collated<Sample> {
  if (dataset.batch !== undefined) return dataset.batch(indices);
  const samples = Array.from(indices, (index) => dataset.get(index));
  return joinSamples(samples, collate<Awaited<Sample>>) as Collated<Sample>;
}

/** Joins samples at once, or as soon as the last of them has come. */
export function joinSamples<Sample, Batch>(
  samples: readonly Sample[],
  join: (samples: Awaited<Sample>[]) => Batch,
): Batch | Promise<Batch> {
  if (samples.some(isPromise)) return Promise.all(samples).then(join);
  return join(samples as Awaited<Sample>[]);
}

export function isPromise(value: unknown): value is PromiseLike<unknown> {
  return typeof value === 'object' && value !== null && 'then' in value && typeof value.then === 'function';
}
