import { atLeastZero, checkSetting, finite, wholeAboveZero } from '../settings.ts';
import { LRScheduler, type LRSchedulerOptions } from './lr-scheduler.ts';
import type { ScheduleOptimizer, ScheduleState, SettingsOf } from './schedule.ts';

export interface CosineAnnealingWarmRestartsOptions extends LRSchedulerOptions {
  /** After how many steps the rate first begins anew. */
  readonly t0: number;
  /** By what each period is longer than the one before; a whole number. Default: 1. */
  readonly tMult?: number;
  /** The lowest rate. Default: 0. */
  readonly etaMin?: number;
}

/**
 * A learning rate that falls along half a wave of the cosine, and begins anew (Loshchilov and Hutter, 2017):
 * `η_min + (η₀ - η_min) (1 + cos(π t / T)) / 2` with t steps since the period of T steps began. `step` may be told the epoch, with a
 * fraction: `schedule.step(epoch + batch / batches)`.
 *
 * @example
 * const optimizer = new SGD([new Parameter(tensor([1]))], { lr: 0.1 });
 * const schedule = new CosineAnnealingWarmRestarts(optimizer, { t0: 2, tMult: 2 });
 * schedule.step();
 * schedule.getLastLr(); // [0.05]
 * schedule.step();
 * schedule.getLastLr(); // [0.1]
 * schedule.step(4.5);
 * schedule.getLastLr(); // [0.030866]
 */
export class CosineAnnealingWarmRestarts extends LRScheduler<CosineAnnealingWarmRestartsOptions> {
  // Set by the base's constructor, through `start`.
  declare private sinceRestart: number;
  declare private period: number;

  constructor(optimizer: ScheduleOptimizer, options: CosineAnnealingWarmRestartsOptions) {
    super(optimizer, { t0: undefined, tMult: 1, etaMin: 0, lastEpoch: -1 }, options);
  }

  protected override checkSettings(settings: SettingsOf<CosineAnnealingWarmRestartsOptions>): void {
    super.checkSettings(settings);
    checkSetting(this, 't0', settings.t0, wholeAboveZero);
    checkSetting(this, 'tMult', settings.tMult, wholeAboveZero);
    checkSetting(this, 'etaMin', settings.etaMin, finite);
  }

  override start(): void {
    this.place((this.settings.lastEpoch as number) + 1);
    super.start();
  }

  override restart(): void {
    this.place(0);
    super.restart();
  }

  override advance(epoch?: number): void {
    if (epoch === undefined) this.goOn();
    else this.place(epoch);
    super.advance(epoch);
    this.lastEpoch = Math.floor(this.lastEpoch);
  }

  override stateDict(): ScheduleState {
    return { ...super.stateDict(), sinceRestart: this.sinceRestart, period: this.period };
  }

  override loadStateDict(state: ScheduleState): void {
    super.loadStateDict(state);
    const { sinceRestart, period } = state as { sinceRestart: number; period: number };
    this.sinceRestart = sinceRestart;
    this.period = period;
  }

  private goOn(): void {
    this.sinceRestart += 1;
    if (this.sinceRestart < this.period) return;
    this.sinceRestart -= this.period;
    this.period *= this.settings.tMult;
  }

  private place(epoch: number): void {
    checkSetting(this, 'epoch', epoch, atLeastZero);
    this.sinceRestart = epoch;
    this.period = this.settings.t0;
    while (this.sinceRestart >= this.period) {
      this.sinceRestart -= this.period;
      this.period *= this.settings.tMult;
    }
  }

  protected next(_rate: number, group: number): number {
    const { etaMin } = this.settings;
    const base = this.baseLrs[group] as number;
    return etaMin + ((base - etaMin) * (1 + Math.cos((Math.PI * this.sinceRestart) / this.period))) / 2;
  }
}
