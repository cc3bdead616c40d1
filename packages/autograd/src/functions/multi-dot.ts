import { fail } from '../core/errors.ts';
import { showShape } from '../core/shape.ts';
import type { Tensor } from '../core/tensor.ts';
import { reshape } from '../primitives/linear/reshape.ts';
import { matmul } from './products.ts';

/**
 * The product of several matrices, in the order that takes the fewest multiplications. The first may be a vector, which is
 * a row, and the last one, which is a column; the result has no such dim.
 *
 * The order is found by dynamic programming: Cormen et al., Introduction to Algorithms, section 14.2.
 *
 * @throws GradtapeError if there are fewer than two, one is no matrix, sizes do not meet, or the dtypes differ.
 * @example
 * multiDot([tensor([[1, 2]]), tensor([[3], [4]]), tensor([2])]); // [22]
 */
export function multiDot(tensors: readonly Tensor[]): Tensor {
  const last = tensors.length - 1;
  const isVector = (x: Tensor, i: number): boolean => x.rank === 1 && (i === 0 || i === last);
  if (last < 1 || !tensors.every((x, i) => x.rank === 2 || isVector(x, i))) {
    fail('multiDot: not a chain of matrices', {
      got: tensors.map((x) => showShape(x.shape)).join(', ') || 'no tensors',
      needs: 'two or more matrices; the first and the last may be vectors',
      fix: 'matmul multiplies batches of matrices',
    });
  }
  const chain = tensors.map((x, i) => (x.rank === 2 ? x : reshape(x, i === 0 ? [1, x.length] : [x.length, 1])));
  const sizes = [chain[0].shape[0], ...chain.map((x) => x.shape[1])];
  const cuts = cheapestCuts(sizes);
  const product = (from: number, to: number): Tensor => {
    if (from === to) return chain[from];
    const at = cuts[from][to];
    return matmul<Tensor, Tensor>(product(from, at), product(at + 1, to));
  };
  const whole = product(0, last);
  return reshape(
    whole,
    whole.shape.filter((_, d) => tensors[d === 0 ? 0 : last].rank === 2),
  );
}

/** For each part of a chain, from one matrix to another, after which to cut it; matrix `i` is `[sizes[i], sizes[i + 1]]`. */
function cheapestCuts(sizes: readonly number[]): number[][] {
  const count = sizes.length - 1;
  const table = (): number[][] => Array.from({ length: count }, () => new Array<number>(count).fill(0));
  const [costs, cuts] = [table(), table()];
  for (let span = 1; span < count; span++) {
    for (let from = 0; from + span < count; from++) {
      const to = from + span;
      costs[from][to] = Infinity;
      for (let at = from; at < to; at++) {
        const cost = costs[from][at] + costs[at + 1][to] + sizes[from] * sizes[at + 1] * sizes[to + 1];
        if (cost < costs[from][to]) [costs[from][to], cuts[from][to]] = [cost, at];
      }
    }
  }
  return cuts;
}
