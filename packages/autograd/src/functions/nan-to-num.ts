import { isFloating } from '../core/dtype.ts';
import type { Tensor } from '../core/tensor.ts';
import type { ShapeOf } from '../core/typed-tensor.ts';
import { type Elementwise, lift } from '../primitives/linear/align.ts';
import { where } from '../primitives/linear/where.ts';
import { eq, isnan } from '../primitives/piecewise/comparison.ts';
import { composed } from '../transforms/composed.ts';

const replaced: Elementwise<(x: Tensor, nan: number, infinity: number, minusInfinity: number) => Tensor> = lift(
  composed('nanToNum', (x, nan, infinity, minusInfinity) =>
    where(isnan(x), nan, where(eq(x, Infinity), infinity, where(eq(x, -Infinity), minusInfinity, x))),
  ),
);

/** The largest finite number of float32: `(2 - 2⁻²³) 2¹²⁷`. */
const LARGEST_SINGLE = (2 - 2 ** -23) * 2 ** 127;

export interface NanToNumOptions {
  /** What stands for NaN. Default: 0. */
  readonly nan?: number;
  /** What stands for ∞. Default: the largest finite number of the dtype. */
  readonly posinf?: number | null;
  /** What stands for -∞. Default: the lowest finite number of the dtype. */
  readonly neginf?: number | null;
}

/**
 * Numbers in place of NaN and infinities, where the derivative is 0. Any shape and dtype; whole numbers stay as they are.
 *
 * @example
 * nanToNum(tensor([NaN, Infinity, 2]), { posinf: 9 }); // [0, 9, 2]
 */
export function nanToNum<T extends Tensor>(x: T, options: NanToNumOptions = {}): Tensor<ShapeOf<T>> {
  if (!isFloating(x.dtype)) return x as unknown as Tensor<ShapeOf<T>>;
  const largest = x.dtype === 'float64' ? Number.MAX_VALUE : LARGEST_SINGLE;
  const { nan = 0, posinf, neginf } = options;
  return replaced(x, nan, posinf ?? largest, neginf ?? -largest) as Tensor<ShapeOf<T>>;
}
