export { where } from '../primitives/linear/where.ts';
export {
  eq,
  ge,
  gt,
  isnan,
  le,
  logicalAnd,
  logicalNot,
  logicalOr,
  lt,
  ne,
} from '../primitives/piecewise/comparison.ts';
