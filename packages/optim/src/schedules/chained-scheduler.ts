import type { Chainable } from './chainable.ts';
import { CompositeSchedule, type CompositeScheduleOptions } from './composite-schedule.ts';

/**
 * Schedules that are stepped together, so that their factors multiply.
 *
 * @example
 * const optimizer = new SGD([new Parameter(tensor([1]))], { lr: 0.1 });
 * const warmup = new ConstantLR(optimizer, { factor: 0.5, totalIters: 2 });
 * const schedule = new ChainedScheduler([warmup, new ExponentialLR(optimizer, { gamma: 0.8 })]);
 * schedule.step();
 * schedule.getLastLr(); // [0.04]
 * schedule.step();
 * schedule.getLastLr(); // [0.064]
 */
export class ChainedScheduler extends CompositeSchedule<CompositeScheduleOptions> {
  constructor(schedulers: readonly Chainable[]) {
    super(schedulers[0]?.optimizer ?? { paramGroups: [] }, { schedulers: undefined }, { schedulers });
  }

  advance(): void {
    this.lastEpoch += 1;
    for (const schedule of this.schedulers) schedule.advance();
    this.lastLr = this.rates();
  }

  start(): void {
    this.lastEpoch = 0;
    for (const schedule of this.schedulers) schedule.start();
    this.lastLr = this.rates();
  }
}
