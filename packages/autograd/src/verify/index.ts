export { assertPrimitive, checkPrimitive, type PrimitiveCheckOptions } from './check-primitive.ts';
export { assertGradients, checkGradients, type GradientCheckOptions } from './gradients/check-gradients.ts';
export type { Comparison } from './gradients/compare-along.ts';
export type { VariableReport } from './gradients/compare-variable.ts';
export type { GradientReport, OrderReport } from './gradients/gradient-report.ts';
export type { Kink } from './gradients/kinks.ts';
export type { Inputs, UsedParameters } from './named.ts';
export type { BrokenLaw, PrimitiveReport } from './primitive-report.ts';
export { probe } from './probe.ts';
