import { aboveZero, atLeastZero, checkPerGroup, checkSetting, type PerGroup, valueForGroup } from '../settings.ts';
import { LRScheduler, type LRSchedulerOptions } from './lr-scheduler.ts';
import type { ScheduleOptimizer, SettingsOf } from './schedule.ts';

export interface InverseTimeLROptions extends LRSchedulerOptions {
  /** The numerator a; one, or one for each group. Default: null, so that the first rate is the optimizer's. */
  readonly a?: PerGroup<number> | null;
  /** b: after about how many steps the rate begins to fall; it is half the first one at t = b. Default: 1. */
  readonly b?: number;
}

/**
 * A learning rate that falls with time as `a / (b + t)`, t from 0: the schedule under which stochastic approximation converges
 * (Robbins and Monro, 1951). PyTorch has none by name.
 *
 * @example
 * const optimizer = new SGD([new Parameter(tensor([1]))], { lr: 0.1 });
 * const schedule = new InverseTimeLR(optimizer, { a: 1, b: 4 });
 * schedule.getLastLr(); // [0.25]
 * schedule.step();
 * schedule.getLastLr(); // [0.2]
 */
export class InverseTimeLR extends LRScheduler<InverseTimeLROptions> {
  constructor(optimizer: ScheduleOptimizer, options: InverseTimeLROptions = {}) {
    super(optimizer, { a: null, b: 1, lastEpoch: -1 }, options);
  }

  protected override checkSettings(settings: SettingsOf<InverseTimeLROptions>): void {
    super.checkSettings(settings);
    if (settings.a !== null) checkPerGroup(this, 'a', settings.a, this.optimizer.paramGroups.length, atLeastZero);
    checkSetting(this, 'b', settings.b, aboveZero);
  }

  protected next(rate: number): number {
    const { b } = this.settings;
    return (rate * (b + this.lastEpoch - 1)) / (b + this.lastEpoch);
  }

  protected override initial(rate: number, group: number): number {
    return this.settings.a === null || this.lastEpoch > 0 ? rate : this.closedForm(rate, group);
  }

  protected override closedForm(base: number, group: number): number {
    const { a, b } = this.settings;
    return (a === null ? base * b : valueForGroup(a, group)) / (b + this.lastEpoch);
  }
}
