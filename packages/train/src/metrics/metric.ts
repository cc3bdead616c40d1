import { type Tensor, zeros } from '@gradtape/autograd';
import { Buffer } from '@gradtape/nn';

/**
 * A measure that gathers batch by batch. What it gathers lies in slots, as a layer's running statistics do: `update` is
 * tensor operations alone, and goes into a compiled step, unless a metric says otherwise. `reset` and `compute` are called
 * outside.
 */
export interface Metric<Result = Tensor> {
  /** The measure of all that came since the last reset. */
  compute(): Result;
  /** Forgets everything. */
  reset(): void;
}

/** A place for a sum over batches. */
export function sumOf(dtype: 'int32' | 'float64', shape: readonly number[] = []): Buffer {
  return new Buffer(zeros(shape, { dtype }));
}

/** Adds what a batch gives. */
export function addTo(sum: Buffer, more: Tensor): void {
  sum.assign(sum.value.add(more.detach().to(sum.value.dtype)));
}

/** Puts a sum back to zero. */
export function clear(sum: Buffer): void {
  const { shape, dtype } = sum.value;
  sum.assign(zeros(shape, { dtype }));
}
