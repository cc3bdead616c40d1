export { erf } from '../primitives/smooth/error-function.ts';
export { exp, exp2, expm1, log, log1p, log2, log10 } from '../primitives/smooth/exponential.ts';
export { acosh, asinh, atanh, cosh, sinh, tanh } from '../primitives/smooth/hyperbolic.ts';
export { acos, asin, atan, atan2, cos, sin, tan } from '../primitives/smooth/trigonometric.ts';
