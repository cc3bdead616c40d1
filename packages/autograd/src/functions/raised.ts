import type { Tensor } from '../core/tensor.ts';
import { add, sub } from '../primitives/linear/arithmetic.ts';
import { maximum } from '../primitives/piecewise/kinked.ts';
import { detach } from '../tape/leaf.ts';

/** At least `lowest`, while the derivative passes as if nothing had been done: what is added is a constant. */
export function raisedTo(x: Tensor, lowest: number): Tensor {
  const values = detach(x);
  return add(x, sub(maximum(values, lowest), values));
}
