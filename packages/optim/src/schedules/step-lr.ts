import { atLeastZero, checkSetting, wholeAboveZero } from '../settings.ts';
import { LRScheduler, type LRSchedulerOptions } from './lr-scheduler.ts';
import type { ScheduleOptimizer, SettingsOf } from './schedule.ts';

export interface StepLROptions extends LRSchedulerOptions {
  /** After how many steps the rate falls. */
  readonly stepSize: number;
  /** To what part of itself it falls. Default: 0.1. */
  readonly gamma?: number;
}

/**
 * A learning rate that falls to `gamma` of itself every `stepSize` steps: `η₀ γ^⌊t / stepSize⌋`. With `gamma: 0.5` it is
 * the step halving of the textbooks.
 *
 * @example
 * const optimizer = new SGD([new Parameter(tensor([1]))], { lr: 0.1 });
 * const schedule = new StepLR(optimizer, { stepSize: 2, gamma: 0.5 });
 * schedule.step();
 * schedule.step();
 * optimizer.paramGroups[0].lr; // 0.05
 */
export class StepLR extends LRScheduler<StepLROptions> {
  constructor(optimizer: ScheduleOptimizer, options: StepLROptions) {
    super(optimizer, { stepSize: undefined, gamma: 0.1, lastEpoch: -1 }, options);
  }

  protected override checkSettings(settings: SettingsOf<StepLROptions>): void {
    super.checkSettings(settings);
    checkSetting(this, 'stepSize', settings.stepSize, wholeAboveZero);
    checkSetting(this, 'gamma', settings.gamma, atLeastZero);
  }

  protected next(rate: number): number {
    const { stepSize, gamma } = this.settings;
    return this.lastEpoch > 0 && this.lastEpoch % stepSize === 0 ? rate * gamma : rate;
  }

  protected override closedForm(base: number): number {
    const { stepSize, gamma } = this.settings;
    return base * gamma ** Math.floor(this.lastEpoch / stepSize);
  }
}
