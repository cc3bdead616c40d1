import { fail } from '../../core/errors.ts';
import type { Tensor } from '../../core/tensor.ts';
import { mul } from '../../primitives/bilinear/mul.ts';
import { type Elementwise, lift } from '../../primitives/linear/align.ts';
import { sub } from '../../primitives/linear/arithmetic.ts';
import { where } from '../../primitives/linear/where.ts';
import { eq } from '../../primitives/piecewise/comparison.ts';
import { exp, log } from '../../primitives/smooth/exponential.ts';
import { composed } from '../../transforms/composed.ts';
import { sum } from '../reductions.ts';
import { checkOneShape, type Reduction, reduceLosses } from './reduction.ts';

type OfTwo = Elementwise<(input: Tensor, target: Tensor) => Tensor>;
const floating = { floating: true };

/** `t (log t - x)`, where `0 log 0` is 0. */
const fromProbabilities: OfTwo = lift(
  composed('klDiv', (x, t) => sub(mul(t, log(where(eq(t, 0), 1, t))), mul(t, x))),
  floating,
);
const fromLogProbabilities: OfTwo = lift(
  composed('klDivOfLogs', (x, t) => mul(exp(t), sub(t, x))),
  floating,
);

export interface KlDivOptions {
  /** `batchmean`, the sum divided by the size of dim 0, is the divergence as it is defined. Default: `mean`. */
  readonly reduction?: Reduction | 'batchmean';
  /** Whether the target holds log-probabilities too. Default: false. */
  readonly logTarget?: boolean;
}

/**
 * The divergence of Kullback and Leibler, entry by entry: `target (log target - input)`. Mind the default reduction, which
 * is PyTorch's: the mean over all entries. `batchmean` gives the divergence for each sample.
 *
 * @param input Log-probabilities, any shape.
 * @param target Probabilities (or log-probabilities, with logTarget) of the same shape.
 * @returns A single number, or the input's shape with reduction `none`.
 * @throws GradtapeError if the shapes differ, or for `batchmean` without dims.
 */
export function klDiv(
  input: Tensor,
  target: Tensor,
  { reduction = 'mean', logTarget = false }: KlDivOptions = {},
): Tensor {
  checkOneShape('klDiv', { input, target });
  const losses = logTarget ? fromLogProbabilities(input, target) : fromProbabilities(input, target);
  if (reduction !== 'batchmean') return reduceLosses('klDiv', losses, reduction);
  if (input.rank === 0) {
    fail('klDiv: no batch to take the mean over', {
      got: 'a tensor without dims',
      needs: 'samples along dim 0',
      fix: "use reduction 'sum'",
    });
  }
  return mul(sum(losses), 1 / input.shape[0]);
}
