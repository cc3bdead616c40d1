import { constant } from '../core/allocate.ts';
import { fail } from '../core/errors.ts';
import { showShape } from '../core/shape.ts';
import { Tensor } from '../core/tensor.ts';
import { mul } from '../primitives/bilinear/mul.ts';
import { add, sub } from '../primitives/linear/arithmetic.ts';
import { convert } from '../primitives/linear/convert.ts';
import { gatherAlong } from '../primitives/linear/gather.ts';
import { permuteDims } from '../primitives/linear/permute.ts';
import { reshape } from '../primitives/linear/reshape.ts';
import { broadcastTo, sumKept } from '../primitives/linear/sum.ts';
import { where } from '../primitives/linear/where.ts';
import { argsortAlong } from '../primitives/piecewise/argsort.ts';
import { eq, lt } from '../primitives/piecewise/comparison.ts';
import { maximum } from '../primitives/piecewise/kinked.ts';
import { ceil, floor, round } from '../primitives/piecewise/rounding.ts';
import { asLine } from './along-dim.ts';
import { checkFloating } from './check-dtype.ts';
import { checkNotEmpty, type ReductionOptions } from './over-dims.ts';

export interface QuantileOptions extends ReductionOptions {
  /**
   * What counts where a quantile lies between two entries: the line between them, the lower, the higher, their middle, or
   * the nearer one (of two as near the one of even rank). Default: 'linear'.
   */
  readonly interpolation?: 'linear' | 'lower' | 'higher' | 'midpoint' | 'nearest';
}

/**
 * The q-quantiles along a dim, or of all entries: of `n` sorted entries that of rank `q (n - 1)`. NaN where there is one.
 *
 * @param q A number from 0 to 1; or a tensor of them of the dtype of `x`, without dims or with one, which comes first in
 *   the result.
 * @throws GradtapeError if `q` does not fit, the dtype is not floating, the dim is out of range, or there are no entries.
 * @example
 * quantile(tensor([0, 1, 2, 3]), 0.5); // 1.5
 * quantile(tensor([[0, 1], [4, 8]]), tensor([0, 0.25]), 1); // [[0, 4], [0.25, 5]]
 */
export function quantile(
  x: Tensor,
  q: Tensor | number,
  dim: number | null = null,
  options: QuantileOptions = {},
): Tensor {
  return ofSortedLines('quantile', x, q, dim, options, (size, numbers, levels) =>
    where(eq(numbers, size), mul(levels, size - 1), size - 1),
  );
}

/**
 * {@link quantile} of the entries that are not NaN; NaN where there are none.
 *
 * @throws GradtapeError as {@link quantile}.
 * @example
 * nanquantile(tensor([NaN, 1, 2, 3]), 0.5); // 2
 */
export function nanquantile(
  x: Tensor,
  q: Tensor | number,
  dim: number | null = null,
  options: QuantileOptions = {},
): Tensor {
  return ofSortedLines('nanquantile', x, q, dim, options, (_, numbers, levels) =>
    mul(levels, maximum(sub(numbers, 1), 0)),
  );
}

/** The quantiles of lines, from their ranks by the size of a line, how many of its entries are not NaN, and q. */
function ofSortedLines(
  operation: string,
  x: Tensor,
  q: Tensor | number,
  dim: number | null,
  { keepDim = false, interpolation = 'linear' }: QuantileOptions,
  ranksOf: (size: number, numbers: Tensor, levels: Tensor) => Tensor,
): Tensor {
  checkFloating(operation, x);
  checkInterpolation(operation, interpolation);
  const levels = levelsOf(operation, x, q);
  const { line, d } = dim === null ? { line: reshape(x, [x.length]), d: 0 } : asLine(operation, x, dim);
  checkNotEmpty(operation, line, [d]);
  const sorted = gatherAlong(line, d, argsortAlong(line, d, false));
  const numbers = sumKept(convert(eq(line, line), x.dtype), [d]);
  const sizes = (list: number): number[] => line.shape.map((size, k) => (k === d ? list : size));
  const lined = reshape(
    levels,
    line.shape.map((_, k) => (k === d ? levels.length : 1)),
  );
  const shape = sizes(levels.length);
  const ranks = ranksOf(line.shape[d], broadcastTo(numbers, shape), broadcastTo(lined, shape));
  const found = between(sorted, d, ranks, interpolation);

  const others = line.shape.map((_, k) => k).filter((k) => k !== d);
  const kept = dim === null ? x.shape.map(() => 1) : sizes(1);
  const rest = keepDim && x.rank > 0 ? kept : others.map((k) => line.shape[k]);
  return reshape(permuteDims(found, [d, ...others]), [...(isList(q) ? [levels.length] : []), ...rest]);
}

/** The entries of sorted lines at ranks that may lie between two. */
function between(
  sorted: Tensor,
  d: number,
  ranks: Tensor,
  interpolation: NonNullable<QuantileOptions['interpolation']>,
): Tensor {
  const at = (rank: Tensor): Tensor => gatherAlong(sorted, d, convert(rank, 'int32'));
  if (interpolation === 'nearest') return at(round(ranks));
  if (interpolation === 'lower') return at(floor(ranks));
  if (interpolation === 'higher') return at(ceil(ranks));
  const [below, above] = [at(floor(ranks)), at(ceil(ranks))];
  const share = interpolation === 'midpoint' ? 0.5 : sub(ranks, floor(ranks));
  // From the nearer end, so that at an end the entry is met exactly.
  const step = sub(above, below);
  const fromBelow = add(below, mul<Tensor, Tensor | number>(step, share));
  if (typeof share === 'number') return fromBelow;
  return where(lt(share, 0.5), fromBelow, sub(above, mul(step, sub(1, share))));
}

function isList(q: Tensor | number): boolean {
  return q instanceof Tensor && q.rank === 1;
}

/** The quantiles asked for, as a list of the dtype of `x`. */
function levelsOf(operation: string, x: Tensor, q: Tensor | number): Tensor {
  if (q instanceof Tensor) {
    if (q.rank <= 1 && q.dtype === x.dtype) return reshape(q, [q.length]);
    return fail(`${operation}: q does not fit`, {
      got: `q of shape ${showShape(q.shape)} and dtype ${q.dtype}, for dtype ${x.dtype}`,
      needs: `a number, or a tensor of at most one dim and dtype ${x.dtype}`,
      fix: `convert it: q.to('${x.dtype}')`,
    });
  }
  if (!(q >= 0 && q <= 1)) {
    fail(`${operation}: q is no share`, {
      got: `q = ${q}`,
      needs: 'a number from 0 to 1',
      fix: 'divide percents by 100: the median is 0.5',
    });
  }
  return constant(q, [1], x.dtype);
}

const interpolations: readonly string[] = ['linear', 'lower', 'higher', 'midpoint', 'nearest'];

function checkInterpolation(operation: string, interpolation: string): void {
  if (interpolations.includes(interpolation)) return;
  fail(`${operation}: no such interpolation`, {
    got: `'${interpolation}'`,
    needs: interpolations.map((each) => `'${each}'`).join(', '),
    fix: "leave it out for 'linear'",
  });
}
