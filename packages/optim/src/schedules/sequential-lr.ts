import { GradtapeError } from '@gradtape/autograd';
import { type Chainable, resetRates } from './chainable.ts';
import { CompositeSchedule, type CompositeScheduleOptions } from './composite-schedule.ts';
import { checkMilestones } from './multi-step-lr.ts';
import type { ScheduleOptimizer, SettingsOf } from './schedule.ts';

export interface SequentialLROptions extends CompositeScheduleOptions {
  /** The steps at which a turn ends and the next begins: rising, one fewer than there are schedules. */
  readonly milestones: readonly number[];
}

/**
 * Schedules that take turns, each of which begins anew when its turn comes.
 *
 * @example
 * const optimizer = new SGD([new Parameter(tensor([1]))], { lr: 0.1 });
 * const warmup = new LinearLR(optimizer, { startFactor: 0.5, totalIters: 2 });
 * const schedule = new SequentialLR(optimizer, {
 *   schedulers: [warmup, new CosineAnnealingLR(optimizer, { tMax: 2 })],
 *   milestones: [2],
 * });
 * for (let t = 1; t <= 3; t++) schedule.step(); // 0.075, 0.1 where the turn ends, 0.05
 * schedule.getLastLr(); // [0.05]
 */
export class SequentialLR extends CompositeSchedule<SequentialLROptions> {
  constructor(optimizer: ScheduleOptimizer, options: SequentialLROptions) {
    super(optimizer, { schedulers: undefined, milestones: undefined }, options);
    resetRates(optimizer);
    this.start();
  }

  protected override checkSettings(settings: SettingsOf<SequentialLROptions>): void {
    super.checkSettings(settings);
    const { schedulers, milestones } = settings;
    checkMilestones(this, milestones);
    const isRising = milestones.every((milestone, k) => k === 0 || milestone > (milestones[k - 1] as number));
    if (milestones.length === schedulers.length - 1 && isRising) return;
    throw new GradtapeError('SequentialLR: the milestones do not fit the schedules', {
      got: `milestones [${milestones.join(', ')}] for ${schedulers.length} schedules`,
      needs: `${schedulers.length - 1}, rising: one between each two schedules`,
      fix: 'milestones count steps from the very beginning: [5, 20] ends the second turn at step 20',
    });
  }

  advance(): void {
    const { schedulers, milestones } = this.settings;
    this.lastEpoch += 1;
    const turn = milestones.filter((milestone) => milestone <= this.lastEpoch).length;
    const schedule = schedulers[turn] as Chainable;
    if (milestones[turn - 1] === this.lastEpoch) schedule.restart();
    else schedule.advance();
    this.lastLr = this.rates();
  }

  start(): void {
    this.lastEpoch = 0;
    this.settings.schedulers[0]?.start();
    this.lastLr = this.rates();
  }
}
