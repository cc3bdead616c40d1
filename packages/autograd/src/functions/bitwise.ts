import { isFloating } from '../core/dtype.ts';
import { fail } from '../core/errors.ts';
import { Tensor } from '../core/tensor.ts';
import { align } from '../primitives/linear/align.ts';
import { sub } from '../primitives/linear/arithmetic.ts';
import { bitwiseAndPrimitive, bitwiseOrPrimitive, bitwiseXorPrimitive } from '../primitives/piecewise/bitwise.ts';
import { logicalAnd, logicalNot, logicalOr, logicalXor } from '../primitives/piecewise/comparison.ts';
import { bind } from '../tape/bind.ts';
import type { Primitive } from '../tape/primitive.ts';

// Of whole numbers bit by bit, of truth values as the logical operations; both broadcast.

type Operand = Tensor | number;

/**
 * The bits that both have. dtype int32, or bool for two truth values.
 *
 * @throws GradtapeError if an operand has fractions.
 * @example
 * bitwiseAnd(tensor([6, 5], { dtype: 'int32' }), 3); // [2, 1]
 */
export function bitwiseAnd(a: Operand, b: Operand): Tensor {
  return combine('bitwiseAnd', bitwiseAndPrimitive, logicalAnd, a, b);
}

/** The bits that one has, or both. dtype int32, or bool for two truth values. Throws as {@link bitwiseAnd}. */
export function bitwiseOr(a: Operand, b: Operand): Tensor {
  return combine('bitwiseOr', bitwiseOrPrimitive, logicalOr, a, b);
}

/** The bits that one has and the other has not. dtype int32, or bool for two truth values. Throws as {@link bitwiseAnd}. */
export function bitwiseXor(a: Operand, b: Operand): Tensor {
  return combine('bitwiseXor', bitwiseXorPrimitive, logicalXor, a, b);
}

/** The bits that it has not: `-1 - x`. dtype int32, or bool for truth values. Throws as {@link bitwiseAnd}. */
export function bitwiseNot(x: Tensor): Tensor {
  checkWhole('bitwiseNot', [x]);
  return x.dtype === 'bool' ? logicalNot(x) : sub<number, Tensor>(-1, x);
}

function combine(
  operation: string,
  primitive: Primitive<undefined>,
  logical: (a: Tensor, b: Tensor) => Tensor,
  a: Operand,
  b: Operand,
): Tensor {
  checkWhole(operation, [a, b]);
  const [first, second] = align(operation, [a, b]);
  return first.dtype === 'bool' ? logical(first, second) : bind(primitive, [first, second], undefined);
}

function checkWhole(operation: string, operands: readonly Operand[]): void {
  const other = operands.find((x) => (x instanceof Tensor ? isFloating(x.dtype) : !Number.isInteger(x)));
  if (other === undefined) return;
  fail(`${operation}: an operand has no bits to combine`, {
    got: other instanceof Tensor ? `dtype ${other.dtype}` : `${other}`,
    needs: 'whole numbers (int32) or truth values (bool)',
    fix: "x.to('int32') first",
  });
}
