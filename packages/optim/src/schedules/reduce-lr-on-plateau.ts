import { GradtapeError, isTracing, type Tensor } from '@gradtape/autograd';
import {
  atLeastZero,
  checkChoice,
  checkPerGroup,
  checkSetting,
  type PerGroup,
  valueForGroup,
  wholeAtLeastZero,
} from '../settings.ts';
import { Schedule, type ScheduleOptimizer, type ScheduleState, type SettingsOf } from './schedule.ts';

export interface ReduceLROnPlateauOptions {
  /** Whether the metric is to fall, as a loss, or to rise, as an accuracy. Default: 'min'. */
  readonly mode?: 'min' | 'max';
  /** To what part of itself the rate falls; below 1. Default: 0.1. */
  readonly factor?: number;
  /** How many steps without improvement are put up with. Default: 10. */
  readonly patience?: number;
  /** By how much the metric must be better to count. Default: 1e-4. */
  readonly threshold?: number;
  /** Whether `threshold` is a part of the best metric, or an amount. Default: 'rel'. */
  readonly thresholdMode?: 'rel' | 'abs';
  /** For how many steps after a fall none is counted as without improvement. Default: 0. */
  readonly cooldown?: number;
  /** The lowest rate; one, or one for each group. Default: 0. */
  readonly minLr?: PerGroup<number>;
  /** A change of the rate that is no larger than this is not made. Default: 1e-8. */
  readonly eps?: number;
}

const below1 = {
  holds: (x: number): boolean => x > 0 && x < 1,
  needs: 'above 0 and less than 1',
  fix: '0.5 halves the rate, 0.1 takes a tenth',
};

/**
 * A learning rate that falls when a metric has stopped improving. `step` is called once an epoch with the metric of data that are
 * held out of training: its loss, or its accuracy with `mode: 'max'`.
 *
 * @example
 * const optimizer = new SGD([new Parameter(tensor([1]))], { lr: 0.1 });
 * const schedule = new ReduceLROnPlateau(optimizer, { factor: 0.5, patience: 1 });
 * for (const loss of [3, 2, 2, 2]) schedule.step(loss);
 * schedule.getLastLr(); // [0.05]
 */
export class ReduceLROnPlateau extends Schedule<ReduceLROnPlateauOptions> {
  /** The best metric so far; undefined before the first that is a number. */
  best: number | undefined;
  /** How many steps in a row brought no improvement. */
  numBadEpochs = 0;
  /** For how many more steps none is counted. */
  cooldownCounter = 0;

  constructor(optimizer: ScheduleOptimizer, options: ReduceLROnPlateauOptions = {}) {
    super(optimizer, defaults, options);
  }

  protected override checkSettings(settings: SettingsOf<ReduceLROnPlateauOptions>): void {
    checkChoice(this, 'mode', settings.mode, ['min', 'max']);
    checkSetting(this, 'factor', settings.factor, below1);
    checkSetting(this, 'patience', settings.patience, wholeAtLeastZero);
    checkSetting(this, 'threshold', settings.threshold, atLeastZero);
    checkChoice(this, 'thresholdMode', settings.thresholdMode, ['rel', 'abs']);
    checkSetting(this, 'cooldown', settings.cooldown, wholeAtLeastZero);
    checkPerGroup(this, 'minLr', settings.minLr, this.optimizer.paramGroups.length, atLeastZero);
    checkSetting(this, 'eps', settings.eps, atLeastZero);
  }

  /**
   * @param metrics The metric now: a number, or a tensor of one.
   * @param epoch Which epoch it is. Left out: the next.
   * @throws GradtapeError inside of a compiled function: what it does depends on the metric's value.
   */
  step(metrics: number | Tensor, epoch: number = this.lastEpoch + 1): void {
    if (isTracing()) failOnTracing();
    const metric = typeof metrics === 'number' ? metrics : metrics.item();
    this.lastEpoch = epoch;
    if (this.isBetter(metric)) {
      this.best = metric;
      this.numBadEpochs = 0;
    } else this.numBadEpochs += 1;
    if (this.cooldownCounter > 0) {
      this.cooldownCounter -= 1;
      this.numBadEpochs = 0;
    }
    if (this.numBadEpochs > this.settings.patience) {
      this.reduce();
      this.cooldownCounter = this.settings.cooldown;
      this.numBadEpochs = 0;
    }
    this.lastLr = this.rates();
  }

  private isBetter(metric: number): boolean {
    const { mode, threshold, thresholdMode } = this.settings;
    const best = this.best ?? (mode === 'min' ? Infinity : -Infinity);
    const sign = mode === 'min' ? -1 : 1;
    const bound = thresholdMode === 'rel' ? best * (1 + sign * threshold) : best + sign * threshold;
    return sign * metric > sign * bound;
  }

  private reduce(): void {
    const { factor, minLr, eps } = this.settings;
    checkPerGroup(this, 'minLr', minLr, this.optimizer.paramGroups.length, atLeastZero);
    for (const [k, group] of this.optimizer.paramGroups.entries()) {
      const next = Math.max(group.lr * factor, valueForGroup(minLr, k));
      if (group.lr - next > eps) group.lr = next;
    }
  }

  override stateDict(): ScheduleState {
    const { best, numBadEpochs, cooldownCounter } = this;
    return { ...super.stateDict(), best, numBadEpochs, cooldownCounter };
  }

  override loadStateDict(state: ScheduleState): void {
    super.loadStateDict(state);
    const { best, numBadEpochs, cooldownCounter } = state as Pick<
      ReduceLROnPlateau,
      'best' | 'numBadEpochs' | 'cooldownCounter'
    >;
    Object.assign(this, { best, numBadEpochs, cooldownCounter });
  }
}

const defaults = {
  mode: 'min',
  factor: 0.1,
  patience: 10,
  threshold: 1e-4,
  thresholdMode: 'rel',
  cooldown: 0,
  minLr: 0,
  eps: 1e-8,
} as const;

function failOnTracing(): never {
  throw new GradtapeError('ReduceLROnPlateau: a step inside of a compiled function', {
    got: 'step(metric) while a program is made',
    needs: 'the metric’s value, which a program does not have before it runs',
    fix: 'call it outside, once an epoch: the compiled step follows the new rate',
  });
}
