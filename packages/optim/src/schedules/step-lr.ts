import { Schedule, type ScheduleOptimizer } from './schedule.ts';

export interface StepLROptions {
  /** After how many steps the rate falls. */
  readonly stepSize: number;
  /** To what part of itself it falls. Default: 0.1. */
  readonly gamma?: number;
}

/**
 * A learning rate that falls to `gamma` of itself every `stepSize` steps: `η₀ γ^⌊t / stepSize⌋`.
 *
 * @example
 * const optimizer = new SGD([new Parameter(tensor([1]))], { lr: 0.1 });
 * const schedule = new StepLR(optimizer, { stepSize: 2, gamma: 0.5 });
 * schedule.step();
 * schedule.step();
 * optimizer.paramGroups[0].lr; // 0.05
 */
export class StepLR extends Schedule {
  readonly stepSize: number;
  readonly gamma: number;

  constructor(optimizer: ScheduleOptimizer, { stepSize, gamma = 0.1 }: StepLROptions) {
    super(optimizer);
    this.stepSize = stepSize;
    this.gamma = gamma;
  }

  protected next(rate: number): number {
    return this.lastStep % this.stepSize === 0 ? rate * this.gamma : rate;
  }
}
