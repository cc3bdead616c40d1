import { constant } from '../core/allocate.ts';
import { type DType, isFloating, newStorage } from '../core/dtype.ts';
import { Tensor } from '../core/tensor.ts';
import { bind } from '../tape/bind.ts';
import type { Domain, Draw, Primitive, Sample } from '../tape/primitive.ts';
import { jvp, vjp } from '../transforms/vjp.ts';

/** A function with several results, and the inputs at which it is looked at. All inputs are floating. */
export interface FunctionAt {
  readonly f: (...inputs: Tensor[]) => readonly Tensor[];
  readonly inputs: readonly Tensor[];
}

/** A primitive as a function of its floating inputs: the others (indices, conditions) and the parameters are held. */
export function functionOf<P>(primitive: Primitive<P>, { inputs, params }: Sample<P>): FunctionAt {
  return {
    f: (...given) => {
      const floating = given.values();
      const all = inputs.map((x) => (isFloating(x.dtype) ? (floating.next().value ?? x) : x));
      return [bind(primitive, all, params)];
    },
    inputs: inputs.filter((x) => isFloating(x.dtype)),
  };
}

/** The same function at the same numbers in another floating dtype. */
export function inPrecision({ f, inputs }: FunctionAt, dtype: DType): FunctionAt {
  return { f, inputs: inputs.map((x) => inDType(x, dtype)) };
}

/** The same function at other inputs. */
export function movedTo({ f }: FunctionAt, inputs: readonly Tensor[]): FunctionAt {
  return { f, inputs };
}

export function valuesOf({ f, inputs }: FunctionAt): readonly Tensor[] {
  return f(...inputs);
}

/** The cotangents of the inputs for cotangents of the results. */
export function pulled({ f, inputs }: FunctionAt, cotangents: readonly Tensor[]): readonly Tensor[] {
  return vjp(f, ...inputs)[1](...cotangents);
}

/** The tangents of the results for tangents of the inputs. */
export function pushed({ f, inputs }: FunctionAt, tangents: readonly Tensor[]): readonly Tensor[] {
  return jvp(f, [...inputs], tangents)[1];
}

/** Reverse mode as a function in its turn: of the inputs, then the cotangents. */
export function reverseOf(at: FunctionAt, cotangents: readonly Tensor[]): FunctionAt {
  const count = at.inputs.length;
  return {
    f: (...all) => pulled(movedTo(at, all.slice(0, count)), all.slice(count)),
    inputs: [...at.inputs, ...cotangents],
  };
}

/** Forward mode as a function in its turn: of the inputs, then the tangents. */
export function forwardOf(at: FunctionAt, tangents: readonly Tensor[]): FunctionAt {
  const count = at.inputs.length;
  return {
    f: (...all) => pushed(movedTo(at, all.slice(0, count)), all.slice(count)),
    inputs: [...at.inputs, ...tangents],
  };
}

/** The same numbers in the same layout, in another dtype and in storage of their own. */
export function inDType(x: Tensor, dtype: DType): Tensor {
  const storage = newStorage(dtype, x.storage.length);
  storage.set(x.storage);
  return new Tensor(storage, dtype, x.shape, x.strides, x.offset);
}

const aroundZero: Domain = { low: -1, high: 1 };

/** Directions in which inputs move, or cotangents of results: of their shapes and dtypes, with entries from -1 to 1. */
export function drawBeside(draw: Draw, tensors: readonly Tensor[]): readonly Tensor[] {
  return tensors.map(({ shape, dtype }) =>
    isFloating(dtype) ? inDType(draw.tensor(shape, aroundZero), dtype) : inDType(constant(1, shape, dtype), dtype),
  );
}

/** What derivatives are asked about: a cotangent for each result, a tangent for each input. */
export interface Beside {
  readonly cotangents: readonly Tensor[];
  readonly tangents: readonly Tensor[];
}

export function besideOf(at: FunctionAt, draw: Draw): Beside {
  return { cotangents: drawBeside(draw, valuesOf(at)), tangents: drawBeside(draw, at.inputs) };
}

/** A tensor, and what a sentence calls it. */
export type Named = readonly [name: string, tensor: Tensor];

export function named(what: string, tensors: readonly Tensor[]): readonly Named[] {
  return tensors.map((x, i) => [`${what} ${i}`, x]);
}

/** Everything that a function gives: values, cotangents and tangents. */
export function resultsOf(at: FunctionAt, { cotangents, tangents }: Beside): readonly Named[] {
  return [
    ...named('value', valuesOf(at)),
    ...named('cotangent', pulled(at, cotangents)),
    ...named('tangent', pushed(at, tangents)),
  ];
}
