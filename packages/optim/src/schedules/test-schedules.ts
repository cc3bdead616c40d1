import { Parameter, tensor } from '@gradtape/autograd';
import {
  ChainedScheduler,
  ConstantLR,
  CosineAnnealingLR,
  CosineAnnealingWarmRestarts,
  CosineWarmupLR,
  CyclicLR,
  ExponentialLR,
  InverseTimeLR,
  LambdaLR,
  LinearLR,
  MomentumWarmup,
  MultiplicativeLR,
  MultiStepLR,
  OneCycleLR,
  PolynomialLR,
  ReduceLROnPlateau,
  type Schedule,
  SequentialLR,
  SGD,
  StepLR,
  SWALR,
} from '../index.ts';

/** A schedule that a test steps. */
export type AnySchedule = Schedule<object> & { step(): void };

/** An optimizer of two groups, with momentum. */
export function twoGroups(): SGD {
  const groups = [0.2, 0.1].map((lr) => ({ params: [new Parameter(tensor([1]))], lr }));
  return new SGD(groups, { momentum: 0.9 });
}

/** Metrics that fall at first, and then stay. */
const metrics = [3, 2, 1, 1, 1, 1, 0.5, 0.5, 0.5, 0.5, 0.5, 0.5];

/** Steps as others do, with a metric. */
class PlateauWithMetrics extends ReduceLROnPlateau {
  override step(): void {
    super.step(metrics[this.lastEpoch % metrics.length] as number);
  }
}

/** Every schedule, of one optimizer of two groups. */
export const schedules: Readonly<Record<string, (optimizer: SGD) => AnySchedule>> = {
  LambdaLR: (optimizer) => new LambdaLR(optimizer, { lrLambda: [(t) => 0.9 ** t, (t) => 1 / (1 + t)] }),
  MultiplicativeLR: (optimizer) => new MultiplicativeLR(optimizer, { lrLambda: (t) => 1 - 1 / (t + 1) }),
  StepLR: (optimizer) => new StepLR(optimizer, { stepSize: 3, gamma: 0.5 }),
  MultiStepLR: (optimizer) => new MultiStepLR(optimizer, { milestones: [7, 2, 2], gamma: 0.5 }),
  ConstantLR: (optimizer) => new ConstantLR(optimizer, { factor: 0.25, totalIters: 4 }),
  LinearLR: (optimizer) => new LinearLR(optimizer, { startFactor: 0.25, endFactor: 0.75, totalIters: 4 }),
  ExponentialLR: (optimizer) => new ExponentialLR(optimizer, { gamma: 0.9 }),
  PolynomialLR: (optimizer) => new PolynomialLR(optimizer, { totalIters: 9, power: 1.5 }),
  CosineAnnealingLR: (optimizer) => new CosineAnnealingLR(optimizer, { tMax: 4, etaMin: 0.01 }),
  CosineAnnealingWarmRestarts: (optimizer) => new CosineAnnealingWarmRestarts(optimizer, { t0: 2, tMult: 3 }),
  CosineWarmupLR: (optimizer) => new CosineWarmupLR(optimizer, { startFactor: 0.1, totalIters: 6 }),
  CyclicLR: (optimizer) =>
    new CyclicLR(optimizer, { baseLr: [0.1, 0.2], maxLr: 1, stepSizeUp: 2, stepSizeDown: 3, mode: 'triangular2' }),
  'CyclicLR of its own scale': (optimizer) =>
    new CyclicLR(optimizer, {
      baseLr: 0.1,
      maxLr: 1,
      stepSizeUp: 2,
      scaleFn: (t) => 0.9 ** t,
      scaleMode: 'iterations',
    }),
  OneCycleLR: (optimizer) => new OneCycleLR(optimizer, { maxLr: [1, 2], totalSteps: 20 }),
  'OneCycleLR in three phases': (optimizer) =>
    new OneCycleLR(optimizer, { maxLr: 1, epochs: 4, stepsPerEpoch: 5, threePhase: true, annealStrategy: 'linear' }),
  InverseTimeLR: (optimizer) => new InverseTimeLR(optimizer, { a: [1, 2], b: 5 }),
  SWALR: (optimizer) => new SWALR(optimizer, { swaLr: [0.05, 0.3], annealEpochs: 5 }),
  ReduceLROnPlateau: (optimizer) => new PlateauWithMetrics(optimizer, { patience: 1, factor: 0.5, cooldown: 1 }),
  MomentumWarmup: (optimizer) => new MomentumWarmup(optimizer, { constantIters: 2, totalIters: 4 }),
  SequentialLR: (optimizer) =>
    new SequentialLR(optimizer, {
      schedulers: [
        new LinearLR(optimizer, { totalIters: 3 }),
        new CosineAnnealingWarmRestarts(optimizer, { t0: 2 }),
        new SWALR(optimizer, { swaLr: 0.5, annealEpochs: 4 }),
      ],
      milestones: [3, 7],
    }),
  ChainedScheduler: (optimizer) =>
    new ChainedScheduler([
      new ConstantLR(optimizer, { factor: 0.5, totalIters: 4 }),
      new ExponentialLR(optimizer, { gamma: 0.9 }),
    ]),
};
