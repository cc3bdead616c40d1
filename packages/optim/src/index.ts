export { Adadelta, type AdadeltaOptions } from './adadelta.ts';
export { Adagrad, type AdagradOptions } from './adagrad.ts';
export { Adam, type AdamOptions, type MomentOptions } from './adam.ts';
export { Adamax, type AdamaxOptions } from './adamax.ts';
export { AdamW } from './adamw.ts';
export { ASGD, type ASGDOptions } from './asgd.ts';
export { type ClipNormOptions, clipGradNorm, clipGradValue } from './clipping.ts';
export { Lion, type LionOptions } from './lion.ts';
export { NAdam, type NAdamOptions } from './nadam.ts';
export {
  type GroupOptions,
  Optimizer,
  type OptimizerOptions,
  type OptimizerStateDict,
  type ParameterGroup,
  type ParameterState,
  type Parameters,
} from './optimizer.ts';
export { RAdam, type RAdamOptions } from './radam.ts';
export { RMSprop, type RMSpropOptions } from './rmsprop.ts';
export { Rprop, type RpropOptions } from './rprop.ts';
export { Schedule, type ScheduleOptimizer } from './schedules/schedule.ts';
export { StepLR, type StepLROptions } from './schedules/step-lr.ts';
export type { Defaults } from './settings.ts';
export { SGD, type SGDOptions } from './sgd.ts';
