// PyTorch's second names for what has another name here. One line each: nothing is defined in this file.

export { sigmoid as expit } from './activations.ts';
export {
  abs as absolute,
  clamp as clip,
  div as divide,
  div as trueDivide,
  mul as multiply,
  neg as negative,
  sub as subtract,
} from './arithmetic.ts';
export { ge as greaterEqual, gt as greater, le as lessEqual, lt as less, ne as notEqual } from './comparison.ts';
export { trapezoid as trapz } from './differences.ts';
export {
  acos as arccos,
  acosh as arccosh,
  asin as arcsin,
  asinh as arcsinh,
  atan as arctan,
  atan2 as arctan2,
  atanh as arctanh,
} from './elementary.ts';
export {
  concat as cat,
  concat as concatenate,
  movedim as moveaxis,
  reshape as view,
  reshapeAs as viewAs,
  transpose as swapaxes,
  transpose as swapdims,
} from './movement.ts';
export { multiDot as chainMatmul } from './multi-dot.ts';
export { dot as vdot } from './products.ts';
export { expand as broadcastTo } from './repeating.ts';
export { sign as sgn, trunc as fix } from './rounding.ts';
export { digamma as psi, lgamma as gammaln, mvlgamma as multigammaln } from './special.ts';
export { vstack as rowStack } from './stacking.ts';
