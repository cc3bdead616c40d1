import { Parameter, tensor } from '@gradtape/autograd';
import { expect, test } from 'vitest';
import * as optim from '../index.ts';
import { told } from '../test-told.ts';

// What is said about every setting of a schedule that is out of range.

const params = [new Parameter(tensor([1]))];
const sgd = (): optim.SGD => new optim.SGD(params, { lr: 0.1, momentum: 0.9 });

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
