import { atLeastZero, checkSetting } from '../settings.ts';
import { LRScheduler, type LRSchedulerOptions } from './lr-scheduler.ts';
import type { ScheduleOptimizer, SettingsOf } from './schedule.ts';

export interface ExponentialLROptions extends LRSchedulerOptions {
  /** What each step multiplies the rate by. */
  readonly gamma: number;
}

/**
 * A learning rate that each step multiplies by `gamma`: `η₀ γᵗ`.
 *
 * @example
 * const optimizer = new SGD([new Parameter(tensor([1]))], { lr: 0.1 });
 * const schedule = new ExponentialLR(optimizer, { gamma: 0.5 });
 * schedule.step();
 * schedule.step();
 * schedule.getLastLr(); // [0.025]
 */
export class ExponentialLR extends LRScheduler<ExponentialLROptions> {
  constructor(optimizer: ScheduleOptimizer, options: ExponentialLROptions) {
    super(optimizer, { gamma: undefined, lastEpoch: -1 }, options);
  }

  protected override checkSettings(settings: SettingsOf<ExponentialLROptions>): void {
    super.checkSettings(settings);
    checkSetting(this, 'gamma', settings.gamma, atLeastZero);
  }

  protected next(rate: number): number {
    return rate * this.settings.gamma;
  }

  protected override initial(rate: number): number {
    return rate;
  }

  protected override closedForm(base: number): number {
    return base * this.settings.gamma ** this.lastEpoch;
  }
}
