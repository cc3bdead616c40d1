import { checkSetting, finite, wholeAboveZero } from '../settings.ts';
import { LRScheduler, type LRSchedulerOptions } from './lr-scheduler.ts';
import type { ScheduleOptimizer, SettingsOf } from './schedule.ts';

export interface CosineAnnealingLROptions extends LRSchedulerOptions {
  /** After how many steps the rate is at its lowest; it then rises again. */
  readonly tMax: number;
  /** The lowest rate. Default: 0. */
  readonly etaMin?: number;
}

/**
 * A learning rate that falls along half a wave of the cosine (Loshchilov and Hutter, 2017, without restarts):
 * `η_min + (η₀ - η_min) (1 + cos(π t / T)) / 2`, taken step by step as PyTorch does.
 *
 * @example
 * const optimizer = new SGD([new Parameter(tensor([1]))], { lr: 0.1 });
 * const schedule = new CosineAnnealingLR(optimizer, { tMax: 2 });
 * schedule.step();
 * schedule.getLastLr(); // [0.05]
 * schedule.step();
 * schedule.getLastLr(); // [0]
 */
export class CosineAnnealingLR extends LRScheduler<CosineAnnealingLROptions> {
  constructor(optimizer: ScheduleOptimizer, options: CosineAnnealingLROptions) {
    super(optimizer, { tMax: undefined, etaMin: 0, lastEpoch: -1 }, options);
  }

  protected override checkSettings(settings: SettingsOf<CosineAnnealingLROptions>): void {
    super.checkSettings(settings);
    checkSetting(this, 'tMax', settings.tMax, wholeAboveZero);
    checkSetting(this, 'etaMin', settings.etaMin, finite);
  }

  protected next(rate: number, group: number): number {
    const { tMax, etaMin } = this.settings;
    // From the lowest point there is no way up by a factor.
    if ((this.lastEpoch - 1 - tMax) % (2 * tMax) === 0)
      return rate + (((this.baseLrs[group] as number) - etaMin) * (1 - Math.cos(Math.PI / tMax))) / 2;
    const height = (epoch: number): number => 1 + Math.cos((Math.PI * epoch) / tMax);
    return (height(this.lastEpoch) / height(this.lastEpoch - 1)) * (rate - etaMin) + etaMin;
  }

  protected override initial(rate: number): number {
    return rate;
  }

  protected override closedForm(base: number): number {
    const { tMax, etaMin } = this.settings;
    return etaMin + ((base - etaMin) * (1 + Math.cos((Math.PI * this.lastEpoch) / tMax))) / 2;
  }
}
