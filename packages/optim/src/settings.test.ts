import { Parameter, tensor } from '@gradtape/autograd';
import { expect, test } from 'vitest';
import * as optim from './index.ts';
import { optimizers } from './test-optimizers.ts';

// What is said about every setting that is out of range.

const params = [new Parameter(tensor([1]))];
const sgd = (): optim.SGD => new optim.SGD(params, { lr: 0.1, momentum: 0.9 });

/** What each attempt is told, in order. */
function told(...attempts: readonly (() => unknown)[]): string {
  return attempts
    .map((attempt) => {
      try {
        attempt();
      } catch (error) {
        return (error as Error).message;
      }
      return `nothing was wrong with ${attempt}`;
    })
    .join('\n\n');
}

test.each(Object.values(optimizers).map((make) => make(params)))(
  '%o names a rate below zero, no number, or infinite',
  (made) => {
    const Made = made.constructor as new (params: readonly Parameter[], options: object) => unknown;
    for (const lr of [-0.1, Number.NaN, Infinity, '0.1'])
      expect(() => new Made(params, { lr })).toThrow(`${Made.name}: lr is out of range`);
    expect(() => new Made(params, { learningRate: 1 })).toThrow(`${Made.name}: there is no setting learningRate`);
    expect(() => new Made([], {})).toThrow(`${Made.name}: the parameters are not usable`);
    expect(() => new Made([...params, ...params], {})).toThrow(`${Made.name}: the parameters are not usable`);
  },
);

test('parameters and rates', () => {
  expect(
    told(
      () => new optim.SGD(params, { lr: -0.1 }),
      () => new optim.Adam(params, { weight_decay: 0.1 } as Partial<optim.AdamOptions>),
      () => new optim.SGD([], { lr: 0.1 }),
      () => new optim.SGD([...params, ...params]),
      () => new optim.SGD([{ params, lr: Number.NaN }]),
    ),
  ).toMatchInlineSnapshot(`
    "SGD: lr is out of range
      got:   lr = -0.1
      needs: a finite number, 0 or more
      fix:   try 1e-3 for Adam or 1e-2 for SGD; if a schedule set it, look there

    Adam: there is no setting weight_decay
      got:   { weight_decay: 0.1 }
      needs: settings among lr, betas, eps, weightDecay, amsgrad, decoupledWeightDecay, maximize
      fix:   names are those of PyTorch in camelCase: weight_decay is weightDecay

    SGD: the parameters are not usable
      got:   no parameters
      needs: at least one parameter, each in one group
      fix:   pass model.parameters()

    SGD: the parameters are not usable
      got:   a parameter that comes twice
      needs: at least one parameter, each in one group
      fix:   remove it from one of the groups

    SGD: lr is out of range
      got:   lr = NaN
      needs: a finite number, 0 or more
      fix:   try 1e-3 for Adam or 1e-2 for SGD; if a schedule set it, look there"
  `);
});

test('optimizers', () => {
  expect(
    told(
      () => new optim.SGD(params, { momentum: -0.1 }),
      () => new optim.SGD(params, { weightDecay: -0.1 }),
      () => new optim.SGD(params, { dampening: Number.NaN }),
      () => new optim.SGD(params, { nesterov: true }),
      () => new optim.Adam(params, { betas: [0.9, 1] }),
      () => new optim.Adam(params, { betas: [-0.1, 0.9] }),
      () => new optim.AdamW(params, { eps: -1 }),
      () => new optim.Adamax(params, { betas: [1, 0.9] }),
      () => new optim.NAdam(params, { momentumDecay: -1 }),
      () => new optim.RAdam(params, { weightDecay: Number.NaN }),
      () => new optim.RMSprop(params, { alpha: 1.5 }),
      () => new optim.RMSprop(params, { momentum: -1 }),
      () => new optim.Adagrad(params, { lrDecay: -1 }),
      () => new optim.Adagrad(params, { initialAccumulatorValue: -1 }),
      () => new optim.Adadelta(params, { rho: -0.5 }),
      () => new optim.ASGD(params, { t0: -1 }),
      () => new optim.Rprop(params, { etas: [1.2, 0.5] }),
      () => new optim.Rprop(params, { etas: [0.5, 1] }),
      () => new optim.Rprop(params, { stepSizes: [0, 1] }),
      () => new optim.Rprop(params, { stepSizes: [1, 0.1] }),
      () => new optim.Lion(params, { betas: [0.9, 2] }),
      () => new optim.LBFGS(params, { maxIter: 0 }),
      () => new optim.LBFGS(params, { maxEval: 1.5 }),
      () => new optim.LBFGS(params, { toleranceGrad: -1 }),
      () => new optim.LBFGS(params, { historySize: 0 }),
    ),
  ).toMatchInlineSnapshot(`
    "SGD: momentum is out of range
      got:   momentum = -0.1
      needs: a finite number, 0 or more
      fix:   usual is 0.9; 0 for none

    SGD: weightDecay is out of range
      got:   weightDecay = -0.1
      needs: a finite number, 0 or more
      fix:   usual are 0.01 for AdamW and 1e-4 for SGD; 0 for none

    SGD: dampening is out of range
      got:   dampening = NaN
      needs: a finite number
      fix:   0 for none

    SGD: nesterov does not go with these settings
      got:   momentum = 0, dampening = 0
      needs: momentum above 0 and dampening 0
      fix:   new SGD(params, { lr, momentum: 0.9, nesterov: true })

    Adam: betas[1] is out of range
      got:   betas[1] = 1
      needs: at least 0 and less than 1
      fix:   usual are 0.9 for a first moment and 0.999 for a second

    Adam: betas[0] is out of range
      got:   betas[0] = -0.1
      needs: at least 0 and less than 1
      fix:   usual are 0.9 for a first moment and 0.999 for a second

    AdamW: eps is out of range
      got:   eps = -1
      needs: a finite number, 0 or more
      fix:   usual is 1e-8

    Adamax: betas[0] is out of range
      got:   betas[0] = 1
      needs: at least 0 and less than 1
      fix:   usual are 0.9 for a first moment and 0.999 for a second

    NAdam: momentumDecay is out of range
      got:   momentumDecay = -1
      needs: a finite number, 0 or more
      fix:   usual is 4e-3

    RAdam: weightDecay is out of range
      got:   weightDecay = NaN
      needs: a finite number, 0 or more
      fix:   usual are 0.01 for AdamW and 1e-4 for SGD; 0 for none

    RMSprop: alpha is out of range
      got:   alpha = 1.5
      needs: a number from 0 to 1
      fix:   usual are 0.99 for RMSprop and 0.75 for ASGD

    RMSprop: momentum is out of range
      got:   momentum = -1
      needs: a finite number, 0 or more
      fix:   usual is 0.9; 0 for none

    Adagrad: lrDecay is out of range
      got:   lrDecay = -1
      needs: a finite number, 0 or more
      fix:   0 for none

    Adagrad: initialAccumulatorValue is out of range
      got:   initialAccumulatorValue = -1
      needs: a finite number, 0 or more
      fix:   0, or 0.1 for smaller first steps

    Adadelta: rho is out of range
      got:   rho = -0.5
      needs: a number from 0 to 1
      fix:   usual is 0.9

    ASGD: t0 is out of range
      got:   t0 = -1
      needs: a finite number, 0 or more
      fix:   when to begin anew, such as 10; for ASGD, when to begin to average

    Rprop: etas[0] is out of range
      got:   etas[0] = 1.2
      needs: above 0 and less than 1
      fix:   usual is 0.5

    Rprop: etas[1] is out of range
      got:   etas[1] = 1
      needs: above 1
      fix:   usual is 1.2

    Rprop: stepSizes[0] is out of range
      got:   stepSizes[0] = 0
      needs: a finite number above 0
      fix:   usual is 1e-6

    Rprop: stepSizes[1] is out of range
      got:   stepSizes[1] = 0.1
      needs: at least stepSizes[0] = 1
      fix:   the smallest step comes first: [1e-6, 50]

    Lion: betas[1] is out of range
      got:   betas[1] = 2
      needs: at least 0 and less than 1
      fix:   usual are 0.9 for a first moment and 0.999 for a second

    LBFGS: maxIter is out of range
      got:   maxIter = 0
      needs: a whole number, 1 or more
      fix:   usual is 20

    LBFGS: maxEval is out of range
      got:   maxEval = 1.5
      needs: a whole number, 1 or more
      fix:   leave it out, and it is 1.25 times maxIter

    LBFGS: toleranceGrad is out of range
      got:   toleranceGrad = -1
      needs: a finite number, 0 or more
      fix:   usual is 1e-7

    LBFGS: historySize is out of range
      got:   historySize = 0
      needs: a whole number, 1 or more
      fix:   usual is from 5 to 100"
  `);
});

test('schedules', () => {
  const optimizer = sgd();
  expect(
    told(
      () => new optim.StepLR(optimizer, { stepSize: 0 }),
      () => new optim.StepLR(optimizer, {} as optim.StepLROptions),
      () => new optim.StepLR(optimizer, { stepSize: 2, gamma: -1 }),
      () => new optim.StepLR(optimizer, { stepSize: 2, lastEpoch: -2 }),
      () => new optim.MultiStepLR(optimizer, { milestones: [3, -1] }),
      () => new optim.MultiStepLR(optimizer, { milestones: 3 } as unknown as optim.MultiStepLROptions),
      () => new optim.MultiStepLR(optimizer, {} as optim.MultiStepLROptions),
      () => new optim.LambdaLR(optimizer, { lrLambda: 0.5 as unknown as () => number }),
      () => new optim.MultiplicativeLR(optimizer, { lrLambda: [() => 1, () => 2] }),
      () => new optim.ConstantLR(optimizer, { factor: 0 }),
      () => new optim.ConstantLR(optimizer, { totalIters: -1 }),
      () => new optim.LinearLR(optimizer, { startFactor: 0 }),
      () => new optim.LinearLR(optimizer, { endFactor: 1.5 }),
      () => new optim.LinearLR(optimizer, { totalIters: 0 }),
      () => new optim.CosineWarmupLR(optimizer, { startFactor: 2 }),
      () => new optim.CosineWarmupLR(optimizer, { totalIters: 0 }),
      () => new optim.ExponentialLR(optimizer, { gamma: Number.NaN }),
      () => new optim.PolynomialLR(optimizer, { totalIters: 0 }),
      () => new optim.PolynomialLR(optimizer, { power: -1 }),
      () => new optim.InverseTimeLR(optimizer, { b: 0 }),
      () => new optim.InverseTimeLR(optimizer, { a: [1, 2] }),
      () => new optim.CosineAnnealingLR(optimizer, { tMax: 0 }),
      () => new optim.CosineAnnealingLR(optimizer, { tMax: 2, etaMin: Infinity }),
      () => new optim.CosineAnnealingWarmRestarts(optimizer, { t0: 0 }),
      () => new optim.CosineAnnealingWarmRestarts(optimizer, { t0: 2, tMult: 0.5 }),
      () => new optim.CosineAnnealingLR(optimizer, { T_max: 10 } as unknown as optim.CosineAnnealingLROptions),
    ),
  ).toMatchInlineSnapshot(`
    "StepLR: stepSize is out of range
      got:   stepSize = 0
      needs: a whole number, 1 or more
      fix:   every ten steps: 10

    StepLR: stepSize is out of range
      got:   stepSize = undefined
      needs: a whole number, 1 or more
      fix:   it has no default: give stepSize yourself

    StepLR: gamma is out of range
      got:   gamma = -1
      needs: a finite number, 0 or more
      fix:   0.1 takes a tenth, 0.5 halves, 1 changes nothing

    StepLR: lastEpoch is out of range
      got:   lastEpoch = -2
      needs: a whole number, -1 or more
      fix:   leave it out, unless a run is resumed

    MultiStepLR: milestones[1] is out of range
      got:   milestones[1] = -1
      needs: a whole number, 0 or more
      fix:   count steps from 0

    MultiStepLR: milestones is out of range
      got:   milestones = 3
      needs: a list of whole numbers, 0 or more
      fix:   milestones: [30, 60], the steps after which the rate falls

    MultiStepLR: milestones is out of range
      got:   milestones = undefined
      needs: a list of whole numbers, 0 or more
      fix:   it has no default: give milestones yourself

    LambdaLR: lrLambda is not usable
      got:   number
      needs: a function of the step, or a list of 1: one for each group
      fix:   { lrLambda: (epoch) => 0.95 ** epoch }

    MultiplicativeLR: lrLambda is not usable
      got:   [function, function]
      needs: a function of the step, or a list of 1: one for each group
      fix:   { lrLambda: (epoch) => 0.95 ** epoch }

    ConstantLR: factor is out of range
      got:   factor = 0
      needs: above 0 and at most 1
      fix:   usual is a third: 1 / 3

    ConstantLR: totalIters is out of range
      got:   totalIters = -1
      needs: a whole number, 0 or more
      fix:   how many steps it lasts, such as 5 epochs

    LinearLR: startFactor is out of range
      got:   startFactor = 0
      needs: above 0 and at most 1
      fix:   usual is from 0.001 to a third; the rate is multiplied by it

    LinearLR: endFactor is out of range
      got:   endFactor = 1.5
      needs: a number from 0 to 1
      fix:   1 for all of the rate, 0 for nothing

    LinearLR: totalIters is out of range
      got:   totalIters = 0
      needs: a whole number, 1 or more
      fix:   how many steps it lasts, such as 5 epochs

    CosineWarmupLR: startFactor is out of range
      got:   startFactor = 2
      needs: above 0 and at most 1
      fix:   usual is from 0.001 to a third; the rate is multiplied by it

    CosineWarmupLR: totalIters is out of range
      got:   totalIters = 0
      needs: a whole number, 1 or more
      fix:   how many steps it lasts, such as 5 epochs

    ExponentialLR: gamma is out of range
      got:   gamma = NaN
      needs: a finite number, 0 or more
      fix:   0.1 takes a tenth, 0.5 halves, 1 changes nothing

    PolynomialLR: totalIters is out of range
      got:   totalIters = 0
      needs: a whole number, 1 or more
      fix:   how many steps it lasts, such as 5 epochs

    PolynomialLR: power is out of range
      got:   power = -1
      needs: a finite number, 0 or more
      fix:   1 for a straight line, 2 for a parabola

    InverseTimeLR: b is out of range
      got:   b = 0
      needs: a finite number above 0
      fix:   the rate is half the first one at step b: 10 for ten epochs

    InverseTimeLR: a is out of range
      got:   a = [1, 2]
      needs: one number, or a list of 1: one for each group
      fix:   count the optimizer.paramGroups

    CosineAnnealingLR: tMax is out of range
      got:   tMax = 0
      needs: a whole number, 1 or more
      fix:   how many steps the training has, such as 100 epochs

    CosineAnnealingLR: etaMin is out of range
      got:   etaMin = Infinity
      needs: a finite number
      fix:   0, or a hundredth of the rate

    CosineAnnealingWarmRestarts: t0 is out of range
      got:   t0 = 0
      needs: a whole number, 1 or more
      fix:   when to begin anew, such as 10; for ASGD, when to begin to average

    CosineAnnealingWarmRestarts: tMult is out of range
      got:   tMult = 0.5
      needs: a whole number, 1 or more
      fix:   1 for periods of one length, 2 for periods that double

    CosineAnnealingLR: there is no setting T_max
      got:   { T_max: 10 }
      needs: settings among tMax, etaMin, lastEpoch
      fix:   names are those of PyTorch in camelCase: weight_decay is weightDecay"
  `);
});

test('cycles', () => {
  const optimizer = sgd();
  const without = new optim.Adagrad(params);
  expect(
    told(
      () => new optim.CyclicLR(optimizer, { baseLr: [0.1, 0.2], maxLr: 1 }),
      () => new optim.CyclicLR(optimizer, { baseLr: 0.1, maxLr: -1 }),
      () => new optim.CyclicLR(optimizer, { baseLr: 0.1, maxLr: 1, stepSizeUp: 0 }),
      () => new optim.CyclicLR(optimizer, { baseLr: 0.1, maxLr: 1, stepSizeDown: 0 }),
      () => new optim.CyclicLR(optimizer, { baseLr: 0.1, maxLr: 1, mode: 'exp_range' as 'expRange' }),
      () => new optim.CyclicLR(optimizer, { baseLr: 0.1, maxLr: 1, scaleMode: 'steps' as 'cycle' }),
      () => new optim.CyclicLR(optimizer, { baseLr: 0.1, maxLr: 1, scaleFn: 2 as unknown as () => number }),
      () => new optim.CyclicLR(optimizer, { baseLr: 0.1, maxLr: 1, maxMomentum: 1 }),
      () => new optim.CyclicLR(without, { baseLr: 0.1, maxLr: 1 }),
      () => new optim.OneCycleLR(optimizer, { maxLr: 1 }),
      () => new optim.OneCycleLR(optimizer, { maxLr: 1, totalSteps: 0 }),
      () => new optim.OneCycleLR(optimizer, { maxLr: 1, epochs: 2, stepsPerEpoch: 1.5 }),
      () => new optim.OneCycleLR(optimizer, { maxLr: 1, totalSteps: 5, pctStart: 2 }),
      () => new optim.OneCycleLR(optimizer, { maxLr: 1, totalSteps: 5, annealStrategy: 'cosine' as 'cos' }),
      () => new optim.OneCycleLR(optimizer, { maxLr: 1, totalSteps: 5, divFactor: 0 }),
      () => new optim.OneCycleLR(without, { maxLr: 1, totalSteps: 5 }),
      () => new optim.SWALR(optimizer, { swaLr: -1 }),
      () => new optim.SWALR(optimizer, { swaLr: 1, annealEpochs: -1 }),
      () => new optim.MomentumWarmup(optimizer, { endMomentum: 1 }),
      () => new optim.MomentumWarmup(optimizer, { totalIters: 0 }),
      () => new optim.MomentumWarmup(without),
    ),
  ).toMatchInlineSnapshot(`
    "CyclicLR: baseLr is out of range
      got:   baseLr = [0.1, 0.2]
      needs: one number, or a list of 1: one for each group
      fix:   count the optimizer.paramGroups

    CyclicLR: maxLr is out of range
      got:   maxLr = -1
      needs: a finite number, 0 or more
      fix:   the largest rate at which the loss still falls: learningRateRange finds one

    CyclicLR: stepSizeUp is out of range
      got:   stepSizeUp = 0
      needs: a finite number above 0
      fix:   from two to ten epochs of batches, such as 2000

    CyclicLR: stepSizeDown is out of range
      got:   stepSizeDown = 0
      needs: a finite number above 0
      fix:   leave it out, and it is stepSizeUp

    CyclicLR: mode is out of range
      got:   mode = 'exp_range'
      needs: 'triangular', 'triangular2' or 'expRange'
      fix:   write mode: 'expRange'

    CyclicLR: scaleMode is out of range
      got:   scaleMode = 'steps'
      needs: 'cycle' or 'iterations'
      fix:   write scaleMode: 'cycle'

    CyclicLR: scaleFn is not a function
      got:   number
      needs: a function of the number of the cycle, or of the step with scaleMode: 'iterations'
      fix:   { scaleFn: (cycle) => 1 / cycle }

    CyclicLR: maxMomentum is out of range
      got:   maxMomentum = 1
      needs: at least 0 and less than 1
      fix:   usual is 0.95

    CyclicLR: the optimizer has no momentum
      got:   an Adagrad whose groups have neither momentum nor betas
      needs: an optimizer with momentum, such as SGD, or with betas, such as Adam
      fix:   { cycleMomentum: false } changes the learning rate alone

    OneCycleLR: how many steps there are is not said
      got:   epochs = null, stepsPerEpoch = null
      needs: totalSteps, or both epochs and stepsPerEpoch
      fix:   { maxLr, epochs: 10, stepsPerEpoch: loader.length }

    OneCycleLR: totalSteps is out of range
      got:   totalSteps = 0
      needs: a whole number, 1 or more
      fix:   how many batches there are in all epochs: epochs * loader.length

    OneCycleLR: stepsPerEpoch is out of range
      got:   stepsPerEpoch = 1.5
      needs: a whole number, 1 or more
      fix:   how many batches there are: loader.length

    OneCycleLR: pctStart is out of range
      got:   pctStart = 2
      needs: a number from 0 to 1
      fix:   usual is 0.3: it rises in three steps of ten

    OneCycleLR: annealStrategy is out of range
      got:   annealStrategy = 'cosine'
      needs: 'cos' or 'linear'
      fix:   write annealStrategy: 'cos'

    OneCycleLR: divFactor is out of range
      got:   divFactor = 0
      needs: a finite number above 0
      fix:   usual is 25

    OneCycleLR: the optimizer has no momentum
      got:   an Adagrad whose groups have neither momentum nor betas
      needs: an optimizer with momentum, such as SGD, or with betas, such as Adam
      fix:   { cycleMomentum: false } changes the learning rate alone

    SWALR: swaLr is out of range
      got:   swaLr = -1
      needs: a finite number, 0 or more
      fix:   about half the rate of the training, such as 0.05

    SWALR: annealEpochs is out of range
      got:   annealEpochs = -1
      needs: a whole number, 0 or more
      fix:   usual is 10; 0 goes there at once

    MomentumWarmup: endMomentum is out of range
      got:   endMomentum = 1
      needs: at least 0 and less than 1
      fix:   usual is 0.9

    MomentumWarmup: totalIters is out of range
      got:   totalIters = 0
      needs: a whole number, 1 or more
      fix:   how many steps it lasts, such as 5 epochs

    MomentumWarmup: the optimizer has no momentum
      got:   an Adagrad whose groups have neither momentum nor betas
      needs: an optimizer with momentum, such as SGD, or with betas, such as Adam
      fix:   new SGD(params, { lr, momentum: 0.5 })"
  `);
});

test('plateaus, sequences and chains', () => {
  const optimizer = sgd();
  const step = new optim.StepLR(optimizer, { stepSize: 1 });
  const stranger = new optim.StepLR(sgd(), { stepSize: 1 });
  const plateau = new optim.ReduceLROnPlateau(optimizer);
  expect(
    told(
      () => new optim.ReduceLROnPlateau(optimizer, { factor: 1 }),
      () => new optim.ReduceLROnPlateau(optimizer, { mode: 'lower' as 'min' }),
      () => new optim.ReduceLROnPlateau(optimizer, { patience: 1.5 }),
      () => new optim.ReduceLROnPlateau(optimizer, { minLr: [0, 0] }),
      () => new optim.SequentialLR(optimizer, { schedulers: [step, step, step], milestones: [5, 2] }),
      () => new optim.SequentialLR(optimizer, { schedulers: [step, step], milestones: [] }),
      () => new optim.SequentialLR(optimizer, { schedulers: [], milestones: [] }),
      () => new optim.SequentialLR(optimizer, { schedulers: [step, stranger], milestones: [2] }),
      () => new optim.ChainedScheduler([]),
      () => new optim.ChainedScheduler([step, stranger]),
      () => new optim.ChainedScheduler([step, plateau as unknown as optim.Chainable]),
      () => optim.linearScalingRule(-1, { batchSize: 2 }),
      () => optim.linearScalingRule(1, { batchSize: 0 }),
    ),
  ).toMatchInlineSnapshot(`
    "ReduceLROnPlateau: factor is out of range
      got:   factor = 1
      needs: above 0 and less than 1
      fix:   0.5 halves the rate, 0.1 takes a tenth

    ReduceLROnPlateau: mode is out of range
      got:   mode = 'lower'
      needs: 'min' or 'max'
      fix:   write mode: 'min'

    ReduceLROnPlateau: patience is out of range
      got:   patience = 1.5
      needs: a whole number, 0 or more
      fix:   usual is 10

    ReduceLROnPlateau: minLr is out of range
      got:   minLr = [0, 0]
      needs: one number, or a list of 1: one for each group
      fix:   count the optimizer.paramGroups

    SequentialLR: the milestones do not fit the schedules
      got:   milestones [5, 2] for 3 schedules
      needs: 2, rising: one between each two schedules
      fix:   milestones count steps from the very beginning: [5, 20] ends the second turn at step 20

    SequentialLR: the milestones do not fit the schedules
      got:   milestones [] for 2 schedules
      needs: 1, rising: one between each two schedules
      fix:   milestones count steps from the very beginning: [5, 20] ends the second turn at step 20

    SequentialLR: there are no schedules
      got:   an empty list
      needs: a list of one schedule or more
      fix:   make them on the same optimizer first: [new LinearLR(optimizer), …]

    SequentialLR: the schedules belong to several optimizers
      got:   schedulers[1] of another optimizer
      needs: schedules of one optimizer
      fix:   give each optimizer a schedule of its own

    ChainedScheduler: there are no schedules
      got:   an empty list
      needs: a list of one schedule or more
      fix:   make them on the same optimizer first: [new LinearLR(optimizer), …]

    ChainedScheduler: the schedules belong to several optimizers
      got:   schedulers[1] of another optimizer
      needs: schedules of one optimizer
      fix:   give each optimizer a schedule of its own

    ChainedScheduler: schedulers[1] cannot be one of several
      got:   ReduceLROnPlateau
      needs: a schedule of learning rates whose step needs nothing but the number of steps
      fix:   step it by itself, beside the others

    linearScalingRule: an argument is out of range
      got:   lr = -1
      needs: a finite number, 0 or more
      fix:   linearScalingRule(0.1, { batchSize: 1024, baseBatchSize: 256 })

    linearScalingRule: an argument is out of range
      got:   batchSize = 0
      needs: a whole number, 1 or more
      fix:   linearScalingRule(0.1, { batchSize: 1024, baseBatchSize: 256 })"
  `);
});
