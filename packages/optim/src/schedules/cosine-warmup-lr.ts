import { aboveZeroToOne, checkSetting, wholeAboveZero } from '../settings.ts';
import { LRScheduler, type LRSchedulerOptions } from './lr-scheduler.ts';
import type { ScheduleOptimizer, SettingsOf } from './schedule.ts';

export interface CosineWarmupLROptions extends LRSchedulerOptions {
  /** What part of the rate there is at first. Default: 1/3. */
  readonly startFactor?: number;
  /** After how many steps there is all of it. Default: 5. */
  readonly totalIters?: number;
}

/**
 * A learning rate that rises from `startFactor` of itself to all of it along half a wave of the cosine, slowly at both
 * ends: `η₀ (s + (1-s) (1 - cos(π t / T)) / 2)` until t = T. PyTorch has it only inside of `OneCycleLR`; its straight
 * counterpart is {@link LinearLR}.
 *
 * @example
 * const optimizer = new SGD([new Parameter(tensor([1]))], { lr: 0.1 });
 * const schedule = new CosineWarmupLR(optimizer, { startFactor: 0.2, totalIters: 2 });
 * schedule.getLastLr(); // [0.02]
 * schedule.step();
 * schedule.getLastLr(); // [0.06]
 * schedule.step();
 * schedule.getLastLr(); // [0.1]
 */
export class CosineWarmupLR extends LRScheduler<CosineWarmupLROptions> {
  constructor(optimizer: ScheduleOptimizer, options: CosineWarmupLROptions = {}) {
    super(optimizer, { startFactor: 1 / 3, totalIters: 5, lastEpoch: -1 }, options);
  }

  protected override checkSettings(settings: SettingsOf<CosineWarmupLROptions>): void {
    super.checkSettings(settings);
    checkSetting(this, 'startFactor', settings.startFactor, aboveZeroToOne);
    checkSetting(this, 'totalIters', settings.totalIters, wholeAboveZero);
  }

  protected next(rate: number): number {
    return (rate * this.factor(this.lastEpoch)) / this.factor(this.lastEpoch - 1);
  }

  protected override initial(rate: number): number {
    return this.lastEpoch === 0 ? rate * this.settings.startFactor : rate;
  }

  protected override closedForm(base: number): number {
    return base * this.factor(this.lastEpoch);
  }

  private factor(epoch: number): number {
    const { startFactor, totalIters } = this.settings;
    const risen = (1 - Math.cos((Math.PI * Math.min(epoch, totalIters)) / totalIters)) / 2;
    return startFactor + (1 - startFactor) * risen;
  }
}
