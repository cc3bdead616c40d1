export { Buffer } from './buffer.ts';
export * as init from './init.ts';
export {
  type CreationOptions,
  Layer,
  type RuleOf,
  type ShapeAfter,
  type ShapeRule,
  type ShapeRules,
} from './layer.ts';
export { Linear, type LinearOptions } from './layers/linear.ts';
export { ModuleDict } from './layers/module-dict.ts';
export { ModuleList } from './layers/module-list.ts';
export { Sequential } from './layers/sequential.ts';
export { type LoadOptions, Module, type UnmatchedNames } from './module.ts';
export { summary } from './summary.ts';
