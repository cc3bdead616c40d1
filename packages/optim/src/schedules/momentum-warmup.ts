import { GradtapeError, repeat } from '@gradtape/autograd';
import { belowOne, checkSetting, wholeAboveZero, wholeAtLeastZero } from '../settings.ts';
import { anneal } from './annealing.ts';
import { momentumOf, setMomentum } from './group-momentum.ts';
import { Schedule, type ScheduleOptimizer, type SettingsOf } from './schedule.ts';

export interface MomentumWarmupOptions {
  /** The momentum at first. Default: 0.5. */
  readonly startMomentum?: number;
  /** The momentum in the end. Default: 0.9. */
  readonly endMomentum?: number;
  /** How many steps it stays as it is at first: until training has become stable. Default: 0. */
  readonly constantIters?: number;
  /** In how many steps it then rises; 1 is a jump. Default: 5. */
  readonly totalIters?: number;
}

/**
 * Momentum that is small until training has become stable, and then rises along a straight line: 0.5 → 0.9 (Hinton, 2012).
 * It changes `momentum`, or β₁ where the optimizer has `betas`. PyTorch has none by name.
 *
 * @throws GradtapeError if the optimizer has no momentum.
 * @example
 * const optimizer = new SGD([new Parameter(tensor([1]))], { lr: 0.1 });
 * const schedule = new MomentumWarmup(optimizer, { constantIters: 1, totalIters: 2 });
 * optimizer.paramGroups[0].momentum; // 0.5
 * schedule.step();
 * optimizer.paramGroups[0].momentum; // 0.5
 * schedule.step();
 * optimizer.paramGroups[0].momentum; // 0.7
 */
export class MomentumWarmup extends Schedule<MomentumWarmupOptions> {
  constructor(optimizer: ScheduleOptimizer, options: MomentumWarmupOptions = {}) {
    super(optimizer, { startMomentum: 0.5, endMomentum: 0.9, constantIters: 0, totalIters: 5 }, options);
    this.setMomenta();
  }

  protected override checkSettings(settings: SettingsOf<MomentumWarmupOptions>): void {
    checkSetting(this, 'startMomentum', settings.startMomentum, belowOne);
    checkSetting(this, 'endMomentum', settings.endMomentum, belowOne);
    checkSetting(this, 'constantIters', settings.constantIters, wholeAtLeastZero);
    checkSetting(this, 'totalIters', settings.totalIters, wholeAboveZero);
    if (this.optimizer.paramGroups.every((group) => momentumOf(group) !== undefined)) return;
    throw new GradtapeError('MomentumWarmup: the optimizer has no momentum', {
      got: `an ${this.optimizer.constructor.name} whose groups have neither momentum nor betas`,
      needs: 'an optimizer with momentum, such as SGD, or with betas, such as Adam',
      fix: 'new SGD(params, { lr, momentum: 0.5 })',
    });
  }

  /**
   * Takes one step, and sets every group's momentum.
   *
   * @param epoch Where to go. Left out: to the next.
   */
  step(epoch?: number): void {
    repeat(() => {
      this.lastEpoch = epoch ?? this.lastEpoch + 1;
      this.setMomenta();
    });
  }

  private setMomenta(): void {
    const { startMomentum, endMomentum, constantIters, totalIters } = this.settings;
    const share = Math.min(1, Math.max(0, (this.lastEpoch - constantIters) / totalIters));
    for (const group of this.optimizer.paramGroups)
      setMomentum(group, anneal('linear', startMomentum, endMomentum, share));
  }
}
