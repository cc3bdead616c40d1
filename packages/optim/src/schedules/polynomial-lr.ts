import { atLeastZero, checkSetting, wholeAboveZero } from '../settings.ts';
import { LRScheduler, type LRSchedulerOptions } from './lr-scheduler.ts';
import type { ScheduleOptimizer, SettingsOf } from './schedule.ts';

export interface PolynomialLROptions extends LRSchedulerOptions {
  /** After how many steps the rate is zero. Default: 5. */
  readonly totalIters?: number;
  /** The power p. Default: 1, a straight line. */
  readonly power?: number;
}

/**
 * A learning rate that falls to zero: `η₀ (1 - t/T)ᵖ` until t = T.
 *
 * @example
 * const optimizer = new SGD([new Parameter(tensor([1]))], { lr: 0.1 });
 * const schedule = new PolynomialLR(optimizer, { totalIters: 4, power: 2 });
 * schedule.step();
 * schedule.step();
 * schedule.getLastLr(); // [0.025]
 */
export class PolynomialLR extends LRScheduler<PolynomialLROptions> {
  constructor(optimizer: ScheduleOptimizer, options: PolynomialLROptions = {}) {
    super(optimizer, { totalIters: 5, power: 1, lastEpoch: -1 }, options);
  }

  protected override checkSettings(settings: SettingsOf<PolynomialLROptions>): void {
    super.checkSettings(settings);
    checkSetting(this, 'totalIters', settings.totalIters, wholeAboveZero);
    checkSetting(this, 'power', settings.power, atLeastZero);
  }

  protected next(rate: number): number {
    const { totalIters, power } = this.settings;
    if (this.lastEpoch > totalIters) return rate;
    return rate * ((1 - this.lastEpoch / totalIters) / (1 - (this.lastEpoch - 1) / totalIters)) ** power;
  }

  protected override initial(rate: number): number {
    return rate;
  }

  protected override closedForm(base: number): number {
    const { totalIters, power } = this.settings;
    return base * (1 - Math.min(totalIters, this.lastEpoch) / totalIters) ** power;
  }
}
