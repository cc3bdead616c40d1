import type { LibraryFunction, VectorMath } from '../vector-math.ts';
import { erf } from './error-function.ts';
import { exp, expm1 } from './exp.ts';
import { acosh, asinh, atanh, cosh, sinh, tanh } from './hyperbolic.ts';
import { acos, asin, atan, atan2 } from './inverse-trigonometric.ts';
import { log, log1p, log2, log10 } from './logarithm.ts';
import { pow } from './power.ts';
import { fmod } from './remainder.ts';
import { sigmoid } from './sigmoid.ts';
import { cos, sin, tan } from './trigonometric.ts';

type Unary = <V>(v: VectorMath<V>, x: V) => V;
type Binary = <V>(v: VectorMath<V>, x: V, y: V) => V;

/** Functions that libraries have, and one that they lack. */
export type ElementaryFunction = LibraryFunction | 'sigmoid';
export type BinaryFunction = 'pow' | 'fmod' | 'atan2';

/** Elementary functions of float32, without branches: each within 2 units in the last place of the rounded value. */
export const single: { readonly [name in ElementaryFunction]: name extends BinaryFunction ? Binary : Unary } = {
  pow,
  fmod,
  atan2,
  exp,
  expm1,
  log,
  log1p,
  log2,
  log10,
  sin,
  cos,
  tan,
  asin,
  acos,
  atan,
  sinh,
  cosh,
  tanh,
  asinh,
  acosh,
  atanh,
  erf,
  sigmoid,
};
