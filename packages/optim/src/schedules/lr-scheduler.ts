import { GradtapeError, repeat } from '@gradtape/autograd';
import { checkSetting, type Defaults } from '../settings.ts';
import type { Chainable } from './chainable.ts';
import {
  Schedule,
  type ScheduledGroup,
  type ScheduleOptimizer,
  type ScheduleState,
  type SettingsOf,
} from './schedule.ts';

export interface LRSchedulerOptions {
  /**
   * The epoch after which a run was stopped that is now resumed without the schedule's state; the groups must have their
   * `initialLr`. Default: -1, a new run.
   */
  readonly lastEpoch?: number;
}

/**
 * Changes the learning rate of an optimizer's groups: `step` is called once an epoch, or once a batch, after the
 * optimizer's. As in PyTorch, each step changes the rate that it finds, so that schedules multiply (see `ChainedScheduler`);
 * where a step is told its epoch, the rate is computed from the initial one.
 */
export abstract class LRScheduler<Options extends LRSchedulerOptions = LRSchedulerOptions>
  extends Schedule<Options>
  implements Chainable
{
  /** The groups' rates before any schedule. */
  baseLrs: readonly number[];
  /** How many steps were taken, the first one by the constructor. */
  protected stepCount = 0;

  constructor(optimizer: ScheduleOptimizer, defaults: Defaults<SettingsOf<Options>>, options: Options) {
    super(optimizer, defaults, options);
    const { lastEpoch = -1 } = options;
    if (lastEpoch === -1) {
      this.prepare();
      for (const group of optimizer.paramGroups) group.initialLr ??= group.lr;
    }
    this.baseLrs = optimizer.paramGroups.map((group) => group.initialLr ?? failOnInitialLr(this, lastEpoch));
    this.start();
  }

  /** A group's next rate, from its rate now. `lastEpoch` counts the step already. */
  protected abstract next(rate: number, group: number): number;

  /** A group's rate at the beginning, or where a run is resumed. */
  protected initial(rate: number, group: number): number {
    return this.next(rate, group);
  }

  /** A group's rate at `lastEpoch` from its first rate, where there is such a formula. */
  protected closedForm(_base: number, group: number): number {
    return this.next(this.group(group).lr, group);
  }

  /** Changes groups before their initial rate is written down. */
  protected prepare(): void {}

  protected override checkSettings({ lastEpoch }: SettingsOf<Options>): void {
    checkSetting(this, 'lastEpoch', lastEpoch, {
      holds: (x) => Number.isInteger(x) && x >= -1,
      needs: 'a whole number, -1 or more',
    });
  }

  protected group(k: number): ScheduledGroup {
    return this.optimizer.paramGroups[k] as ScheduledGroup;
  }

  /**
   * Takes one step, and sets every group's rate.
   *
   * @param epoch Where to go. Left out: to the next.
   */
  step(epoch?: number): void {
    repeat(() => this.advance(epoch));
  }

  advance(epoch?: number): void {
    this.stepCount += 1;
    this.lastEpoch = epoch ?? this.lastEpoch + 1;
    if (epoch === undefined) this.setRates((k) => this.next(this.group(k).lr, k));
    else this.setRates((k) => this.closedForm(this.baseLrs[k] as number, k));
  }

  start(): void {
    this.lastEpoch = (this.settings.lastEpoch as number) + 1;
    this.stepCount = 1;
    this.setRates((k) => this.initial(this.group(k).lr, k));
  }

  restart(): void {
    this.lastEpoch = 0;
    this.setRates((k) => this.closedForm(this.baseLrs[k] as number, k));
  }

  private setRates(rateOf: (group: number) => number): void {
    const rates = this.baseLrs.map((_, k) => rateOf(k));
    for (const [k, rate] of rates.entries()) this.group(k).lr = rate;
    this.lastLr = this.rates();
  }

  override stateDict(): ScheduleState {
    return { ...super.stateDict(), stepCount: this.stepCount, baseLrs: [...this.baseLrs] };
  }

  override loadStateDict(state: ScheduleState): void {
    super.loadStateDict(state);
    const { stepCount, baseLrs } = state as { stepCount: number; baseLrs: readonly number[] };
    this.stepCount = stepCount;
    this.baseLrs = [...baseLrs];
  }
}

function failOnInitialLr(owner: object, lastEpoch: number): never {
  throw new GradtapeError(`${owner.constructor.name}: a run cannot be resumed`, {
    got: `lastEpoch = ${lastEpoch}, and a group without initialLr`,
    needs: 'the rates with which the run began',
    fix: 'load the optimizer’s state first, or give each group its initialLr',
  });
}
