import { aboveZeroToOne, checkSetting, wholeAtLeastZero } from '../settings.ts';
import { LRScheduler, type LRSchedulerOptions } from './lr-scheduler.ts';
import type { ScheduleOptimizer, SettingsOf } from './schedule.ts';

export interface ConstantLROptions extends LRSchedulerOptions {
  /** What part of the rate there is at first. Default: 1/3. */
  readonly factor?: number;
  /** After how many steps there is all of it. Default: 5. */
  readonly totalIters?: number;
}

/**
 * A learning rate that is multiplied by `factor` for the first `totalIters` steps.
 *
 * @example
 * const optimizer = new SGD([new Parameter(tensor([1]))], { lr: 0.1 });
 * const schedule = new ConstantLR(optimizer, { factor: 0.5, totalIters: 2 });
 * schedule.getLastLr(); // [0.05]
 * schedule.step();
 * schedule.step();
 * schedule.getLastLr(); // [0.1]
 */
export class ConstantLR extends LRScheduler<ConstantLROptions> {
  constructor(optimizer: ScheduleOptimizer, options: ConstantLROptions = {}) {
    super(optimizer, { factor: 1 / 3, totalIters: 5, lastEpoch: -1 }, options);
  }

  protected override checkSettings(settings: SettingsOf<ConstantLROptions>): void {
    super.checkSettings(settings);
    checkSetting(this, 'factor', settings.factor, aboveZeroToOne);
    checkSetting(this, 'totalIters', settings.totalIters, wholeAtLeastZero);
  }

  protected next(rate: number): number {
    const { factor, totalIters } = this.settings;
    if (this.lastEpoch === 0) return rate * factor;
    return this.lastEpoch === totalIters ? rate / factor : rate;
  }

  protected override closedForm(base: number): number {
    const { factor, totalIters } = this.settings;
    return this.lastEpoch >= totalIters ? base : base * factor;
  }
}
