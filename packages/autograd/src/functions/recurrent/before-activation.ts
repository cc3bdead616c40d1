// Backwards through an activation of which only the value was kept.
import type { Tensor } from '../../core/tensor.ts';
import { mul } from '../../primitives/bilinear/mul.ts';
import { sub } from '../../primitives/linear/arithmetic.ts';
import { square } from '../../primitives/smooth/powers.ts';

/** The cotangent of x from that of `y = σ(x)`. */
export function beforeSigmoid(cotangent: Tensor, y: Tensor): Tensor {
  return mul(cotangent, mul(y, sub(1, y)));
}

/** The cotangent of x from that of `y = tanh x`. */
export function beforeTanh(cotangent: Tensor, y: Tensor): Tensor {
  return mul(cotangent, sub(1, square(y)));
}
