import { fail } from '../core/errors.ts';
import { broadcastShapes, type Shape } from '../core/shape.ts';
import { Tensor } from '../core/tensor.ts';
import { mul } from '../primitives/bilinear/mul.ts';
import { add } from '../primitives/linear/arithmetic.ts';
import { detach } from '../tape/leaf.ts';
import { checkFloating } from './check-dtype.ts';
import { type RandomOptions, randn } from './random.ts';

/**
 * Numbers of normal distributions, each with the mean and the standard deviation that stand in its place. No derivative
 * passes: `mean.add(std.mul(randnLike(std)))` has one.
 *
 * @param mean A number, or a tensor of a floating dtype.
 * @param std A number from 0, or a tensor of them; it broadcasts with the mean.
 * @param shape The shape, where both are numbers.
 * @throws GradtapeError if both are numbers and there is no shape, or else there is one; if a number `std` is negative; or
 *   if the shapes do not broadcast.
 * @example
 * normal(tensor([0, 100]), 0); // [0, 100]
 * normal(5, 2, [2, 3]).shape; // [2, 3]
 */
export function normal(
  mean: Tensor | number,
  std: Tensor | number = 1,
  shape?: Shape,
  options: Omit<RandomOptions, 'requiresGrad'> = {},
): Tensor {
  const given = [mean, std].filter((x) => x instanceof Tensor);
  for (const x of given) checkFloating('normal', x);
  if ((given.length === 0) !== (shape !== undefined) || (typeof std === 'number' && !(std >= 0))) {
    fail('normal: not a normal distribution of a shape', {
      got: `${given.length} tensors, std ${typeof std === 'number' ? std : 'a tensor'}, shape ${shape ? 'given' : 'not given'}`,
      needs: 'a std from 0, and a shape where mean and std are both numbers, only then',
      fix: 'normal(0, 1, [2, 3]), or normal(means, 1)',
    });
  }
  const dtype = options.dtype ?? given[0]?.dtype ?? 'float32';
  const sizes =
    shape ??
    broadcastShapes(
      'normal',
      given.map((x) => x.shape),
    );
  const draws = randn(sizes, { ...options, dtype });
  const constantOf = (x: Tensor | number): Tensor | number => (x instanceof Tensor ? detach(x) : x);
  return add<Tensor, Tensor | number>(mul<Tensor, Tensor | number>(draws, constantOf(std)), constantOf(mean));
}
