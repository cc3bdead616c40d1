import { GradtapeError } from '@gradtape/autograd';
import { type Defaults, withDefaults } from '../settings.ts';

/** What schedules read and change of a group of parameters. */
export interface ScheduledGroup {
  lr: number;
  /** The learning rate before any schedule changed it. */
  initialLr?: number;
  momentum?: number;
  betas?: readonly [number, number];
}

/** What a schedule needs of an optimizer. */
export interface ScheduleOptimizer {
  readonly paramGroups: readonly ScheduledGroup[];
}

/** What a schedule remembers, for saving: numbers, words, lists and objects of them, as JSON takes them. */
export type ScheduleState = Readonly<Record<string, unknown>>;

/** All settings of a schedule, of which the user may leave out those with a default. */
export type SettingsOf<Options> = Required<Options>;

interface SavedSchedule<Options> {
  readonly lastEpoch: number;
  readonly lastLr: readonly number[];
  readonly settings: Partial<SettingsOf<Options>>;
}

/** Changes settings of an optimizer's groups from step to step, and can be saved. */
export abstract class Schedule<Options extends object> {
  /** How many steps were taken, or the epoch that the last step was told. */
  lastEpoch = 0;
  readonly optimizer: ScheduleOptimizer;
  protected settings: SettingsOf<Options>;
  protected lastLr: readonly number[];

  /** @throws GradtapeError for a setting that is unknown or out of range. */
  constructor(optimizer: ScheduleOptimizer, defaults: Defaults<SettingsOf<Options>>, options: Options) {
    this.optimizer = optimizer;
    this.settings = withDefaults<SettingsOf<Options>>(this, defaults, options as Partial<SettingsOf<Options>>);
    this.checkSettings(this.settings);
    this.lastLr = this.rates();
  }

  /** Throws for a setting that is out of range. */
  protected abstract checkSettings(settings: SettingsOf<Options>): void;

  /** The groups' rates after the last step. */
  getLastLr(): number[] {
    return [...this.lastLr];
  }

  /** A copy of what is needed to go on later. Functions among the settings are not in it. */
  stateDict(): ScheduleState {
    const settings = Object.entries(this.settings).filter(([, value]) => !holdsFunctions(value));
    return { lastEpoch: this.lastEpoch, lastLr: this.getLastLr(), settings: Object.fromEntries(settings) };
  }

  /**
   * Takes over what {@link stateDict} gave, settings included. The rates are in the optimizer's own state.
   *
   * @throws GradtapeError, changing nothing, if it is another schedule's state.
   */
  loadStateDict(state: ScheduleState): void {
    const { lastEpoch, lastLr, settings } = state as Partial<SavedSchedule<Options>>;
    const stray = Object.keys(settings ?? {}).filter((name) => !(name in this.settings));
    if (
      lastEpoch === undefined ||
      lastLr?.length !== this.lastLr.length ||
      settings === undefined ||
      stray.length > 0
    ) {
      throw new GradtapeError("loadStateDict: the state is another schedule's", {
        got: stray.length > 0 ? `the settings ${stray.join(', ')}` : `rates of ${lastLr?.length ?? 'no'} groups`,
        needs: `what stateDict() of ${this.constructor.name} gives, for ${this.lastLr.length} groups`,
        fix: 'make the schedule of the same kind, on an optimizer with the same groups, as when the state was saved',
      });
    }
    const merged = { ...this.settings, ...settings };
    this.checkSettings(merged);
    this.settings = merged;
    this.lastEpoch = lastEpoch;
    this.lastLr = [...lastLr];
  }

  /** The groups' rates now. */
  protected rates(): number[] {
    return this.optimizer.paramGroups.map((group) => group.lr);
  }
}

function holdsFunctions(value: unknown): boolean {
  return Array.isArray(value) ? value.some(holdsFunctions) : typeof value === 'function';
}
