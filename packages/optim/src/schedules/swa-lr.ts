import {
  atLeastZero,
  checkChoice,
  checkPerGroup,
  checkSetting,
  type PerGroup,
  valueForGroup,
  wholeAtLeastZero,
} from '../settings.ts';
import { type AnnealStrategy, anneal, annealStrategies } from './annealing.ts';
import { LRScheduler, type LRSchedulerOptions } from './lr-scheduler.ts';
import type { ScheduleOptimizer, SettingsOf } from './schedule.ts';

export interface SWALROptions extends LRSchedulerOptions {
  /** The rate in the end; one, or one for each group. */
  readonly swaLr: PerGroup<number>;
  /** After how many steps it is reached. Default: 10. */
  readonly annealEpochs?: number;
  /** How it is reached. Default: 'cos'. */
  readonly annealStrategy?: AnnealStrategy;
}

/**
 * A learning rate that goes from what it is to `swaLr`, and stays there while weights are averaged (Izmailov et al., 2018;
 * `StochasticWeightAverage`).
 *
 * @example
 * const optimizer = new SGD([new Parameter(tensor([1]))], { lr: 0.1 });
 * const schedule = new SWALR(optimizer, { swaLr: 0.5, annealEpochs: 2, annealStrategy: 'linear' });
 * schedule.step();
 * schedule.getLastLr(); // [0.3]
 */
export class SWALR extends LRScheduler<SWALROptions> {
  constructor(optimizer: ScheduleOptimizer, options: SWALROptions) {
    super(optimizer, { swaLr: undefined, annealEpochs: 10, annealStrategy: 'cos', lastEpoch: -1 }, options);
  }

  protected override checkSettings(settings: SettingsOf<SWALROptions>): void {
    super.checkSettings(settings);
    checkPerGroup(this, 'swaLr', settings.swaLr, this.optimizer.paramGroups.length, atLeastZero);
    checkSetting(this, 'annealEpochs', settings.annealEpochs, wholeAtLeastZero);
    checkChoice(this, 'annealStrategy', settings.annealStrategy, annealStrategies);
  }

  protected next(rate: number, group: number): number {
    const { annealEpochs, swaLr } = this.settings;
    const end = valueForGroup(swaLr, group);
    const step = Math.max(this.stepCount - 1, annealEpochs === 0 ? 1 : 0);
    const [before, now] = [this.share(step - 1), this.share(step)];
    const first = before === 1 ? end : (rate - before * end) / (1 - before);
    return end * now + first * (1 - now);
  }

  /** What part of the way is behind after so many steps. */
  private share(step: number): number {
    const { annealEpochs, annealStrategy } = this.settings;
    return anneal(annealStrategy, 0, 1, Math.min(1, Math.max(0, step / Math.max(1, annealEpochs))));
  }
}
