import { atLeastZero, checkSetting, type Range, wholeAtLeastZero } from '../settings.ts';
import { LRScheduler, type LRSchedulerOptions } from './lr-scheduler.ts';
import type { ScheduleOptimizer, SettingsOf } from './schedule.ts';

export interface MultiStepLROptions extends LRSchedulerOptions {
  /** The steps after which the rate falls, in any order; one that comes twice lets it fall twice. */
  readonly milestones: readonly number[];
  /** To what part of itself it falls. Default: 0.1. */
  readonly gamma?: number;
}

/**
 * A learning rate that falls to `gamma` of itself at each milestone: `η₀ γⁿ` after n of them.
 *
 * @example
 * const optimizer = new SGD([new Parameter(tensor([1]))], { lr: 0.1 });
 * const schedule = new MultiStepLR(optimizer, { milestones: [1, 3], gamma: 0.5 });
 * schedule.step();
 * schedule.getLastLr(); // [0.05]
 */
export class MultiStepLR extends LRScheduler<MultiStepLROptions> {
  constructor(optimizer: ScheduleOptimizer, options: MultiStepLROptions) {
    super(optimizer, { milestones: undefined, gamma: 0.1, lastEpoch: -1 }, options);
  }

  protected override checkSettings(settings: SettingsOf<MultiStepLROptions>): void {
    super.checkSettings(settings);
    checkMilestones(this, settings.milestones);
    checkSetting(this, 'gamma', settings.gamma, atLeastZero);
  }

  protected next(rate: number): number {
    const { milestones, gamma } = this.settings;
    return rate * gamma ** milestones.filter((milestone) => milestone === this.lastEpoch).length;
  }

  protected override closedForm(base: number): number {
    const { milestones, gamma } = this.settings;
    return base * gamma ** milestones.filter((milestone) => milestone <= this.lastEpoch).length;
  }
}

const milestoneList: Range = {
  holds: () => false,
  needs: 'a list of whole numbers, 0 or more',
  fix: 'milestones: [30, 60], the steps after which the rate falls',
};

/** Throws unless milestones are a list of steps. */
export function checkMilestones(owner: object, milestones: unknown): void {
  if (!Array.isArray(milestones)) checkSetting(owner, 'milestones', milestones, milestoneList);
  for (const [k, milestone] of (milestones as unknown[]).entries())
    checkSetting(owner, `milestones[${k}]`, milestone, { ...wholeAtLeastZero, fix: 'count steps from 0' });
}
