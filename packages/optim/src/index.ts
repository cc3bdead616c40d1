export { Adam, type AdamOptions, AdamW } from './adam.ts';
export { type ClipNormOptions, clipGradNorm, clipGradValue } from './clipping.ts';
export {
  type GroupOptions,
  Optimizer,
  type OptimizerOptions,
  type OptimizerStateDict,
  type ParameterGroup,
  type ParameterState,
} from './optimizer.ts';
export { Schedule, type ScheduleOptimizer } from './schedules/schedule.ts';
export { StepLR, type StepLROptions } from './schedules/step-lr.ts';
export { SGD, type SGDOptions } from './sgd.ts';
