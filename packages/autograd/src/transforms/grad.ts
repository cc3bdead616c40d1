import { constant } from '../core/allocate.ts';
import { fail } from '../core/errors.ts';
import { showShape } from '../core/shape.ts';
import type { Tensor } from '../core/tensor.ts';
import { type Each, type TensorFunction, vjp } from './vjp.ts';

/** One input: its gradient. Several: one for each, in a tuple. */
export type Gradients<Inputs extends readonly Tensor[]> = Inputs extends readonly [Tensor] ? Tensor : Each<Inputs>;

/**
 * The value and the gradient of a function with a single number as result, at given inputs.
 *
 * @example
 * const [value, gradient] = valueAndGrad((x) => x.mul(x).sum())(tensor([1, 2, 3]));
 * value.item(); // 14
 * gradient; // [2, 4, 6]
 */
export function valueAndGrad<Inputs extends readonly Tensor[]>(
  f: TensorFunction<Inputs, Tensor>,
): (...inputs: Inputs) => [value: Tensor, gradients: Gradients<Inputs>] {
  return (...inputs) => {
    const [value, pull] = vjp(f, ...inputs);
    if (value.length !== 1) {
      fail('grad: the function does not give a single number', {
        got: `a result of shape ${showShape(value.shape)}`,
        needs: 'one entry',
        fix: 'reduce the result with sum() or mean(), or take jacobian(f) or vjp(f, …) instead',
      });
    }
    const gradients = pull(constant(1, value.shape, value.dtype));
    return [value, (inputs.length === 1 ? gradients[0] : gradients) as Gradients<Inputs>];
  };
}

/**
 * The gradient of a function with a single number as result: a function of the same inputs, which can be differentiated
 * again.
 *
 * @example
 * const cube = (x: Tensor) => x.pow(3).sum();
 * grad(cube)(tensor(2)).item(); // 12
 * grad((x: Tensor) => grad(cube)(x))(tensor(2)).item(); // 12
 */
export function grad<Inputs extends readonly Tensor[]>(
  f: TensorFunction<Inputs, Tensor>,
): (...inputs: Inputs) => Gradients<Inputs> {
  const both = valueAndGrad(f);
  return (...inputs) => both(...inputs)[1];
}
