import { Parameter, tensor } from '@gradtape/autograd';
import { compile } from '@gradtape/autograd/compile';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import * as optim from '../index.ts';
import {
  Adam,
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
  type LRScheduler,
  MomentumWarmup,
  MultiStepLR,
  OneCycleLR,
  PolynomialLR,
  ReduceLROnPlateau,
  Schedule,
  SequentialLR,
  SGD,
  StepLR,
  SWALR,
} from '../index.ts';
import { type AnySchedule, schedules, twoGroups } from './test-schedules.ts';

const STEPS = 12;

function oneGroup(lr = 0.1, momentum = 0): SGD {
  return new SGD([new Parameter(tensor([1]))], { lr, momentum });
}

/** Rates and momenta. */
const settingsOf = ({ paramGroups }: SGD): unknown => paramGroups.map(({ lr, momentum }) => [lr, momentum]);

const trajectory = (optimizer: SGD, schedule: AnySchedule, steps: number): unknown[] =>
  Array.from({ length: steps }, () => {
    schedule.step();
    return settingsOf(optimizer);
  });

/** The first group's rate after each step. */
const ratesOf = (schedule: AnySchedule, steps: number): number[] =>
  Array.from({ length: steps }, () => {
    schedule.step();
    return schedule.getLastLr()[0] as number;
  });

test('every schedule is in the table', () => {
  const made = new Set(Object.values(schedules).map((make) => make(twoGroups())));
  const exported = Object.values(optim).filter(
    (each) => typeof each === 'function' && each.prototype instanceof Schedule && each !== optim.LRScheduler,
  );
  expect(exported.length).toBeGreaterThan(15);
  expect(exported.filter((each) => ![...made].some((schedule) => schedule instanceof each))).toEqual([]);
});

describe.each(Object.entries(schedules))('%s', (_, make) => {
  test('goes on from a saved state, through JSON, as if nothing had happened', () => {
    const straight = twoGroups();
    const expected = trajectory(straight, make(straight), STEPS);
    expect(new Set(expected.map((each) => JSON.stringify(each))).size).toBeGreaterThan(1);
    for (const cut of [0, 1, 5, 9]) {
      const [first, second] = [twoGroups(), twoGroups()];
      const schedule = make(first);
      trajectory(first, schedule, cut);
      const saved = JSON.parse(JSON.stringify([first.stateDict().paramGroups, schedule.stateDict()]));
      const resumed = make(second);
      trajectory(second, resumed, 2); // what it has done is forgotten
      second.loadStateDict({ state: {}, paramGroups: saved[0] });
      resumed.loadStateDict(saved[1]);
      expect(resumed.getLastLr()).toEqual(schedule.getLastLr());
      expect(trajectory(second, resumed, STEPS - cut)).toEqual(expected.slice(cut));
    }
  });

  test('says the rates that it has set', () => {
    const optimizer = twoGroups();
    const schedule = make(optimizer);
    expect(schedule.getLastLr()).toEqual(optimizer.paramGroups.map(({ lr }) => lr));
    schedule.step();
    schedule.step();
    expect(schedule.getLastLr()).toEqual(optimizer.paramGroups.map(({ lr }) => lr));
    expect(schedule.lastEpoch).toBe(2);
  });

  test('refuses the state of another kind, or for another number of groups', () => {
    const schedule = make(twoGroups());
    const before = JSON.stringify(schedule.stateDict());
    expect(() => schedule.loadStateDict({ lastEpoch: 1 })).toThrow("loadStateDict: the state is another schedule's");
    const { schedulers } = schedule.stateDict();
    const state = { lastEpoch: 1, lastLr: [1, 1], settings: {}, schedulers };
    expect(() => schedule.loadStateDict({ ...state, lastLr: [1] })).toThrow('1 groups');
    expect(() => schedule.loadStateDict({ ...state, settings: { strange: 1 } })).toThrow('strange');
    if (schedulers !== undefined)
      expect(() => schedule.loadStateDict({ ...state, schedulers: [] })).toThrow('states of 0 schedules');
    expect(JSON.stringify(schedule.stateDict())).toBe(before);
  });
});

/** Those without a metric can be stepped by a program. */
const steppable = Object.entries(schedules).filter(([name]) => name !== 'ReduceLROnPlateau');

test.each(steppable)('%s inside of a compiled step takes one step in each run', (_, make) => {
  const [eager, compiled] = [twoGroups(), twoGroups()];
  const schedule = make(compiled);
  const step = compile(() => {
    for (const { params } of compiled.paramGroups) for (const parameter of params) parameter.grad = tensor([1]);
    compiled.step();
    schedule.step();
  });
  const expected = trajectory(eager, make(eager), STEPS);
  const got = Array.from({ length: STEPS }, () => {
    step();
    return settingsOf(compiled);
  });
  expect(got).toEqual(expected);
  expect(step.statistics.programs).toBe(1);
});

const draw = {
  lr: fc.double({ min: 1e-3, max: 1, noNaN: true }),
  part: fc.double({ min: 0.05, max: 1, noNaN: true }),
  count: fc.integer({ min: 1, max: 9 }),
};

/** Schedules with a formula of the step, with drawn settings. */
const closed: Readonly<Record<string, (optimizer: SGD, part: number, other: number, count: number) => LRScheduler>> = {
  StepLR: (optimizer, part, _, count) => new StepLR(optimizer, { stepSize: count, gamma: part }),
  MultiStepLR: (optimizer, part, _, count) =>
    new MultiStepLR(optimizer, { milestones: [count, 2 * count, count], gamma: part }),
  ConstantLR: (optimizer, part, _, count) => new ConstantLR(optimizer, { factor: part, totalIters: count }),
  LinearLR: (optimizer, part, other, count) =>
    new LinearLR(optimizer, { startFactor: part, endFactor: other, totalIters: count }),
  ExponentialLR: (optimizer, part) => new ExponentialLR(optimizer, { gamma: part }),
  PolynomialLR: (optimizer, part, _, count) => new PolynomialLR(optimizer, { totalIters: count, power: 3 * part }),
  CosineAnnealingLR: (optimizer, part, _, count) =>
    new CosineAnnealingLR(optimizer, { tMax: count, etaMin: part * 1e-3 }),
  CosineAnnealingWarmRestarts: (optimizer, part, _, count) =>
    new CosineAnnealingWarmRestarts(optimizer, { t0: count, tMult: 1 + (count % 3), etaMin: part * 1e-3 }),
  CosineWarmupLR: (optimizer, part, _, count) =>
    new CosineWarmupLR(optimizer, { startFactor: part, totalIters: count }),
  InverseTimeLR: (optimizer, part, _, count) => new InverseTimeLR(optimizer, { a: part, b: count }),
  LambdaLR: (optimizer, part) => new LambdaLR(optimizer, { lrLambda: (t) => part ** t }),
};

test.each(Object.entries(closed))('%s: step by step it comes to where its formula does', (_, make) => {
  fc.assert(
    fc.property(draw.lr, draw.part, draw.part, draw.count, (lr, part, other, count) => {
      const [walking, jumping] = [oneGroup(lr), oneGroup(lr)];
      const [walker, jumper] = [make(walking, part, other, count), make(jumping, part, other, count)];
      expect(walker.getLastLr()[0]).toBeCloseTo(jumper.getLastLr()[0] as number, 12);
      for (let t = 1; t <= 25; t++) {
        walker.step();
        jumper.step(t);
        expect(walker.getLastLr()[0]).toBeCloseTo(jumper.getLastLr()[0] as number, 9);
      }
      jumper.step(0);
      expect(jumper.lastEpoch).toBe(0);
    }),
    { numRuns: 30 },
  );
});

test('warm restarts take fractions of epochs, and periods that grow exactly', () => {
  const optimizer = oneGroup(1);
  const schedule = new CosineAnnealingWarmRestarts(optimizer, { t0: 1, tMult: 3 });
  // Periods begin at (3ⁿ - 1) / 2.
  for (const n of [1, 2, 3, 4, 5, 6, 7]) {
    schedule.step((3 ** n - 1) / 2);
    expect(schedule.getLastLr()[0]).toBe(1);
    schedule.step((3 ** n - 1) / 2 + 3 ** n / 2);
    expect(schedule.getLastLr()[0]).toBeCloseTo(0.5, 12);
  }
  // From half an epoch on, steps go on at halves, past a restart, too.
  const half = new CosineAnnealingWarmRestarts(oneGroup(1), { t0: 2 });
  half.step(0.5);
  const expected = half.getLastLr()[0] as number;
  half.step();
  half.step();
  expect(half.getLastLr()[0]).toBeCloseTo(expected, 12);
  expect(() => schedule.step(-1)).toThrowErrorMatchingInlineSnapshot(`
    [GradtapeError: CosineAnnealingWarmRestarts: epoch is out of range
      got:   epoch = -1
      needs: a finite number, 0 or more
      fix:   count from 0; a fraction is the part of an epoch that is over]
  `);
});

test('a first rate in each group is the base of all schedules, and survives in the optimizer’s state', () => {
  const optimizer = oneGroup(0.1);
  new ConstantLR(optimizer, { factor: 0.5 });
  expect(new StepLR(optimizer, { stepSize: 1 }).baseLrs).toEqual([0.1]);
  const other = oneGroup(1);
  other.loadStateDict(optimizer.stateDict());
  const resumed = new ExponentialLR(other, { gamma: 0.5, lastEpoch: 3 });
  expect([resumed.baseLrs, resumed.lastEpoch, resumed.getLastLr()]).toEqual([[0.1], 4, [0.05]]);
  expect(() => new StepLR(oneGroup(), { stepSize: 1, lastEpoch: 3 })).toThrowErrorMatchingInlineSnapshot(`
    [GradtapeError: StepLR: a run cannot be resumed
      got:   lastEpoch = 3, and a group without initialLr
      needs: the rates with which the run began
      fix:   load the optimizer’s state first, or give each group its initialLr]
  `);
});

test('schedules hold schedules', () => {
  const rates = (make: (optimizer: SGD) => AnySchedule, steps: number): number[] => {
    const optimizer = oneGroup(1);
    const schedule = make(optimizer);
    return [...schedule.getLastLr(), ...ratesOf(schedule, steps)];
  };
  const half = (optimizer: SGD) => new ExponentialLR(optimizer, { gamma: 0.5 });
  const warmup = (optimizer: SGD) => new ConstantLR(optimizer, { factor: 0.25, totalIters: 2 });
  // A sequence in a sequence, first and second; a chain in a sequence.
  expect(
    rates(
      (optimizer) =>
        new SequentialLR(optimizer, {
          schedulers: [
            new SequentialLR(optimizer, { schedulers: [warmup(optimizer), half(optimizer)], milestones: [2] }),
            new SequentialLR(optimizer, { schedulers: [half(optimizer), warmup(optimizer)], milestones: [2] }),
          ],
          milestones: [4],
        }),
      8,
    ),
  ).toEqual([0.25, 0.25, 1, 0.5, 1, 0.5, 0.25, 0.25, 1]);
  expect(
    rates(
      (optimizer) =>
        new SequentialLR(optimizer, {
          schedulers: [half(optimizer), new ChainedScheduler([warmup(optimizer), half(optimizer)])],
          milestones: [2],
        }),
      5,
    ),
  ).toEqual([1, 0.5, 0.25, 0.125, 0.25, 0.125]);
});

test('momentum falls as the rate rises, β₁ in the place of momentum, and not where that is not wanted', () => {
  const parameter = new Parameter(tensor([1]));
  const adam = new Adam([parameter]);
  const schedule = new CyclicLR(adam, { baseLr: 0, maxLr: 1, stepSizeUp: 2 });
  expect(adam.paramGroups[0]?.betas).toEqual([0.9, 0.999]);
  schedule.step();
  schedule.step();
  expect(adam.paramGroups[0]?.betas).toEqual([0.8, 0.999]);
  const sgd = oneGroup(0.1, 0.7);
  new OneCycleLR(sgd, { maxLr: 1, totalSteps: 5, cycleMomentum: false }).step();
  expect(sgd.paramGroups[0]?.momentum).toBe(0.7);
});

test('one cycle has as many steps as it was told', () => {
  const optimizer = oneGroup(0.1, 0.9);
  const schedule = new OneCycleLR(optimizer, { maxLr: 1, totalSteps: 4 });
  for (let k = 0; k < 4; k++) schedule.step();
  expect(() => schedule.step()).toThrowErrorMatchingInlineSnapshot(`
    [GradtapeError: OneCycleLR: a step too many
      got:   step 5
      needs: at most 4, which is all there are
      fix:   step once a batch, and give as many totalSteps as there are batches in all epochs]
  `);
  for (const totalSteps of [1, 2])
    for (const pctStart of [0, 0.5, 1]) {
      const short = new OneCycleLR(optimizer, { maxLr: 1, totalSteps, pctStart });
      for (let k = 0; k < totalSteps; k++) short.step();
      expect(Number.isFinite(optimizer.paramGroups[0]?.lr)).toBe(true);
    }
});

test('the averaging rate is reached from wherever the rate is', () => {
  const optimizer = oneGroup(1);
  const schedule = new SWALR(optimizer, { swaLr: 0.1, annealEpochs: 3, annealStrategy: 'linear' });
  const rates = ratesOf(schedule, 5);
  for (const [k, rate] of [0.7, 0.4, 0.1, 0.1, 0.1].entries()) expect(rates[k]).toBeCloseTo(rate, 12);
  new SWALR(optimizer, { swaLr: 0.3, annealEpochs: 0 });
  expect(optimizer.paramGroups[0]?.lr).toBe(0.3);
});

test('the schedules of the textbooks', () => {
  const inverse = oneGroup(0.1);
  const schedule = new InverseTimeLR(inverse, { b: 10 });
  expect(schedule.getLastLr()).toEqual([0.1]);
  for (let t = 1; t <= 10; t++) schedule.step();
  expect(schedule.getLastLr()[0]).toBeCloseTo(0.05, 12); // half at t = b
  const momentum = oneGroup(0.1);
  const rising = new MomentumWarmup(momentum, { constantIters: 3, totalIters: 1 });
  const seen = Array.from({ length: 5 }, () => {
    rising.step();
    return momentum.paramGroups[0]?.momentum;
  });
  expect(seen).toEqual([0.5, 0.5, 0.5, 0.9, 0.9]);
  rising.step(0);
  expect(momentum.paramGroups[0]?.momentum).toBe(0.5);
});

describe('ReduceLROnPlateau', () => {
  const run = (options: optim.ReduceLROnPlateauOptions, metrics: readonly number[], lr = 1): number[] => {
    const schedule = new ReduceLROnPlateau(oneGroup(lr), { factor: 0.5, patience: 0, ...options });
    return metrics.map((metric) => {
      schedule.step(metric);
      return schedule.getLastLr()[0] as number;
    });
  };

  test('watches for a fall, or a rise, by a part or an amount', () => {
    expect(run({}, [1, 1, 0.9, 0.9])).toEqual([1, 0.5, 0.5, 0.25]);
    expect(run({ mode: 'max' }, [1, 1, 1.1, 1.2])).toEqual([1, 0.5, 0.5, 0.5]);
    expect(run({ threshold: 0.5 }, [1, 0.6, 0.4])).toEqual([1, 0.5, 0.5]);
    expect(run({ threshold: 0.5, thresholdMode: 'abs' }, [4, 3.6, 3.4])).toEqual([1, 0.5, 0.5]);
    expect(run({ mode: 'max', threshold: 0.5, thresholdMode: 'abs' }, [4, 4.4, 4.6])).toEqual([1, 0.5, 0.5]);
  });

  test('is patient, cools down, and stops at the lowest rate', () => {
    expect(run({ patience: 2 }, [1, 1, 1, 1, 1])).toEqual([1, 1, 1, 0.5, 0.5]);
    expect(run({ cooldown: 2 }, [1, 1, 1, 1, 1])).toEqual([1, 0.5, 0.5, 0.5, 0.25]);
    expect(run({ minLr: 0.4 }, [1, 1, 1, 1])).toEqual([1, 0.5, 0.4, 0.4]);
    expect(run({ eps: 0.3 }, [1, 1, 1])).toEqual([1, 0.5, 0.5]);
  });

  test('takes what is no number as no improvement, and a tensor of one', () => {
    expect(run({}, [Number.NaN, Infinity, 1, 1])).toEqual([0.5, 0.25, 0.25, 0.125]);
    const schedule = new ReduceLROnPlateau(oneGroup(1), { factor: 0.5, patience: 0 });
    schedule.step(tensor(2), 7);
    schedule.step(tensor(2));
    expect([schedule.best, schedule.lastEpoch, schedule.getLastLr()]).toEqual([2, 8, [0.5]]);
  });

  test('does not go into a compiled function', () => {
    const schedule = new ReduceLROnPlateau(oneGroup(1));
    expect(compile(() => schedule.step(1))).toThrowErrorMatchingInlineSnapshot(`
      [GradtapeError: ReduceLROnPlateau: a step inside of a compiled function
        got:   step(metric) while a program is made
        needs: the metric’s value, which a program does not have before it runs
        fix:   call it outside, once an epoch: the compiled step follows the new rate]
    `);
  });

  test('needs a lowest rate for a group that was added', () => {
    const optimizer = oneGroup(1);
    const schedule = new ReduceLROnPlateau(optimizer, { minLr: [0.1], patience: 0 });
    optimizer.addParamGroup({ params: [new Parameter(tensor([1]))] });
    schedule.step(1);
    expect(() => schedule.step(1)).toThrowErrorMatchingInlineSnapshot(`
      [GradtapeError: ReduceLROnPlateau: minLr is out of range
        got:   minLr = [0.1]
        needs: one number, or a list of 2: one for each group
        fix:   count the optimizer.paramGroups]
    `);
  });
});
