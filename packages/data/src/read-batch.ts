import { type Collated, collate } from './collate.ts';
import type { Dataset } from './dataset.ts';

/** The samples at these indices as one batch: gathered in one pass where the dataset can, else joined by `collate`. */
export function readBatch<Sample>(dataset: Dataset<Sample>, indices: Int32Array): Collated<Sample> {
  if (dataset.batch !== undefined) return dataset.batch(indices);
  return collate(Array.from(indices, (index) => dataset.get(index)));
}
