import { adopt } from '../../core/allocate.ts';
import type { Generator } from '../../core/random/generator.ts';
import type { Tensor } from '../../core/tensor.ts';
import { takeAlong } from '../../primitives/linear/gather.ts';
import { sumKept } from '../../primitives/linear/sum.ts';
import { numbersOf } from '../compare.ts';
import { inDType } from '../function-at.ts';

/**
 * Other values that could stand in the place of a tensor's: the same shape, dtype and kind. What has two values only
 * (one-hot rows, masks, signs) and shares that add up to 1 only change places, so that they stay what they are. Other
 * numbers lie between two that the tensor has, so that they stay in their domain; where it has but one, they lie near that
 * one, or around zero.
 */
export function drawAfresh(x: Tensor, generator: Generator): Tensor {
  const entries = numbersOf(x);
  if (entries.length === 0 || !entries.every(Number.isFinite)) return x;
  const values = new Set(entries).size;
  if (values === 1) return withEntries(x, around(entries, generator));
  if ((values === 2 && entries.length > 2) || hasShares(x, entries)) return shuffled(x, generator);
  return withEntries(x, between(entries, generator));
}

function withEntries(x: Tensor, entries: readonly number[]): Tensor {
  return inDType(adopt(Float64Array.from(entries), x.shape), x.dtype);
}

function around(entries: readonly number[], generator: Generator): readonly number[] {
  const drawn = generator.uniform(new Float64Array(entries.length), -1, 1);
  return entries.map((entry, i) => (entry === 0 ? drawn[i] : entry * (1 + drawn[i] / 4)));
}

function between(entries: readonly number[], generator: Generator): readonly number[] {
  const { length } = entries;
  const shares = generator.uniform(new Float64Array(length));
  const first = generator.integers(new Int32Array(length), 0, length);
  const apart = generator.integers(new Int32Array(length), 1, length);
  return entries.map((_, i) => {
    const [a, b] = [entries[first[i]], entries[(first[i] + apart[i]) % length]];
    return shares[i] * a + (1 - shares[i]) * b;
  });
}

/** Whether the entries along the first or the last dim are shares of 1. */
function hasShares(x: Tensor, entries: readonly number[]): boolean {
  if (x.rank === 0 || entries.some((entry) => entry < 0)) return false;
  const addUp = (dim: number): boolean => numbersOf(sumKept(x, [dim])).every((sum) => Math.abs(sum - 1) < 1e-6);
  return addUp(0) || addUp(x.rank - 1);
}

/** The entries of every dim in another order. */
function shuffled(x: Tensor, generator: Generator): Tensor {
  return x.shape.reduce((y, size, dim) => takeAlong(y, dim, adopt(generator.permutation(size), [size], 'int32')), x);
}
