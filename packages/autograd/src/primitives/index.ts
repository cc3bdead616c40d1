// What it takes to write a primitive of your own: `@gradtape/autograd/primitives`.
export type { Notation } from '../kernels/notation.ts';
export type { Formula, ScalarMath } from '../kernels/scalar-math.ts';
export { bind } from '../tape/bind.ts';
export type { Cotangents, Domain, Draw, Line, Primitive, Sample, Tangents } from '../tape/primitive.ts';
export { bilinear } from './bilinear/degree.ts';
export { type Elementwise, type Lifting, lift, liftUnary } from './linear/align.ts';
export { linear } from './linear/degree.ts';
export { locallyConstant, piecewise, weighing } from './piecewise/degree.ts';
export { type SmoothDeclaration, smooth } from './smooth/degree.ts';
export {
  chain,
  type Differential,
  type LinearMap,
  type SmoothMapDeclaration,
  selfAdjoint,
  smoothMap,
} from './smooth/smooth-map.ts';
