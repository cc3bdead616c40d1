import { GradtapeError } from '@gradtape/autograd';
import { type PerGroup, valueForGroup } from '../settings.ts';
import { LRScheduler, type LRSchedulerOptions } from './lr-scheduler.ts';
import type { ScheduleOptimizer, SettingsOf } from './schedule.ts';

export interface LambdaLROptions extends LRSchedulerOptions {
  /** The factor at a step; one function, or one for each group. It is not in `stateDict`. */
  readonly lrLambda: PerGroup<(epoch: number) => number>;
}

/**
 * A learning rate that a function gives as a factor of the initial one: `η₀ λ(t)`.
 *
 * @example
 * const optimizer = new SGD([new Parameter(tensor([1]))], { lr: 0.1 });
 * const schedule = new LambdaLR(optimizer, { lrLambda: (epoch) => 0.5 ** epoch });
 * schedule.step();
 * schedule.step();
 * schedule.getLastLr(); // [0.025]
 */
export class LambdaLR extends LRScheduler<LambdaLROptions> {
  constructor(optimizer: ScheduleOptimizer, options: LambdaLROptions) {
    super(optimizer, { lrLambda: undefined, lastEpoch: -1 }, options);
  }

  protected override checkSettings(settings: SettingsOf<LambdaLROptions>): void {
    super.checkSettings(settings);
    checkFunctions(this, settings.lrLambda);
  }

  protected next(_rate: number, group: number): number {
    return (this.baseLrs[group] as number) * valueForGroup(this.settings.lrLambda, group)(this.lastEpoch);
  }
}

/** Throws unless `lrLambda` is a function, or a function for each group. */
export function checkFunctions(owner: { readonly optimizer: ScheduleOptimizer }, lrLambda: unknown): void {
  const groups = owner.optimizer.paramGroups.length;
  const given: readonly unknown[] = Array.isArray(lrLambda) ? lrLambda : new Array(groups).fill(lrLambda);
  if (given.length === groups && given.every((each) => typeof each === 'function')) return;
  throw new GradtapeError(`${owner.constructor.name}: lrLambda is not usable`, {
    got: Array.isArray(lrLambda) ? `[${given.map((each) => typeof each).join(', ')}]` : typeof lrLambda,
    needs: `a function of the step, or a list of ${groups}: one for each group`,
    fix: '{ lrLambda: (epoch) => 0.95 ** epoch }',
  });
}
