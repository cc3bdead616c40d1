export { where } from '../primitives/linear/where.ts';
export { isfinite, isinf, isneginf, isposinf, signbit } from '../primitives/piecewise/classification.ts';
export {
  eq,
  ge,
  gt,
  isnan,
  le,
  logicalAnd,
  logicalNot,
  logicalOr,
  logicalXor,
  lt,
  ne,
} from '../primitives/piecewise/comparison.ts';
