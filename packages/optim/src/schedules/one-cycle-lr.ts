import { GradtapeError } from '@gradtape/autograd';
import {
  aboveZero,
  atLeastZero,
  checkChoice,
  checkPerGroup,
  checkSetting,
  fromZeroToOne,
  type PerGroup,
  valueForGroup,
  wholeAboveZero,
} from '../settings.ts';
import { type AnnealStrategy, anneal, annealStrategies } from './annealing.ts';
import { checkMomentum, setMomentum } from './group-momentum.ts';
import { LRScheduler, type LRSchedulerOptions } from './lr-scheduler.ts';
import type { ScheduleOptimizer, SettingsOf } from './schedule.ts';

export interface OneCycleLROptions extends LRSchedulerOptions {
  /** The highest rate; one, or one for each group. */
  readonly maxLr: PerGroup<number>;
  /** How many steps there are in all, or else: */
  readonly totalSteps?: number | null;
  /** How many epochs, */
  readonly epochs?: number | null;
  /** and how many steps in each. */
  readonly stepsPerEpoch?: number | null;
  /** In what part of the steps the rate rises. Default: 0.3. */
  readonly pctStart?: number;
  /** How it rises and falls. Default: 'cos'. */
  readonly annealStrategy?: AnnealStrategy;
  /** Whether momentum (β₁ of Adam) falls as the rate rises. Default: true. */
  readonly cycleMomentum?: boolean;
  /** The lowest momentum; one, or one for each group. Default: 0.85. */
  readonly baseMomentum?: PerGroup<number>;
  /** The highest momentum; one, or one for each group. Default: 0.95. */
  readonly maxMomentum?: PerGroup<number>;
  /** The first rate is `maxLr / divFactor`. Default: 25. */
  readonly divFactor?: number;
  /** The last rate is the first one over this. Default: 1e4. */
  readonly finalDivFactor?: number;
  /** Whether the rate falls as it has risen, and then to nothing, as in the paper. Default: false, both at once. */
  readonly threePhase?: boolean;
}

type Settings = SettingsOf<OneCycleLROptions>;
/** Rates or momenta between which a phase goes, as places in a group's list of them. */
interface Phase {
  readonly end: number;
  readonly rates: readonly [start: number, end: number];
  readonly momenta: readonly [start: number, end: number];
}

/**
 * One cycle (Smith and Topin, 2018): the learning rate rises to its highest and falls to almost nothing, momentum the other way
 * round. `step` is called once a batch, `totalSteps` times at most.
 *
 * @throws GradtapeError if momentum is to be cycled and the optimizer has none; in a step too many.
 * @example
 * const optimizer = new SGD([new Parameter(tensor([1]))], { lr: 0.1, momentum: 0.9 });
 * const schedule = new OneCycleLR(optimizer, { maxLr: 0.5, totalSteps: 10 });
 * schedule.getLastLr(); // [0.02]
 * schedule.step();
 * schedule.step();
 * schedule.getLastLr(); // [0.5]
 * optimizer.paramGroups[0].momentum; // 0.85
 */
export class OneCycleLR extends LRScheduler<OneCycleLROptions> {
  constructor(optimizer: ScheduleOptimizer, options: OneCycleLROptions) {
    super(optimizer, defaults, options);
  }

  protected override checkSettings(settings: Settings): void {
    super.checkSettings(settings);
    checkPerGroup(this, 'maxLr', settings.maxLr, this.optimizer.paramGroups.length, atLeastZero);
    checkLength(this, settings);
    checkSetting(this, 'pctStart', settings.pctStart, fromZeroToOne);
    checkChoice(this, 'annealStrategy', settings.annealStrategy, annealStrategies);
    checkSetting(this, 'divFactor', settings.divFactor, aboveZero);
    checkSetting(this, 'finalDivFactor', settings.finalDivFactor, aboveZero);
    if (settings.cycleMomentum) checkMomentum(this, settings);
  }

  protected override prepare(): void {
    for (const [k, group] of this.optimizer.paramGroups.entries())
      group.initialLr = valueForGroup(this.settings.maxLr, k) / this.settings.divFactor;
  }

  protected next(_rate: number, k: number): number {
    const { maxLr, divFactor, finalDivFactor, annealStrategy, cycleMomentum, maxMomentum, baseMomentum } =
      this.settings;
    const { phase, share } = this.place();
    const top = valueForGroup(maxLr, k);
    const rates = [top / divFactor, top, top / divFactor / finalDivFactor];
    const momenta = [valueForGroup(maxMomentum, k), valueForGroup(baseMomentum, k)];
    const between = (values: readonly number[], [start, end]: readonly [number, number]): number =>
      anneal(annealStrategy, values[start] as number, values[end] as number, share);
    if (cycleMomentum) setMomentum(this.group(k), between(momenta, phase.momenta));
    return between(rates, phase.rates);
  }

  /** The phase that the present step belongs to, and what share of it is over. */
  private place(): { phase: Phase; share: number } {
    const total = lengthOf(this.settings);
    if (this.lastEpoch > total) failOnStepTooMany(this.lastEpoch, total);
    const phases = phasesOf(this.settings.pctStart * total, total, this.settings.threePhase);
    const last = phases.length - 1;
    const k = phases.findIndex(({ end }, i) => this.lastEpoch <= end || i === last);
    const phase = phases[k] as Phase;
    const start = phases[k - 1]?.end ?? 0;
    return { phase, share: phase.end === start ? 1 : (this.lastEpoch - start) / (phase.end - start) };
  }
}

const defaults = {
  maxLr: undefined,
  totalSteps: null,
  epochs: null,
  stepsPerEpoch: null,
  pctStart: 0.3,
  annealStrategy: 'cos',
  cycleMomentum: true,
  baseMomentum: 0.85,
  maxMomentum: 0.95,
  divFactor: 25,
  finalDivFactor: 1e4,
  threePhase: false,
  lastEpoch: -1,
} as const;

const [FIRST, TOP, LAST] = [0, 1, 2] as const;
const [HIGH, LOW] = [0, 1] as const;

function phasesOf(rising: number, total: number, isThree: boolean): readonly Phase[] {
  const up: Phase = { end: rising - 1, rates: [FIRST, TOP], momenta: [HIGH, LOW] };
  if (!isThree) return [up, { end: total - 1, rates: [TOP, LAST], momenta: [LOW, HIGH] }];
  return [
    up,
    { end: 2 * rising - 2, rates: [TOP, FIRST], momenta: [LOW, HIGH] },
    { end: total - 1, rates: [FIRST, LAST], momenta: [HIGH, HIGH] },
  ];
}

function lengthOf({ totalSteps, epochs, stepsPerEpoch }: Settings): number {
  return totalSteps ?? (epochs as number) * (stepsPerEpoch as number);
}

function checkLength(owner: object, { totalSteps, epochs, stepsPerEpoch }: Settings): void {
  if (totalSteps === null && (epochs === null || stepsPerEpoch === null)) {
    throw new GradtapeError('OneCycleLR: how many steps there are is not said', {
      got: `epochs = ${epochs}, stepsPerEpoch = ${stepsPerEpoch}`,
      needs: 'totalSteps, or both epochs and stepsPerEpoch',
      fix: '{ maxLr, epochs: 10, stepsPerEpoch: loader.length }',
    });
  }
  for (const [name, value] of Object.entries(totalSteps === null ? { epochs, stepsPerEpoch } : { totalSteps }))
    checkSetting(owner, name, value, wholeAboveZero);
}

function failOnStepTooMany(step: number, total: number): never {
  throw new GradtapeError('OneCycleLR: a step too many', {
    got: `step ${step}`,
    needs: `at most ${total}, which is all there are`,
    fix: 'step once a batch, and give as many totalSteps as there are batches in all epochs',
  });
}
