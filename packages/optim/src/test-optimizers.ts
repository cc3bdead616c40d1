import type { Parameter } from '@gradtape/autograd';
import {
  Adadelta,
  Adagrad,
  Adam,
  Adamax,
  AdamW,
  ASGD,
  LBFGS,
  Lion,
  NAdam,
  type Optimizer,
  type OptimizerOptions,
  RAdam,
  RMSprop,
  Rprop,
  SGD,
} from './index.ts';

export type AnyOptimizer = Optimizer<OptimizerOptions>;
type Maker = (params: readonly Parameter[], maximize?: boolean) => AnyOptimizer;

/** Every optimizer, with settings that take each way through it, and that go to the bottom of a bowl. */
export const optimizers: Readonly<Record<string, Maker>> = {
  SGD: (params, maximize) => new SGD(params, { lr: 0.1, maximize }),
  'SGD, momentum': (params, maximize) =>
    new SGD(params, { lr: 0.1, momentum: 0.9, weightDecay: 0.1, dampening: 0.2, maximize }),
  'SGD, Nesterov': (params, maximize) => new SGD(params, { lr: 0.1, momentum: 0.9, nesterov: true, maximize }),
  'SGD, rate in velocity': (params, maximize) =>
    new SGD(params, { lr: 0.1, momentum: 0.9, rateInVelocity: true, maximize }),
  'SGD, Nesterov, rate in velocity': (params, maximize) =>
    new SGD(params, { lr: 0.1, momentum: 0.9, nesterov: true, rateInVelocity: true, maximize }),
  Adam: (params, maximize) => new Adam(params, { lr: 0.1, weightDecay: 0.1, maximize }),
  'Adam, amsgrad': (params, maximize) => new Adam(params, { lr: 0.1, amsgrad: true, maximize }),
  AdamW: (params, maximize) => new AdamW(params, { lr: 0.1, maximize }),
  Adamax: (params, maximize) => new Adamax(params, { lr: 0.1, weightDecay: 0.01, maximize }),
  NAdam: (params, maximize) => new NAdam(params, { lr: 0.1, weightDecay: 0.01, maximize }),
  'NAdam, decoupled': (params, maximize) =>
    new NAdam(params, { lr: 0.1, weightDecay: 0.01, decoupledWeightDecay: true, momentumDecay: 0.1, maximize }),
  RAdam: (params, maximize) => new RAdam(params, { lr: 0.1, betas: [0.9, 0.9], weightDecay: 0.01, maximize }),
  'RAdam, decoupled': (params, maximize) =>
    new RAdam(params, { lr: 0.1, betas: [0.9, 0.9], weightDecay: 0.01, decoupledWeightDecay: true, maximize }),
  RMSprop: (params, maximize) => new RMSprop(params, { lr: 0.05, alpha: 0.9, weightDecay: 0.01, maximize }),
  'RMSprop, centered': (params, maximize) =>
    new RMSprop(params, { lr: 0.02, centered: true, momentum: 0.5, eps: 0.1, maximize }),
  Adagrad: (params, maximize) =>
    new Adagrad(params, { lr: 1, lrDecay: 1e-3, weightDecay: 0.01, initialAccumulatorValue: 0.1, maximize }),
  Adadelta: (params, maximize) => new Adadelta(params, { eps: 0.1, weightDecay: 0.01, maximize }),
  ASGD: (params, maximize) => new ASGD(params, { lr: 0.1, lambd: 1e-3, t0: 5, weightDecay: 0.01, maximize }),
  Rprop: (params, maximize) => new Rprop(params, { lr: 0.1, maximize }),
  Lion: (params, maximize) => new Lion(params, { lr: 0.1, weightDecay: 0.01, maximize }),
  LBFGS: (params, maximize) => new LBFGS(params, { maxIter: 1, lr: 0.3, maximize }),
  'LBFGS, strong Wolfe': (params, maximize) => new LBFGS(params, { maxIter: 2, lineSearchFn: 'strongWolfe', maximize }),
};
