import { installMethods } from './fluent.ts';

installMethods();

export { type DType, dtypes, isFloating, smallestNormal } from './core/dtype.ts';
export { GradtapeError } from './core/errors.ts';
export { fromPyTorchName, type Naming, toPyTorchName } from './core/pytorch-names.ts';
export { defaultGenerator, manualSeed } from './core/random/default-generator.ts';
export { Generator, type GeneratorState } from './core/random/generator.ts';
export type { Shape } from './core/shape.ts';
export type {
  Checked,
  Entering,
  Flowing,
  Known,
  Register,
  SameSize,
  ShowShape,
  ShowSize,
} from './core/shape-types.ts';
export { type Nested, Tensor } from './core/tensor.ts';
export type { ShapeOf } from './core/typed-tensor.ts';
export type {} from './fluent.ts';
export * from './functions/index.ts';
export { numbersOf } from './functions/numbers-of.ts';
export { detach, Parameter } from './tape/leaf.ts';
export { isTracing } from './tape/observer.ts';
export { dependOn, repeat } from './tape/repeated.ts';
export { Slot } from './tape/slot.ts';
export * from './transforms/index.ts';
