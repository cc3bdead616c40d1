import type { Tensor } from '../core/tensor.ts';
import { mul } from '../primitives/bilinear/mul.ts';
import { type Elementwise, lift } from '../primitives/linear/align.ts';
import { add } from '../primitives/linear/arithmetic.ts';
import { div } from '../primitives/smooth/division.ts';
import { composed } from '../transforms/composed.ts';

export { lerp } from '../primitives/smooth/lerp.ts';

type Operand = Tensor | number;
type OfFour = Elementwise<(input: Operand, first: Operand, second: Operand, value: number) => Tensor>;

const sumWithProduct: OfFour = lift(
  composed('addcmul', (input, first, second, value) => add(input, mul(mul(value, first), second))),
);
const sumWithQuotient: OfFour = lift(
  composed('addcdiv', (input, first, second, value) => add(input, div(mul(value, first), second))),
  { floating: true },
);

export interface ValueOptions {
  /** A factor for the product or quotient. Default: 1. */
  readonly value?: number;
}

/**
 * `input + value · first · second` in one pass, broadcasting.
 *
 * @example
 * addcmul(tensor([1, 2]), tensor([3, 4]), tensor([5, 6]), { value: 0.1 }); // [2.5, 4.4]
 */
export function addcmul(input: Tensor, first: Operand, second: Operand, { value = 1 }: ValueOptions = {}): Tensor {
  return sumWithProduct(input, first, second, value);
}

/**
 * `input + value · first / second` in one pass, broadcasting; whole numbers are taken as float32.
 *
 * @example
 * addcdiv(tensor([1, 2]), tensor([3, 4]), tensor([6, 2])); // [1.5, 4]
 */
export function addcdiv(input: Tensor, first: Operand, second: Operand, { value = 1 }: ValueOptions = {}): Tensor {
  return sumWithQuotient(input, first, second, value);
}
