import { constant } from '../../core/allocate.ts';
import { type DType, isFloating, promote } from '../../core/dtype.ts';
import { fail } from '../../core/errors.ts';
import { broadcastShapes, type Shape, sameShape } from '../../core/shape.ts';
import { Tensor } from '../../core/tensor.ts';
import type { Unary } from '../../core/typed-tensor.ts';
import { bind } from '../../tape/bind.ts';
import type { Primitive } from '../../tape/primitive.ts';
import { convert } from './convert.ts';
import { broadcastTo } from './sum.ts';

/**
 * Operands of an elementwise operation brought to one dtype and one shape: promoted, broadcast, and numbers turned into
 * constants. A number is weak: it takes the tensors' dtype, or float32 where that could not hold it.
 */
export function align(operation: string, operands: readonly (Tensor | number)[], floating = false): Tensor[] {
  const tensors = operands.filter((x): x is Tensor => x instanceof Tensor);
  operands.forEach((x, i) => {
    if (!(x instanceof Tensor) && typeof x !== 'number' && typeof x !== 'boolean') failOnOperand(operation, x, i);
  });
  const dtype = commonDType(tensors, operands, floating);
  const shape =
    tensors.length === 1
      ? (tensors[0] as Tensor).shape
      : broadcastShapes(
          operation,
          tensors.map((x) => x.shape),
        );
  return operands.map((x) => (x instanceof Tensor ? fitTo(x, dtype, shape) : constant(Number(x), shape, dtype)));
}

function fitTo(x: Tensor, dtype: DType, shape: Shape): Tensor {
  return broadcastTo(x.dtype === dtype ? x : convert(x, dtype), shape);
}

function commonDType(tensors: readonly Tensor[], operands: readonly (Tensor | number)[], floating: boolean): DType {
  const dtype = tensors.length === 0 ? 'float32' : promoted(tensors);
  if (isFloating(dtype)) return dtype;
  const fraction = operands.some((x) => typeof x === 'number' && !Number.isInteger(x));
  if (floating || fraction) return 'float32';
  return dtype === 'bool' && operands.some((x) => typeof x === 'number') ? 'int32' : dtype;
}

/** Tensors with dims and tensors without are promoted among themselves first: PyTorch's rule for several operands. */
function promoted(tensors: readonly Tensor[]): DType {
  const latest = (of: readonly Tensor[]): DType =>
    of.reduce<DType>((dtype, x) => promote(dtype, 1, x.dtype, 1), 'bool');
  const [ranked, single] = [tensors.filter((x) => x.rank > 0), tensors.filter((x) => x.rank === 0)];
  if (ranked.length === 0 || single.length === 0) return latest(tensors);
  return promote(latest(ranked), 1, latest(single), 0);
}

function failOnOperand(operation: string, x: unknown, i: number): never {
  return fail(`${operation}: operand ${i} is not a tensor`, {
    got: x === null ? 'null' : Array.isArray(x) ? 'an array' : typeof x,
    needs: 'a Tensor or a number',
    fix: 'wrap data in tensor(…)',
  });
}

/** An elementwise operation as people call it, with the primitive behind it. */
export type Elementwise<Call> = Call & { readonly primitive: Primitive<undefined> };

/** How a primitive of tensors of one shape and dtype becomes an operation of any that broadcast. */
export interface Lifting {
  /** Whole numbers and truth values are turned into float32 first. */
  readonly floating?: boolean;
}

/** `x ↦ primitive(x)`. */
export function liftUnary<Call = Unary>(
  primitive: Primitive<undefined>,
  { floating = false }: Lifting = {},
): Elementwise<Call> {
  const call = (x: Tensor): Tensor => {
    const fits = x instanceof Tensor && (!floating || isFloating(x.dtype));
    return bind(primitive, fits ? [x] : align(primitive.name, [x], floating), undefined);
  };
  return Object.assign(call, { primitive }) as unknown as Elementwise<Call>;
}

/** `(a, b, …) ↦ primitive(a, b, …)` for tensors that broadcast, and numbers. */
export function lift<Call = (...operands: (Tensor | number)[]) => Tensor>(
  primitive: Primitive<undefined>,
  { floating = false }: Lifting = {},
): Elementwise<Call> {
  const call = (...operands: (Tensor | number)[]): Tensor => {
    const [a, b] = operands;
    const fits =
      operands.length === 2 &&
      a instanceof Tensor &&
      b instanceof Tensor &&
      a.dtype === b.dtype &&
      sameShape(a.shape, b.shape) &&
      (!floating || isFloating(a.dtype));
    return bind(primitive, fits ? [a, b] : align(primitive.name, operands, floating), undefined);
  };
  return Object.assign(call, { primitive }) as unknown as Elementwise<Call>;
}
