import { GradtapeError, logicalOr, ones, type Tensor, triu, where } from '@gradtape/autograd';

/** Masks of L queries by S keys. A mask of dtype bool is true where a query may NOT attend; of another it is added. */
export interface AttentionMasks {
  /** Keys that nobody attends to: `[N, S]`, or `[S]` without a batch. Default: none. */
  readonly keyPaddingMask?: Tensor | null;
  /** `[L, S]`, or `[N · numHeads, L, S]` for a mask for each sample and head. Default: none. */
  readonly attnMask?: Tensor | null;
  /** Whether query `i` attends to the keys 0 to `i` only. Beside `attnMask`, which then says so, it does nothing. Default: false. */
  readonly isCausal?: boolean;
}

/** What masks are for. */
export interface AttentionSizes {
  readonly batched: boolean;
  readonly samples: number;
  readonly heads: number;
  readonly queries: number;
  readonly keys: number;
  readonly dtype: Tensor['dtype'];
}

/**
 * All masks as one that broadcasts to `[N, numHeads, L, S]`: of dtype bool if all are, else to be added; null for none.
 *
 * @throws GradtapeError if a mask has another shape or dtype.
 */
export function combineMasks(masks: AttentionMasks, sizes: AttentionSizes): Tensor | null {
  const { keyPaddingMask, attnMask, isCausal = false } = masks;
  const { batched, samples, heads, queries, keys, dtype } = sizes;
  const all: Tensor[] = [];
  if (attnMask) {
    const isShared = attnMask.rank !== 3;
    checkMask('attnMask', attnMask, isShared ? [queries, keys] : [samples * heads, queries, keys], dtype);
    all.push(attnMask.reshape([...(isShared ? [1, 1] : [samples, heads]), queries, keys]));
  } else if (isCausal) all.push(triu(ones([1, 1, queries, keys], { dtype: 'bool' }), 1));
  if (keyPaddingMask) {
    checkMask('keyPaddingMask', keyPaddingMask, batched ? [samples, keys] : [keys], dtype);
    all.push(keyPaddingMask.reshape([samples, 1, 1, keys]));
  }
  return all.length === 0 ? null : all.reduce((one, other) => together(one, other, dtype));
}

/** What a mask adds to scores: -Infinity where it is true, or the numbers that it holds. */
export function addedBy(mask: Tensor, dtype: Tensor['dtype']): Tensor {
  return mask.dtype === 'bool' ? where(mask, -Infinity, 0).to(dtype) : mask;
}

/** Two masks as one: what one of them forbids, or the sum of what they add. */
function together(one: Tensor, other: Tensor, dtype: Tensor['dtype']): Tensor {
  if (one.dtype === 'bool' && other.dtype === 'bool') return logicalOr(one, other);
  return addedBy(one, dtype).add(addedBy(other, dtype));
}

function checkMask(name: string, mask: Tensor, wanted: readonly number[], dtype: Tensor['dtype']): void {
  if (mask.dtype !== 'bool' && mask.dtype !== dtype) {
    throw new GradtapeError(`MultiheadAttention: not a dtype for ${name}`, {
      got: mask.dtype,
      needs: `bool, true where a query may not attend; or ${dtype}, to be added to the scores`,
      fix: "convert it: mask.to('bool')",
    });
  }
  if (mask.rank === wanted.length && mask.shape.every((size, d) => size === wanted[d])) return;
  throw new GradtapeError(`MultiheadAttention: ${name} does not fit`, {
    got: `[${mask.shape.join(', ')}]`,
    needs: `[${wanted.join(', ')}]`,
    fix:
      name === 'attnMask'
        ? 'one mask for all is [L, S], one for each sample and head [N · numHeads, L, S]'
        : 'one row for each sample, one entry for each key',
  });
}
