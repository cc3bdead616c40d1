import { fail } from '../../core/errors.ts';
import type { Tensor } from '../../core/tensor.ts';
import { mul } from '../../primitives/bilinear/mul.ts';
import { type Elementwise, lift } from '../../primitives/linear/align.ts';
import { add, neg, sub } from '../../primitives/linear/arithmetic.ts';
import { binaryCrossEntropyEach } from '../../primitives/piecewise/binary-cross-entropy.ts';
import { ge, le, logicalAnd } from '../../primitives/piecewise/comparison.ts';
import { logOnePlusExp } from '../../primitives/smooth/activations.ts';
import { isTracing } from '../../tape/observer.ts';
import { composed } from '../../transforms/composed.ts';
import { all } from '../reductions.ts';
import { checkOneShape, type LossOptions, reduceLosses } from './reduction.ts';

export interface BinaryCrossEntropyOptions extends LossOptions {
  /** A factor for each loss; broadcasts with the input. */
  readonly weight?: Tensor | null;
}

function weighted(losses: Tensor, weight: Tensor | null | undefined): Tensor {
  return weight ? mul(losses, weight) : losses;
}

/**
 * `-(t log p + (1 - t) log(1 - p))` for probabilities p and targets t. Logarithms are at least -100, so that the loss is
 * finite for p = 0 and p = 1. From scores, {@link binaryCrossEntropyWithLogits} is more accurate.
 *
 * @param input Probabilities, any shape.
 * @param target The same shape; usually 0 or 1, and anything between them is allowed. Floating dtype.
 * @returns A single number, or the input's shape with reduction `none`.
 * @throws GradtapeError if the shapes differ, or an entry of the input is not from 0 to 1 (compiled, the loss is then NaN).
 */
export function binaryCrossEntropy(
  input: Tensor,
  target: Tensor,
  { weight, reduction }: BinaryCrossEntropyOptions = {},
): Tensor {
  checkOneShape('binaryCrossEntropy', { input, target });
  if (!isTracing() && all(logicalAnd(ge(input, 0), le(input, 1))).item() === 0) {
    fail('binaryCrossEntropy: the input is not of probabilities', {
      got: 'an entry below 0, above 1, or NaN',
      needs: 'probabilities, from 0 to 1',
      fix: 'pass scores to binaryCrossEntropyWithLogits, or apply sigmoid first',
    });
  }
  return reduceLosses('binaryCrossEntropy', weighted(binaryCrossEntropyEach(input, target), weight), reduction);
}

/** The loss of each score; `posWeight` is a factor for the part of the positive class. */
export const withLogits: Elementwise<(input: Tensor, target: Tensor, posWeight: Tensor | number) => Tensor> = lift(
  composed('binaryCrossEntropyWithLogits', (x, t, posWeight) =>
    add(mul(mul(t, posWeight), logOnePlusExp(neg(x))), mul(sub(1, t), logOnePlusExp(x))),
  ),
  { floating: true },
);

export interface WithLogitsOptions extends BinaryCrossEntropyOptions {
  /** A factor for the part of the positive class; broadcasts with the input. Default: 1. */
  readonly posWeight?: Tensor | null;
}

/**
 * `binaryCrossEntropy` of the probabilities `σ(input)`, accurate for scores of any size:
 * `posWeight · t log(1 + e⁻ˣ) + (1 - t) log(1 + eˣ)`.
 *
 * @param input Scores, any shape.
 * @param target The same shape; usually 0 or 1, and anything between them is allowed. Floating dtype.
 * @returns A single number, or the input's shape with reduction `none`.
 * @throws GradtapeError if the shapes differ.
 * @example
 * binaryCrossEntropyWithLogits(tensor([0]), tensor([1])).item(); // 0.6931…
 */
export function binaryCrossEntropyWithLogits(
  input: Tensor,
  target: Tensor,
  { weight, posWeight, reduction }: WithLogitsOptions = {},
): Tensor {
  checkOneShape('binaryCrossEntropyWithLogits', { input, target });
  const losses = weighted(withLogits(input, target, posWeight ?? 1), weight);
  return reduceLosses('binaryCrossEntropyWithLogits', losses, reduction);
}
