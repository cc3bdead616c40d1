import { GradtapeError, repeat } from '@gradtape/autograd';
import { type Chainable, checkSchedulers, resetRates } from './chainable.ts';
import { Schedule, type ScheduleState, type SettingsOf } from './schedule.ts';

export interface CompositeScheduleOptions {
  /** The schedules that it holds, made in this order on the same optimizer. */
  readonly schedulers: readonly Chainable[];
}

/** A schedule that is made of others. What it saves holds their states. */
export abstract class CompositeSchedule<Options extends CompositeScheduleOptions>
  extends Schedule<Options>
  implements Chainable
{
  abstract advance(): void;
  abstract start(): void;

  protected override checkSettings({ schedulers }: SettingsOf<Options>): void {
    checkSchedulers(this, schedulers, this.optimizer);
  }

  protected get schedulers(): readonly Chainable[] {
    return this.settings.schedulers;
  }

  /** Takes one step, and sets every group's rate. */
  step(): void {
    repeat(() => this.advance());
  }

  restart(): void {
    resetRates(this.optimizer);
    this.start();
  }

  override stateDict(): ScheduleState {
    const { settings, ...rest } = super.stateDict();
    const { schedulers: _, ...others } = settings as { schedulers: unknown };
    return { ...rest, settings: others, schedulers: this.schedulers.map((schedule) => schedule.stateDict()) };
  }

  override loadStateDict(state: ScheduleState): void {
    const saved = (state.schedulers ?? []) as readonly ScheduleState[];
    if (saved.length !== this.schedulers.length) {
      throw new GradtapeError("loadStateDict: the state is another schedule's", {
        got: `states of ${saved.length} schedules`,
        needs: `${this.schedulers.length}`,
        fix: 'make it of the same schedules, in the same order, as when the state was saved',
      });
    }
    super.loadStateDict(state);
    for (const [k, schedule] of this.schedulers.entries()) schedule.loadStateDict(saved[k] as ScheduleState);
  }
}
