import { type Each, fromArray, GradtapeError, type Tensor } from '@gradtape/autograd';
import type { Collated } from './collate.ts';
import { checkIndex, type Dataset } from './dataset.ts';
import { rowsAt } from './rows.ts';

/**
 * Tensors of one first size, side by side: sample `i` is the tuple of their entries at `i`, a batch the tuple of their
 * rows. They are data: no gradient flows through them. Samples, and batches of samples that follow one another, are views
 * of the data.
 *
 * @example
 * const dataset = new TensorDataset(tensor([[1, 2], [3, 4], [5, 6]]), tensor([0, 1, 0], { dtype: 'int32' }));
 * const [x, y] = dataset.get(1);
 * x.toArray(); // [3, 4]
 * y.item(); // 1
 */
export class TensorDataset<Tensors extends readonly Tensor[]> implements Dataset<Each<Tensors>> {
  readonly tensors: Each<Tensors>;
  readonly length: number;

  /** @throws GradtapeError unless there is a tensor, each has a dim, and their first sizes are equal. */
  constructor(...tensors: Tensors) {
    this.length = commonLength(tensors);
    this.tensors = tensors.map(inReadingOrder) as Each<Tensors>;
  }

  /** @throws GradtapeError if there is no such sample. */
  get(index: number): Each<Tensors> {
    checkIndex('TensorDataset.get', index, this.length);
    return this.tensors.map((x) => x.select(0, index)) as Each<Tensors>;
  }

  /** @throws GradtapeError if there is no such sample. */
  batch(indices: Int32Array): Collated<Each<Tensors>> {
    for (const index of indices) checkIndex('TensorDataset.batch', index, this.length);
    return this.tensors.map((x) => rowsAt(x, indices)) as Collated<Each<Tensors>>;
  }
}

function commonLength(tensors: readonly Tensor[]): number {
  const length = tensors[0]?.shape[0];
  if (length !== undefined && tensors.every((x) => x.shape[0] === length)) return length;
  throw new GradtapeError('TensorDataset: the tensors do not hold the same number of samples', {
    got: tensors.length === 0 ? 'no tensors' : tensors.map((x) => `[${x.shape.join(', ')}]`).join(' and '),
    needs: 'at least one tensor, the same first size in each: the number of samples',
    fix: 'check that inputs and labels belong together, and that samples lie along the first dim',
  });
}

function inReadingOrder(x: Tensor): Tensor {
  return x.contiguous ? x.detach() : fromArray(x.toTypedArray(), x.shape);
}
