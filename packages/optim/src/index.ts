export { Adadelta, type AdadeltaOptions } from './adadelta.ts';
export { Adagrad, type AdagradOptions } from './adagrad.ts';
export { Adam, type AdamOptions, type MomentOptions } from './adam.ts';
export { Adamax, type AdamaxOptions } from './adamax.ts';
export { AdamW } from './adamw.ts';
export { ASGD, type ASGDOptions } from './asgd.ts';
export {
  type ClipNormOptions,
  clipGradNorm,
  clipGradsWithNorm,
  clipGradValue,
  getTotalNorm,
  type TotalNormOptions,
} from './clipping.ts';
export { ExponentialMovingAverage, type ExponentialMovingAverageOptions } from './exponential-moving-average.ts';
export { LBFGS, type LBFGSOptions } from './lbfgs.ts';
export { type LearningRateRange, type LearningRateRangeOptions, learningRateRange } from './learning-rate-range.ts';
export { Lion, type LionOptions } from './lion.ts';
export { NAdam, type NAdamOptions } from './nadam.ts';
export {
  type GroupOptions,
  Optimizer,
  type OptimizerOptions,
  type ParameterGroup,
  type ParametersOrGroups,
} from './optimizer.ts';
export type { OptimizerStateDict, SavedState } from './optimizer-state.ts';
export { type ParameterState, ParameterwiseOptimizer } from './parameterwise-optimizer.ts';
export type { PyTorchGroup, PyTorchOptimizerState } from './pytorch-state.ts';
export { RAdam, type RAdamOptions } from './radam.ts';
export { RMSprop, type RMSpropOptions } from './rmsprop.ts';
export { Rprop, type RpropOptions } from './rprop.ts';
export type { AnnealStrategy } from './schedules/annealing.ts';
export type { Chainable } from './schedules/chainable.ts';
export { ChainedScheduler } from './schedules/chained-scheduler.ts';
export type { CompositeScheduleOptions } from './schedules/composite-schedule.ts';
export { ConstantLR, type ConstantLROptions } from './schedules/constant-lr.ts';
export { CosineAnnealingLR, type CosineAnnealingLROptions } from './schedules/cosine-annealing-lr.ts';
export {
  CosineAnnealingWarmRestarts,
  type CosineAnnealingWarmRestartsOptions,
} from './schedules/cosine-annealing-warm-restarts.ts';
export { CosineWarmupLR, type CosineWarmupLROptions } from './schedules/cosine-warmup-lr.ts';
export { CyclicLR, type CyclicLROptions } from './schedules/cyclic-lr.ts';
export { ExponentialLR, type ExponentialLROptions } from './schedules/exponential-lr.ts';
export { InverseTimeLR, type InverseTimeLROptions } from './schedules/inverse-time-lr.ts';
export { LambdaLR, type LambdaLROptions } from './schedules/lambda-lr.ts';
export { LinearLR, type LinearLROptions } from './schedules/linear-lr.ts';
export { type LinearScalingOptions, linearScalingRule } from './schedules/linear-scaling-rule.ts';
export { LRScheduler, type LRSchedulerOptions } from './schedules/lr-scheduler.ts';
export { MomentumWarmup, type MomentumWarmupOptions } from './schedules/momentum-warmup.ts';
export { MultiStepLR, type MultiStepLROptions } from './schedules/multi-step-lr.ts';
export { MultiplicativeLR, type MultiplicativeLROptions } from './schedules/multiplicative-lr.ts';
export { OneCycleLR, type OneCycleLROptions } from './schedules/one-cycle-lr.ts';
export { PolynomialLR, type PolynomialLROptions } from './schedules/polynomial-lr.ts';
export { ReduceLROnPlateau, type ReduceLROnPlateauOptions } from './schedules/reduce-lr-on-plateau.ts';
export { Schedule, type ScheduledGroup, type ScheduleOptimizer, type ScheduleState } from './schedules/schedule.ts';
export { SequentialLR, type SequentialLROptions } from './schedules/sequential-lr.ts';
export { StepLR, type StepLROptions } from './schedules/step-lr.ts';
export { SWALR, type SWALROptions } from './schedules/swa-lr.ts';
export type { Defaults, PerGroup } from './settings.ts';
export { SGD, type SGDOptions } from './sgd.ts';
export { StochasticWeightAverage } from './stochastic-weight-average.ts';
export { type Averaged, WeightAverage, type WeightAverageState } from './weight-average.ts';
