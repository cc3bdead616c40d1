import { valueForGroup } from '../settings.ts';
import { checkFunctions, type LambdaLROptions } from './lambda-lr.ts';
import { LRScheduler } from './lr-scheduler.ts';
import type { ScheduleOptimizer, SettingsOf } from './schedule.ts';

export interface MultiplicativeLROptions extends LambdaLROptions {}

/**
 * A learning rate that each step multiplies by what a function gives: `η ← η λ(t)`, from t = 1 on.
 *
 * @example
 * const optimizer = new SGD([new Parameter(tensor([1]))], { lr: 0.1 });
 * const schedule = new MultiplicativeLR(optimizer, { lrLambda: () => 0.5 });
 * schedule.step();
 * schedule.step();
 * schedule.getLastLr(); // [0.025]
 */
export class MultiplicativeLR extends LRScheduler<MultiplicativeLROptions> {
  constructor(optimizer: ScheduleOptimizer, options: MultiplicativeLROptions) {
    super(optimizer, { lrLambda: undefined, lastEpoch: -1 }, options);
  }

  protected override checkSettings(settings: SettingsOf<MultiplicativeLROptions>): void {
    super.checkSettings(settings);
    checkFunctions(this, settings.lrLambda);
  }

  protected next(rate: number, group: number): number {
    return rate * valueForGroup(this.settings.lrLambda, group)(this.lastEpoch);
  }

  protected override initial(rate: number): number {
    return rate;
  }
}
