import { GradtapeError } from '@gradtape/autograd';
import {
  aboveZero,
  atLeastZero,
  checkChoice,
  checkPerGroup,
  checkSetting,
  type PerGroup,
  valueForGroup,
} from '../settings.ts';
import { checkMomentum, setMomentum } from './group-momentum.ts';
import { LRScheduler, type LRSchedulerOptions } from './lr-scheduler.ts';
import type { ScheduleOptimizer, SettingsOf } from './schedule.ts';

export interface CyclicLROptions extends LRSchedulerOptions {
  /** The lowest rate; one, or one for each group. */
  readonly baseLr: PerGroup<number>;
  /** The highest rate of the first cycle; one, or one for each group. */
  readonly maxLr: PerGroup<number>;
  /** How many steps the rate rises. Default: 2000. */
  readonly stepSizeUp?: number;
  /** How many steps it falls. Default: as many. */
  readonly stepSizeDown?: number | null;
  /**
   * How the height changes: 'triangular' not at all, 'triangular2' by half each cycle, 'expRange' by `gamma` each step. Default:
   * 'triangular'.
   */
  readonly mode?: 'triangular' | 'triangular2' | 'expRange';
  /** For 'expRange'. Default: 1. */
  readonly gamma?: number;
  /** A height of one's own, in place of `mode`. It is not in `stateDict`. */
  readonly scaleFn?: ((x: number) => number) | null;
  /** Whether `scaleFn` takes the number of the cycle, from 1, or of the step. Default: 'cycle'. */
  readonly scaleMode?: 'cycle' | 'iterations';
  /** Whether momentum (β₁ of Adam) falls as the rate rises. Default: true. */
  readonly cycleMomentum?: boolean;
  /** The lowest momentum; one, or one for each group. Default: 0.8. */
  readonly baseMomentum?: PerGroup<number>;
  /** The highest momentum; one, or one for each group. Default: 0.9. */
  readonly maxMomentum?: PerGroup<number>;
}

type Settings = SettingsOf<CyclicLROptions>;

/**
 * A learning rate that rises and falls between two bounds (Smith, 2017). `step` is called once a batch.
 *
 * @throws GradtapeError if momentum is to be cycled and the optimizer has none.
 * @example
 * const optimizer = new SGD([new Parameter(tensor([1]))], { lr: 0.1, momentum: 0.9 });
 * const schedule = new CyclicLR(optimizer, { baseLr: 0.1, maxLr: 0.5, stepSizeUp: 2 });
 * schedule.step();
 * schedule.getLastLr(); // [0.3]
 * optimizer.paramGroups[0].momentum; // 0.85
 */
export class CyclicLR extends LRScheduler<CyclicLROptions> {
  constructor(optimizer: ScheduleOptimizer, options: CyclicLROptions) {
    super(optimizer, defaults, options);
  }

  protected override checkSettings(settings: Settings): void {
    super.checkSettings(settings);
    const groups = this.optimizer.paramGroups.length;
    checkPerGroup(this, 'baseLr', settings.baseLr, groups, atLeastZero);
    checkPerGroup(this, 'maxLr', settings.maxLr, groups, atLeastZero);
    checkSetting(this, 'stepSizeUp', settings.stepSizeUp, aboveZero);
    if (settings.stepSizeDown !== null) checkSetting(this, 'stepSizeDown', settings.stepSizeDown, aboveZero);
    checkChoice(this, 'mode', settings.mode, ['triangular', 'triangular2', 'expRange']);
    checkSetting(this, 'gamma', settings.gamma, atLeastZero);
    checkChoice(this, 'scaleMode', settings.scaleMode, ['cycle', 'iterations']);
    if (settings.scaleFn !== null && typeof settings.scaleFn !== 'function') failOnScale(settings.scaleFn);
    if (settings.cycleMomentum) checkMomentum(this, settings);
  }

  protected override prepare(): void {
    for (const [k, group] of this.optimizer.paramGroups.entries()) group.lr = valueForGroup(this.settings.baseLr, k);
  }

  protected next(_rate: number, k: number): number {
    const { baseLr, maxLr, cycleMomentum, baseMomentum, maxMomentum } = this.settings;
    const height = this.height();
    if (cycleMomentum) {
      const most = valueForGroup(maxMomentum, k);
      setMomentum(this.group(k), most - (most - valueForGroup(baseMomentum, k)) * height);
    }
    const least = valueForGroup(baseLr, k);
    return least + (valueForGroup(maxLr, k) - least) * height;
  }

  /** How far the rate is on its way from the lower bound to the upper one. */
  private height(): number {
    const { stepSizeUp, stepSizeDown, scaleFn, scaleMode, mode, gamma } = this.settings;
    const size = stepSizeUp + (stepSizeDown ?? stepSizeUp);
    const share = stepSizeUp / size;
    const cycle = Math.floor(1 + this.lastEpoch / size);
    const x = 1 + this.lastEpoch / size - cycle;
    const height = x <= share ? x / share : (x - 1) / (share - 1);
    if (scaleFn !== null) return height * scaleFn(scaleMode === 'cycle' ? cycle : this.lastEpoch);
    if (mode === 'triangular2') return height / 2 ** (cycle - 1);
    return mode === 'expRange' ? height * gamma ** this.lastEpoch : height;
  }
}

const defaults = {
  baseLr: undefined,
  maxLr: undefined,
  stepSizeUp: 2000,
  stepSizeDown: null,
  mode: 'triangular',
  gamma: 1,
  scaleFn: null,
  scaleMode: 'cycle',
  cycleMomentum: true,
  baseMomentum: 0.8,
  maxMomentum: 0.9,
  lastEpoch: -1,
} as const;

function failOnScale(given: unknown): never {
  throw new GradtapeError('CyclicLR: scaleFn is not a function', {
    got: typeof given,
    needs: "a function of the number of the cycle, or of the step with scaleMode: 'iterations'",
    fix: '{ scaleFn: (cycle) => 1 / cycle }',
  });
}
