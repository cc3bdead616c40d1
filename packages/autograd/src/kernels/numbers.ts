import { erf } from './error-function.ts';
import type { ScalarMath } from './scalar-math.ts';

/** The interpreter that computes: the reference for all others. */
export const numbers: ScalarMath<number> = {
  constant: (value) => value,
  share: (a) => a,
  add: (a, b) => a + b,
  sub: (a, b) => a - b,
  mul: (a, b) => a * b,
  div: (a, b) => a / b,
  neg: (a) => -a,
  pow,
  fmod: (a, b) => a % b,
  atan2: Math.atan2,
  abs: Math.abs,
  sign: (a) => (a > 0 ? 1 : a < 0 ? -1 : 0),
  floor: Math.floor,
  ceil: Math.ceil,
  trunc: Math.trunc,
  round,
  sqrt: Math.sqrt,
  exp: Math.exp,
  expm1: Math.expm1,
  log: Math.log,
  log1p: Math.log1p,
  log2: Math.log2,
  log10: Math.log10,
  sin: Math.sin,
  cos: Math.cos,
  tan: Math.tan,
  asin: Math.asin,
  acos: Math.acos,
  atan: Math.atan,
  sinh: Math.sinh,
  cosh: Math.cosh,
  tanh: Math.tanh,
  asinh: Math.asinh,
  acosh: Math.acosh,
  atanh: Math.atanh,
  erf,
  sigmoid: (a) => 1 / (1 + Math.exp(-a)),
  maximum: Math.max,
  minimum: Math.min,
  less: (a, b) => (a < b ? 1 : 0),
  lessEqual: (a, b) => (a <= b ? 1 : 0),
  equal: (a, b) => (a === b ? 1 : 0),
  not: (a) => (a ? 0 : 1),
  and: (a, b) => (a && b ? 1 : 0),
  or: (a, b) => (a || b ? 1 : 0),
  select: (condition, a, b) => (condition ? a : b),
};

function round(a: number): number {
  const below = Math.floor(a);
  const rest = a - below;
  if (rest !== 0.5) return rest < 0.5 ? below : below + 1;
  return below % 2 === 0 ? below : below + 1;
}

/** As C has it: `pow(1, anything)` is 1, where JavaScript says NaN for infinite exponents. */
function pow(a: number, b: number): number {
  return a === 1 || (a === -1 && Math.abs(b) === Infinity) ? 1 : a ** b;
}
