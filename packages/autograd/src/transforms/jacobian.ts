import { allocate } from '../core/allocate.ts';
import type { Tensor } from '../core/tensor.ts';
import { concatAlong } from '../primitives/linear/concat.ts';
import { reshape } from '../primitives/linear/reshape.ts';
import { grad } from './grad.ts';
import { type Each, jvp, type TensorFunction, vjp } from './vjp.ts';

/** One input: its block. Several: one for each, in a tuple. */
type Blocks<Inputs extends readonly Tensor[]> = Inputs extends readonly [Tensor] ? Tensor : Each<Inputs>;
/** One input: its Hessian. Several: rows of blocks, `[i][j]` being the derivative by input i and then by input j. */
type HessianBlocks<Inputs extends readonly Tensor[]> = Inputs extends readonly [Tensor]
  ? Tensor
  : { [K in keyof Inputs]: Each<Inputs> };

/** A tensor of zeros with a one at one place. */
function oneAt(like: Tensor, place: number): Tensor {
  const out = allocate(like.shape, like.dtype);
  out.storage[out.offset + place] = 1;
  return out;
}

/**
 * All partial derivatives of a function: for an input of shape `[…in]` and a result of shape `[…out]` a tensor of shape
 * `[…out, …in]`. One reverse pass for each entry of the result.
 *
 * @example
 * jacobian((x) => x.mul(x))(tensor([1, 2])); // [[2, 0], [0, 4]]
 */
export function jacobian<Inputs extends readonly Tensor[]>(
  f: TensorFunction<Inputs, Tensor>,
): (...inputs: Inputs) => Blocks<Inputs> {
  return (...inputs) => {
    const [value, pull] = vjp(f, ...inputs);
    const rows = Array.from({ length: value.length }, (_, place) => pull(oneAt(value, place)));
    const blocks = inputs.map((x, i) => {
      const flat = rows.map((row) => reshape(row[i] as Tensor, [1, x.length]));
      const shape = [...value.shape, ...x.shape];
      return flat.length === 0 ? allocate(shape, x.dtype) : reshape(concatAlong(flat, 0), shape);
    });
    return (inputs.length === 1 ? blocks[0] : blocks) as Blocks<Inputs>;
  };
}

/**
 * All second derivatives of a function with a single number as result: for one input of shape `[…in]` a tensor of shape
 * `[…in, …in]`; for several inputs rows of such blocks.
 */
export function hessian<Inputs extends readonly Tensor[]>(
  f: TensorFunction<Inputs, Tensor>,
): (...inputs: Inputs) => HessianBlocks<Inputs> {
  return (...inputs) => {
    if (inputs.length === 1)
      return jacobian(grad(f) as TensorFunction<Inputs, Tensor>)(...inputs) as HessianBlocks<Inputs>;
    const gradients = grad(f);
    return inputs.map((_, i) =>
      jacobian<Inputs>((...xs) => (gradients(...xs) as readonly Tensor[])[i] as Tensor)(...inputs),
    ) as unknown as HessianBlocks<Inputs>;
  };
}

/**
 * The product of the Hessian with one vector for each input, without forming the Hessian: forward mode over reverse mode.
 * Gives one tensor for each input, of its shape.
 */
export function hvp<Inputs extends readonly Tensor[]>(
  f: TensorFunction<Inputs, Tensor>,
  inputs: Inputs,
  vectors: readonly Tensor[],
): Each<Inputs> {
  const gradients = (...xs: Inputs): readonly Tensor[] => {
    const result = grad(f)(...xs);
    return (inputs.length === 1 ? [result] : result) as readonly Tensor[];
  };
  return jvp(gradients, inputs, vectors)[1] as unknown as Each<Inputs>;
}
