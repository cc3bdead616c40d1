import { aboveZeroToOne, checkSetting, fromZeroToOne, wholeAboveZero } from '../settings.ts';
import { LRScheduler, type LRSchedulerOptions } from './lr-scheduler.ts';
import type { ScheduleOptimizer, SettingsOf } from './schedule.ts';

export interface LinearLROptions extends LRSchedulerOptions {
  /** What part of the rate there is at first. Default: 1/3. */
  readonly startFactor?: number;
  /** What part there is in the end. Default: 1. */
  readonly endFactor?: number;
  /** How many steps lie between. Default: 5. */
  readonly totalIters?: number;
}

/**
 * A learning rate that changes along a straight line from `startFactor` to `endFactor` of itself, and then stays: linear
 * warmup.
 *
 * @example
 * const optimizer = new SGD([new Parameter(tensor([1]))], { lr: 0.1 });
 * const schedule = new LinearLR(optimizer, { startFactor: 0.5, totalIters: 2 });
 * schedule.getLastLr(); // [0.05]
 * schedule.step();
 * schedule.getLastLr(); // [0.075]
 */
export class LinearLR extends LRScheduler<LinearLROptions> {
  constructor(optimizer: ScheduleOptimizer, options: LinearLROptions = {}) {
    super(optimizer, { startFactor: 1 / 3, endFactor: 1, totalIters: 5, lastEpoch: -1 }, options);
  }

  protected override checkSettings(settings: SettingsOf<LinearLROptions>): void {
    super.checkSettings(settings);
    checkSetting(this, 'startFactor', settings.startFactor, aboveZeroToOne);
    checkSetting(this, 'endFactor', settings.endFactor, fromZeroToOne);
    checkSetting(this, 'totalIters', settings.totalIters, wholeAboveZero);
  }

  protected next(rate: number): number {
    const { startFactor, endFactor, totalIters } = this.settings;
    if (this.lastEpoch > totalIters) return rate;
    const change = endFactor - startFactor;
    return rate * (1 + change / (totalIters * startFactor + (this.lastEpoch - 1) * change));
  }

  protected override initial(rate: number): number {
    return this.lastEpoch === 0 ? rate * this.settings.startFactor : rate;
  }

  protected override closedForm(base: number): number {
    const { startFactor, endFactor, totalIters } = this.settings;
    return base * (startFactor + ((endFactor - startFactor) * Math.min(totalIters, this.lastEpoch)) / totalIters);
  }
}
