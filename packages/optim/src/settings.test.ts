import { Parameter, tensor } from '@gradtape/autograd';
import { expect, test } from 'vitest';
import * as optim from './index.ts';
import { optimizers } from './test-optimizers.ts';
import { told } from './test-told.ts';

// What is said about every setting that is out of range.

const params = [new Parameter(tensor([1]))];

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
