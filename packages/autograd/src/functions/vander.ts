import { fail } from '../core/errors.ts';
import { showShape } from '../core/shape.ts';
import type { Tensor } from '../core/tensor.ts';
import { mul } from '../primitives/bilinear/mul.ts';
import { onesLike, zeros } from './creation.ts';
import { stack } from './movement.ts';

export interface VanderOptions {
  /** Whether the powers rise from left to right. Default: false. */
  readonly increasing?: boolean;
}

/**
 * The Vandermonde matrix of a list: its powers as columns, `[length, n]`, from the highest, `n - 1`, down to 0.
 *
 * @param x `[length]`.
 * @param n How many powers. Default: as many as entries.
 * @throws GradtapeError if `x` has not one dim, or `n` is no whole number from 0.
 * @example
 * vander(tensor([1, 2, 3])); // [[1, 1, 1], [4, 2, 1], [9, 3, 1]]
 */
export function vander(x: Tensor, n: number = x.length, { increasing = false }: VanderOptions = {}): Tensor {
  if (x.rank !== 1 || !Number.isInteger(n) || n < 0) {
    fail('vander: not powers of a list', {
      got: `${n} powers of a tensor of shape ${showShape(x.shape)}`,
      needs: 'one dim, and a whole number of powers from 0',
      fix: 'flatten the tensor first',
    });
  }
  const powers: Tensor[] = [];
  for (let k = 0; k < n; k++) powers.push(k === 0 ? onesLike(x) : k === 1 ? x : mul(powers[k - 1], x));
  if (n === 0) return zeros([x.length, 0], { dtype: x.dtype });
  return stack(increasing ? powers : powers.reverse(), 1);
}
