import { constant } from '../core/allocate.ts';
import { fail } from '../core/errors.ts';
import type { Generator } from '../core/random/generator.ts';
import { showShape } from '../core/shape.ts';
import type { Tensor } from '../core/tensor.ts';
import { mul } from '../primitives/bilinear/mul.ts';
import { add } from '../primitives/linear/arithmetic.ts';
import { convert } from '../primitives/linear/convert.ts';
import { transposeMatrix } from '../primitives/linear/permute.ts';
import { where } from '../primitives/linear/where.ts';
import { checkFloating } from './check-dtype.ts';
import { dropout } from './dropout.ts';
import { matmul } from './products.ts';
import { repeatInterleave } from './repeating.ts';
import { softmaxOfMaskedOver } from './softmax.ts';
import { tril } from './triangles.ts';

export interface ScaledDotProductAttentionOptions {
  /**
   * Which keys a query may attend to: dtype bool, true where it may; or of the query's dtype, added to the scores. It
   * broadcasts to `[…, L, S]`. Default: none.
   */
  readonly attnMask?: Tensor | null;
  /** The probability with which a weight is dropped. It is applied always: pass 0 in evaluation. Default: 0. */
  readonly dropoutP?: number;
  /** Whether query `i` attends to the keys 0 to `i` only. It takes the place of a mask. Default: false. */
  readonly isCausal?: boolean;
  /** What the scores are multiplied by. Default: `1 / √E`. */
  readonly scale?: number | null;
  /** Whether several heads of queries (dim -3) share one of keys and values. Default: false. Ainslie et al., 2023. */
  readonly enableGqa?: boolean;
  /** Where the numbers of dropout come from. Default: the generator that `manualSeed` seeds. */
  readonly generator?: Generator;
}

/**
 * `softmax(Q Kᵀ / √E + mask) V`: for each query the mean of the values, weighted by how well their keys match it. A query
 * that may attend to nothing gets zeros.
 *
 * Source: Vaswani et al., "Attention is all you need", 2017.
 *
 * @param query `[…, L, E]`, floating dtype.
 * @param key `[…, S, E]`; leading dims broadcast.
 * @param value `[…, S, Ev]`.
 * @returns `[…, L, Ev]`.
 * @throws GradtapeError if shapes or dtypes do not fit, a mask and `isCausal` are given both, or `dropoutP` is no
 *   probability.
 * @example
 * const [query, key] = [tensor([[0, 0]]), tensor([[1, 2], [3, 4]])];
 * scaledDotProductAttention(query, key, tensor([[10], [20]])); // [[15]]
 */
export function scaledDotProductAttention(
  query: Tensor,
  key: Tensor,
  value: Tensor,
  options: ScaledDotProductAttentionOptions = {},
): Tensor {
  const { attnMask = null, dropoutP = 0, isCausal = false, scale = null, enableGqa = false, generator } = options;
  checkOperands(query, key, value);
  const [keys, values] = enableGqa ? shareHeads(query, key, value) : [key, value];
  if (!enableGqa) checkHeads(query, key);
  const factor = scale ?? 1 / Math.sqrt(query.shape[query.rank - 1]);
  const scores = matmul(mul<Tensor, number>(query, factor), transposeMatrix(keys));
  const weights = softmaxOfMaskedOver([scores.rank - 1])(masked(scores, attnMask, isCausal));
  return matmul(dropout(weights, dropoutP, { generator }), values);
}

/** Scores with -Infinity, or what a mask of numbers says, added where a query may not attend. */
function masked(scores: Tensor, attnMask: Tensor | null, isCausal: boolean): Tensor {
  if (isCausal && attnMask !== null) failOnTwoMasks(attnMask);
  if (attnMask !== null) checkAttentionMask(scores, attnMask);
  const allowed = isCausal ? tril(constant(1, scores.shape.slice(-2), 'bool')) : attnMask;
  if (allowed === null) return scores;
  // Added, not chosen: the derivative by the scores passes without another pass over them.
  const added = allowed.dtype === 'bool' ? convert(where(allowed, 0, -Infinity), scores.dtype) : allowed;
  return add<Tensor, Tensor>(scores, added);
}

/** Keys and values repeated, so that each head of queries has its own. */
function shareHeads(query: Tensor, key: Tensor, value: Tensor): [Tensor, Tensor] {
  const [heads, ofKeys, ofValues] = [query, key, value].map((x) => (x.rank < 3 ? 0 : x.shape[x.rank - 3]));
  if (ofKeys === 0 || ofValues === 0 || heads % ofKeys !== 0 || heads % ofValues !== 0) {
    fail('scaledDotProductAttention: the heads cannot be shared evenly', {
      got: `query ${showShape(query.shape)}, key ${showShape(key.shape)}, value ${showShape(value.shape)}`,
      needs: '[…, heads, length, entries], with a number of query heads that those of keys and values divide',
      fix: 'change the number of heads, or leave out enableGqa',
    });
  }
  return [
    repeatInterleave(key, heads / ofKeys, key.rank - 3),
    repeatInterleave(value, heads / ofValues, value.rank - 3),
  ];
}

function checkOperands(query: Tensor, key: Tensor, value: Tensor): void {
  checkFloating('scaledDotProductAttention', query);
  const got = `query ${showShape(query.shape)}, key ${showShape(key.shape)}, value ${showShape(value.shape)}`;
  const operands = [query, key, value];
  if (operands.some((x) => x.dtype !== query.dtype)) {
    fail('scaledDotProductAttention: the dtypes differ', {
      got: `query ${query.dtype}, key ${key.dtype}, value ${value.dtype}`,
      needs: 'one dtype',
      fix: `convert: key.to('${query.dtype}')`,
    });
  }
  if (operands.some(({ rank }) => rank < 2)) {
    fail('scaledDotProductAttention: an operand is no list of vectors', {
      got,
      needs: '[…, length, entries] each',
      fix: 'unsqueeze(0) makes a list of one vector',
    });
  }
  const last = (x: Tensor): number => x.shape[x.rank - 1];
  const length = (x: Tensor): number => x.shape[x.rank - 2];
  if (last(query) !== last(key) || length(key) !== length(value)) {
    fail('scaledDotProductAttention: the sizes do not fit', {
      got,
      needs: 'queries and keys of one last size, and as many values as keys: […, L, E], […, S, E] and […, S, Ev]',
      fix: 'check the order of the arguments, and that the last two dims are length and entries',
    });
  }
}

function checkHeads(query: Tensor, key: Tensor): void {
  if (query.rank < 3 || key.rank < 3) return;
  const [heads, ofKeys] = [query, key].map((x) => x.shape[x.rank - 3]);
  if (heads === ofKeys || heads === 1 || ofKeys === 1) return;
  fail('scaledDotProductAttention: the numbers of heads differ', {
    got: `query ${showShape(query.shape)}, key ${showShape(key.shape)}`,
    needs: 'one number of heads (dim -3), or 1',
    fix: '{ enableGqa: true } lets several heads of queries share one of keys',
  });
}

function checkAttentionMask(scores: Tensor, attnMask: Tensor): void {
  if (attnMask.dtype !== 'bool' && attnMask.dtype !== scores.dtype) {
    fail('scaledDotProductAttention: not a dtype for a mask', {
      got: `dtype ${attnMask.dtype}`,
      needs: `bool, true where a query may attend; or ${scores.dtype}, to be added to the scores`,
      fix: "convert it: attnMask.to('bool')",
    });
  }
  const first = scores.rank - attnMask.rank;
  if (first >= 0 && attnMask.shape.every((size, d) => size === 1 || size === scores.shape[first + d])) return;
  fail('scaledDotProductAttention: the mask does not fit', {
    got: `attnMask ${showShape(attnMask.shape)} for scores ${showShape(scores.shape)}`,
    needs: `a shape that broadcasts to ${showShape(scores.shape)}`,
    fix: 'a mask for each sample is [N, 1, L, S], or [N, 1, 1, S] if it is the same for all queries',
  });
}

function failOnTwoMasks(attnMask: Tensor): never {
  return fail('scaledDotProductAttention: a mask and isCausal do not combine', {
    got: `attnMask ${showShape(attnMask.shape)} and isCausal true`,
    needs: 'one of them',
    fix: 'make the mask causal: tril(attnMask), and leave out isCausal',
  });
}
