export { atan2 } from '../primitives/piecewise/atan2.ts';
export { exp, exp2, expm1, log, log1p, log2, log10 } from '../primitives/smooth/exponential.ts';
export { acosh, asinh, atanh, cosh, sinh, tanh } from '../primitives/smooth/hyperbolic.ts';
export { hypot } from '../primitives/smooth/hypot.ts';
export { logaddexp, logaddexp2 } from '../primitives/smooth/log-add-exp.ts';
export { acos, asin, atan, cos, sin, tan } from '../primitives/smooth/trigonometric.ts';
