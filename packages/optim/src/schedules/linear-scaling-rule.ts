import { GradtapeError } from '@gradtape/autograd';

export interface LinearScalingOptions {
  /** The size of the batches that are to be used. */
  readonly batchSize: number;
  /** The size of the batches for which the rate was found. Default: 256. */
  readonly baseBatchSize?: number;
}

/**
 * The linear scaling rule (Goyal et al., 2017): batches that are k times as large take a learning rate that is k times as large,
 * with a warmup for stability (`LinearLR`).
 *
 * @throws GradtapeError for a rate below 0, or a batch size that is not a whole number above 0.
 * @example
 * linearScalingRule(0.1, { batchSize: 1024 }); // 0.4
 */
export function linearScalingRule(lr: number, { batchSize, baseBatchSize = 256 }: LinearScalingOptions): number {
  const sizes = { batchSize, baseBatchSize };
  const unfit = Object.entries(sizes).find(([, size]) => !(Number.isInteger(size) && size > 0));
  if (unfit !== undefined || !(lr >= 0 && lr < Infinity)) {
    throw new GradtapeError('linearScalingRule: an argument is out of range', {
      got: unfit ? `${unfit[0]} = ${unfit[1]}` : `lr = ${lr}`,
      needs: unfit ? 'a whole number, 1 or more' : 'a finite number, 0 or more',
      fix: 'linearScalingRule(0.1, { batchSize: 1024, baseBatchSize: 256 })',
    });
  }
  return (lr * batchSize) / baseBatchSize;
}
