import { GradtapeError } from '@gradtape/autograd';
import type { ScheduleOptimizer, ScheduleState } from './schedule.ts';

/** A schedule of learning rates that others can hold: not `ReduceLROnPlateau`, whose steps need a metric. */
export interface Chainable {
  readonly optimizer: ScheduleOptimizer;
  step(): void;
  /** `step`, for a schedule that holds this one: where a program is made, the outer `step` alone is done again in each run. */
  advance(): void;
  /** Begins anew with the groups' rates as they are, as if the schedule had just been made. */
  start(): void;
  /** Begins anew where another schedule has ended. */
  restart(): void;
  getLastLr(): number[];
  stateDict(): ScheduleState;
  loadStateDict(state: ScheduleState): void;
}

/** Throws unless these are schedules that can be held, of one optimizer. */
export function checkSchedulers(owner: object, schedulers: readonly Chainable[], optimizer?: ScheduleOptimizer): void {
  const name = owner.constructor.name;
  if (!Array.isArray(schedulers) || schedulers.length === 0) {
    throw new GradtapeError(`${name}: there are no schedules`, {
      got: Array.isArray(schedulers) ? 'an empty list' : String(schedulers),
      needs: 'a list of one schedule or more',
      fix: 'make them on the same optimizer first: [new LinearLR(optimizer), …]',
    });
  }
  const unfit = schedulers.findIndex((each) => typeof each?.advance !== 'function');
  if (unfit >= 0) {
    const schedule: object | undefined = schedulers[unfit];
    throw new GradtapeError(`${name}: schedulers[${unfit}] cannot be one of several`, {
      got: schedule ? schedule.constructor.name : String(schedule),
      needs: 'a schedule of learning rates whose step needs nothing but the number of steps',
      fix: 'step it by itself, beside the others',
    });
  }
  const stranger = schedulers.findIndex((each) => each.optimizer !== (optimizer ?? schedulers[0]?.optimizer));
  if (stranger >= 0) {
    throw new GradtapeError(`${name}: the schedules belong to several optimizers`, {
      got: `schedulers[${stranger}] of another optimizer`,
      needs: 'schedules of one optimizer',
      fix: 'give each optimizer a schedule of its own',
    });
  }
}

/** Puts the rates back with which the groups began. */
export function resetRates({ paramGroups }: ScheduleOptimizer): void {
  for (const group of paramGroups) group.lr = group.initialLr ?? group.lr;
}
