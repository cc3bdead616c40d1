import { indexFill, noGrad, type Parameter, renorm, type Tensor, where, zeros } from '@gradtape/autograd';

export interface RowLimitOptions {
  /** Rows that are looked up and whose norm is larger are scaled down to it, for good, before. Default: null, none. */
  readonly maxNorm?: number | null;
  /** Which norm: 2, 1, Infinity, …. Default: 2. */
  readonly normType?: number;
}

/** Scales those rows of a table down that are about to be looked up, and are longer than `maxNorm`. */
export function limitRows(weight: Parameter, indices: Tensor, { maxNorm = null, normType = 2 }: RowLimitOptions): void {
  if (maxNorm === null) return;
  noGrad(() => {
    const none = zeros([weight.shape[0]], { dtype: 'bool' });
    const isUsed = indexFill(none, 0, indices.flatten(), 1).unsqueeze(1);
    weight.assign(where(isUsed, renorm(weight.value, normType, 0, maxNorm), weight.value));
  });
}
