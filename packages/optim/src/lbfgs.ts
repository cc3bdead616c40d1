import {
  concat,
  dot,
  enableGrad,
  GradtapeError,
  isTracing,
  type Naming,
  noGrad,
  stack,
  type Tensor,
  unbind,
  zerosLike,
} from '@gradtape/autograd';
import { InverseHessian, plusScaled } from './inverse-hessian.ts';
import {
  type GroupOptions,
  Optimizer,
  type OptimizerOptions,
  type ParameterGroup,
  type ParametersOrGroups,
} from './optimizer.ts';
import type { SavedState } from './optimizer-state.ts';
import { atLeastZero, checkChoice, checkSetting, wholeAboveZero } from './settings.ts';
import { type SearchPoint, StrongWolfe } from './strong-wolfe.ts';

export interface LBFGSOptions extends OptimizerOptions {
  /** How many iterations a step takes at most. Default: 20. */
  maxIter: number;
  /** How often a step calls its closure at most, but for a line search that is under way. Default: null, 1.25 `maxIter`. */
  maxEval: number | null;
  /** The largest entry of the gradient at which a step ends. Default: 1e-7. */
  toleranceGrad: number;
  /** The change of a parameter, or of the loss, at which a step ends. Default: 1e-9. */
  toleranceChange: number;
  /** How many changes of the gradient are remembered. Default: 100. */
  historySize: number;
  /** How far to go along a direction: `lr`, or what a line search finds that begins there. Default: null. */
  lineSearchFn: 'strongWolfe' | null;
}

const defaults: LBFGSOptions = {
  lr: 1,
  maxIter: 20,
  maxEval: null,
  toleranceGrad: 1e-7,
  toleranceChange: 1e-9,
  historySize: 100,
  lineSearchFn: null,
  maximize: false,
};

/** Where an iteration began, and where it went. */
interface Iteration {
  readonly gradient: Tensor;
  readonly direction: Tensor;
  readonly t: number;
}

/** The loss at a point, and its gradient as one vector. */
interface Evaluation {
  readonly loss: Tensor;
  readonly value: number;
  readonly gradient: Tensor;
}

/**
 * Limited-memory BFGS (Liu and Nocedal, 1989): goes along `-H g`, where H is an estimate of the inverse Hessian from the latest
 * changes of the gradient. For whole batches and smooth losses; a step calls its closure many times. All parameters are one
 * group, and move together. It stops where PyTorch's does.
 *
 * It reads losses and gradients, so that its step cannot be compiled; the closure can, which does nearly all of the work.
 *
 * @example
 * const w = new Parameter(tensor([-1.2, 1], { dtype: 'float64' }));
 * const optimizer = new LBFGS([w], { lineSearchFn: 'strongWolfe', maxIter: 50 });
 * optimizer.step(() => {
 *   optimizer.zeroGrad();
 *   const [x, y] = w.unbind();
 *   const loss = y.sub(x.square()).square().mul(100).add(x.sub(1).square());
 *   loss.backward();
 *   return loss;
 * });
 * w.toArray(); // [1, 1]
 */
export class LBFGS extends Optimizer<LBFGSOptions> {
  #inverseHessian: InverseHessian = new InverseHessian();
  #last: Iteration | undefined;

  constructor(params: ParametersOrGroups<LBFGSOptions>, options: Partial<LBFGSOptions> = {}) {
    super(params, defaults, options);
  }

  protected override checkOptions(options: LBFGSOptions): void {
    super.checkOptions(options);
    checkSetting(this, 'maxIter', options.maxIter, wholeAboveZero);
    if (options.maxEval !== null) checkSetting(this, 'maxEval', options.maxEval, wholeAboveZero);
    checkSetting(this, 'toleranceGrad', options.toleranceGrad, atLeastZero);
    checkSetting(this, 'toleranceChange', options.toleranceChange, atLeastZero);
    checkSetting(this, 'historySize', options.historySize, wholeAboveZero);
    checkChoice(this, 'lineSearchFn', options.lineSearchFn, ['strongWolfe', null]);
  }

  /** @throws GradtapeError for a second group. */
  override addParamGroup(group: GroupOptions<LBFGSOptions>): void {
    if (this.paramGroups.length > 0) {
      throw new GradtapeError('LBFGS: there can be only one group', {
        got: 'a second group of parameters',
        needs: 'all parameters in one group: they move together',
        fix: 'pass model.parameters(), or train a part with an optimizer of its own',
      });
    }
    super.addParamGroup(group);
  }

  /**
   * Takes one step of up to `maxIter` iterations.
   *
   * @param closure Computes the loss and its gradients anew (`zeroGrad`, the forward pass, `backward`). It is called many times.
   * @returns The loss where the step began.
   * @throws GradtapeError without a closure, and inside of a compiled function.
   */
  override step(): never;
  override step(closure: () => Tensor): Tensor;
  override step(closure?: () => Tensor): Tensor {
    if (isTracing()) failOnTracing();
    if (closure === undefined) return failOnClosure();
    const [group] = this.paramGroups as readonly [ParameterGroup<LBFGSOptions>];
    this.checkOptions(group);
    return noGrad(() => this.#iterate(group, () => this.#evaluate(closure, group.maximize ? -1 : 1)));
  }

  #iterate(group: LBFGSOptions, evaluate: () => Evaluation): Tensor {
    const { lr, maxIter, toleranceGrad, toleranceChange, historySize } = group;
    const maxEval = group.maxEval ?? Math.floor((maxIter * 5) / 4);
    const first = evaluate();
    let here: Point = first;
    let evaluations = 1;
    // A gradient that is not a number does not end it, as in PyTorch.
    for (let k = 1; k <= maxIter && !(largest(here.gradient) <= toleranceGrad); k++) {
      const begun = this.#begin(here.gradient, lr, historySize);
      this.#last = begun;
      const slope = dot(here.gradient, begun.direction).item();
      if (slope > -toleranceChange) break;
      const moved =
        group.lineSearchFn === null
          ? this.#stride(begun, here, k === maxIter ? undefined : evaluate)
          : this.#search(begun, { ...here, t: 0, slope }, toleranceChange, evaluate);
      this.#last = { ...begun, t: moved.t };
      const change = Math.abs(moved.here.value - here.value);
      here = moved.here;
      evaluations += moved.evaluations;
      const isStill = largest(begun.direction.mul(moved.t)) <= toleranceChange || change < toleranceChange;
      if (isStill || evaluations >= maxEval) break;
    }
    return first.loss;
  }

  /** Where to go from here, and how far at first. */
  #begin(gradient: Tensor, lr: number, historySize: number): Iteration {
    const last = this.#last;
    if (last === undefined) {
      const t = Math.min(1, 1 / gradient.abs().sum().item()) * lr;
      return { gradient, direction: gradient.neg(), t };
    }
    this.#inverseHessian.remember(last.direction.mul(last.t), gradient.sub(last.gradient), historySize);
    return { gradient, direction: this.#inverseHessian.times(gradient.neg()), t: lr };
  }

  /** As far as was meant, without asking whether that is good; evaluated there, unless it is the last time. */
  #stride({ direction, t }: Iteration, here: Point, evaluate: (() => Evaluation) | undefined): Moved {
    this.#moveTo(this.#values(), direction, t);
    return evaluate === undefined ? { here, t, evaluations: 0 } : { here: evaluate(), t, evaluations: 1 };
  }

  #search({ direction, t }: Iteration, start: SearchPoint, toleranceChange: number, evaluate: () => Evaluation): Moved {
    const values = this.#values();
    const at = (step: number): SearchPoint => {
      this.#moveTo(values, direction, step);
      const { value, gradient } = evaluate();
      return { t: step, value, gradient, slope: dot(gradient, direction).item() };
    };
    const search = new StrongWolfe(at, start, toleranceChange / largest(direction));
    const here = search.search(t);
    this.#moveTo(values, direction, here.t);
    return { here, t: here.t, evaluations: search.evaluations };
  }

  #evaluate(closure: () => Tensor, sign: 1 | -1): Evaluation {
    const loss = enableGrad(closure);
    const gradients = this.parameters().map((parameter) => (parameter.grad ?? zerosLike(parameter.value)).flatten());
    return { loss, value: sign * loss.item(), gradient: concat(gradients).mul(sign) };
  }

  #values(): readonly Tensor[] {
    return this.parameters().map((parameter) => parameter.value);
  }

  /** Puts the parameters at `values + t direction`. */
  #moveTo(values: readonly Tensor[], direction: Tensor, t: number): void {
    let offset = 0;
    for (const [k, parameter] of this.parameters().entries()) {
      const part = direction.narrow(0, offset, parameter.length).reshape(parameter.shape);
      parameter.assign(plusScaled(values[k] as Tensor, part, t));
      offset += parameter.length;
    }
  }

  /** @throws GradtapeError for PyTorch's: it keeps its history in lists, and how far it has come. */
  protected override checkNames(names: Naming): void {
    if (names === 'pytorch') {
      throw new GradtapeError('LBFGS: its state cannot be exchanged with PyTorch', {
        got: "{ names: 'pytorch' }",
        needs: 'the state of an optimizer that keeps tensors by parameter',
        fix: 'exchange the parameters and begin anew: the history is made again in some ten steps',
      });
    }
  }

  protected override copyState(): SavedState {
    if (this.#last === undefined) return {};
    const { changes } = this.#inverseHessian;
    const history = changes.length > 0 && {
      steps: stack(changes.map(({ step }) => step)),
      gradients: stack(changes.map(({ gradient }) => gradient)),
    };
    return { 0: { ...this.#last, ...history } };
  }

  protected override restoreState({ 0: saved }: SavedState): void {
    const { steps, gradients, ...last } = (saved ?? {}) as Partial<Iteration> & { steps?: Tensor; gradients?: Tensor };
    this.#last = saved && (last as Iteration);
    this.#inverseHessian = new InverseHessian();
    if (steps === undefined || gradients === undefined) return;
    const changes = unbind(gradients);
    for (const [k, step] of unbind(steps).entries())
      this.#inverseHessian.remember(step, changes[k] as Tensor, changes.length);
  }
}

type Point = Omit<Evaluation, 'loss'>;

interface Moved {
  readonly here: Point;
  readonly t: number;
  readonly evaluations: number;
}

function largest(x: Tensor): number {
  return x.abs().amax().item();
}

function failOnTracing(): never {
  throw new GradtapeError('LBFGS: a step cannot be compiled', {
    got: 'step(closure) inside of a compiled function',
    needs: 'losses and gradients that it can read: how often it evaluates, and where, depends on them',
    fix: 'compile the closure instead, const closure = compile(() => { … }), and call optimizer.step(closure) outside',
  });
}

function failOnClosure(): never {
  throw new GradtapeError('LBFGS: a step needs a closure', {
    got: 'step()',
    needs: 'a function that computes the loss and its gradients anew, as often as it is called',
    fix: 'optimizer.step(() => { optimizer.zeroGrad(); const loss = …; loss.backward(); return loss; })',
  });
}
