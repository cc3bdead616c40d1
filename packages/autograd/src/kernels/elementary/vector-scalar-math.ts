import type { ScalarMath } from '../scalar-math.ts';
import type { LibraryFunction, VectorMath } from '../vector-math.ts';
import { type BinaryFunction, single } from './single.ts';

/** What a formula computes with: numbers, or truth values as masks, which become 1 and 0 where arithmetic needs them. */
export interface VectorValue<V> {
  readonly kind: 'numbers' | 'mask';
  readonly vector: V;
}

/** Interprets formulas as vector code of any engine. */
export interface VectorScalarMath<V> extends ScalarMath<VectorValue<V>> {
  fromNumbers(vector: V): VectorValue<V>;
  /** The value as numbers: 1 and 0 for a mask. */
  numberOf(value: VectorValue<V>): V;
  /** The value as a mask: set where a number is neither 0 nor NaN. */
  maskOf(value: VectorValue<V>): V;
}

export function vectorScalarMath<V>(v: VectorMath<V>): VectorScalarMath<V> {
  const fromNumbers = (vector: V): VectorValue<V> => ({ kind: 'numbers', vector });
  const fromMask = (vector: V): VectorValue<V> => ({ kind: 'mask', vector });
  const numberOf = ({ kind, vector }: VectorValue<V>): V =>
    kind === 'numbers' ? vector : v.and(vector, v.constant(1));
  const maskOf = ({ kind, vector }: VectorValue<V>): V =>
    kind === 'mask' ? vector : v.less(v.constant(0), v.absolute(vector));

  type Unary = (a: VectorValue<V>) => VectorValue<V>;
  type Binary = (a: VectorValue<V>, b: VectorValue<V>) => VectorValue<V>;
  const unary =
    (f: (a: V) => V): Unary =>
    (a) =>
      fromNumbers(f(numberOf(a)));
  const binary =
    (f: (a: V, b: V) => V): Binary =>
    (a, b) =>
      fromNumbers(f(numberOf(a), numberOf(b)));
  const compare =
    (f: (a: V, b: V) => V): Binary =>
    (a, b) =>
      fromMask(f(numberOf(a), numberOf(b)));
  const isSingle = v.elementType === 'float32';
  const elementary = (name: Exclude<LibraryFunction, BinaryFunction>): Unary =>
    unary((a) => (isSingle ? single[name](v, v.share(a)) : v.call(name, a)));
  const elementaryOfTwo = (name: BinaryFunction): Binary =>
    binary((a, b) => (isSingle ? single[name](v, v.share(a), v.share(b)) : v.call(name, a, b)));

  return {
    fromNumbers,
    numberOf,
    maskOf,
    constant: (value) => fromNumbers(v.constant(value)),
    share: ({ kind, vector }) => ({ kind, vector: v.share(vector) }),
    add: binary((a, b) => v.add(a, b)),
    sub: binary((a, b) => v.subtract(a, b)),
    mul: binary((a, b) => v.multiply(a, b)),
    div: binary((a, b) => v.divide(a, b)),
    neg: unary((a) => v.negate(a)),
    abs: unary((a) => v.absolute(a)),
    sign: unary((a) => signOf(v, v.share(a))),
    floor: unary((a) => v.floor(a)),
    ceil: unary((a) => v.ceil(a)),
    trunc: unary((a) => v.truncate(a)),
    round: unary((a) => v.nearest(a)),
    sqrt: unary((a) => v.squareRoot(a)),
    maximum: binary((a, b) => v.maximum(a, b)),
    minimum: binary((a, b) => v.minimum(a, b)),
    less: compare((a, b) => v.less(a, b)),
    lessEqual: compare((a, b) => v.lessEqual(a, b)),
    equal: compare((a, b) => v.equal(a, b)),
    not: (a) => fromMask(v.not(maskOf(a))),
    and: (a, b) => fromMask(v.and(maskOf(a), maskOf(b))),
    or: (a, b) => fromMask(v.or(maskOf(a), maskOf(b))),
    select: (condition, a, b) => {
      const mask = maskOf(condition);
      const areMasks = a.kind === 'mask' && b.kind === 'mask';
      return areMasks
        ? fromMask(v.select(mask, a.vector, b.vector))
        : fromNumbers(v.select(mask, numberOf(a), numberOf(b)));
    },
    pow: elementaryOfTwo('pow'),
    fmod: elementaryOfTwo('fmod'),
    atan2: elementaryOfTwo('atan2'),
    exp: elementary('exp'),
    expm1: elementary('expm1'),
    log: elementary('log'),
    log1p: elementary('log1p'),
    log2: elementary('log2'),
    log10: elementary('log10'),
    sin: elementary('sin'),
    cos: elementary('cos'),
    tan: elementary('tan'),
    asin: elementary('asin'),
    acos: elementary('acos'),
    atan: elementary('atan'),
    sinh: elementary('sinh'),
    cosh: elementary('cosh'),
    tanh: elementary('tanh'),
    asinh: elementary('asinh'),
    acosh: elementary('acosh'),
    atanh: elementary('atanh'),
    erf: elementary('erf'),
    sigmoid: unary((a) => (isSingle ? single.sigmoid(v, v.share(a)) : sigmoidByLibrary(v, a))),
  };
}

function sigmoidByLibrary<V>(v: VectorMath<V>, a: V): V {
  return v.divide(v.constant(1), v.add(v.constant(1), v.call('exp', v.negate(a))));
}

/** -1, 0 or 1; 0 for NaN. */
function signOf<V>(v: VectorMath<V>, a: V): V {
  const zero = v.constant(0);
  return v.or(v.and(v.less(zero, a), v.constant(1)), v.and(v.less(a, zero), v.constant(-1)));
}
