import { GradtapeError } from '@gradtape/autograd';
import { adalineLoss, adalineUpdate, lmsUpdate } from '../sensitivity/adaline.ts';
import { type NeuronParameters, netInput } from '../sensitivity/neuron.ts';
import { LinearUnit, type LinearUnitOptions } from './linear-unit.ts';
import type { Columns } from './samples.ts';

/**
 * Defaults: learning rate 0.01, 100 epochs, and a threshold half way between the classes: 0.5 for targets 0 and 1, 0 for -1 and
 * 1.
 */
export interface AdalineOptions extends LinearUnitOptions {
  /** A step after each sample, or one for all samples of an epoch together. Default: 'online'. */
  readonly mode?: 'batch' | 'online';
}

/**
 * ADALINE of Widrow and Hoff (1960): the linear neuron `z = wᵀ x + b`, taught by its error t - z before any threshold. Online by
 * {@link lmsUpdate}, in batches by {@link adalineUpdate}. Targets may be any numbers, as in regression: `decisionFunction`
 * gives z; `predict` and `score` are for two classes. 感知机 三、ADALINE 回顾
 *
 * @example
 * const X = tensor([[0, 0], [0, 1], [1, 0], [1, 1]]);
 * const or = tensor([0, 1, 1, 1]);
 * const adaline = new Adaline({ mode: 'batch', learningRate: 0.5, epochs: 200 }).fit(X, or);
 * adaline.decisionFunction(X); // [0.25, 0.75, 0.75, 1.25]
 * adaline.score(X, or); // 1
 * adaline.losses[0]; // 0.375
 */
export class Adaline extends LinearUnit {
  readonly mode: 'batch' | 'online';
  #losses: number[] = [];

  constructor({ mode = 'online', ...options }: AdalineOptions = {}) {
    const defaults = { learningRate: 0.01, epochs: 100, shuffle: true, standardize: false, classes: [0, 1] } as const;
    const { classes = defaults.classes } = options;
    super({ ...defaults, threshold: (classes[0] + classes[1]) / 2, ...options });
    this.mode = mode;
    if (mode !== 'batch' && mode !== 'online') failOnMode(mode);
  }

  /** Of each epoch `Σ (t - z)² / 2N`, each z as it was when the epoch came to its sample. */
  get losses(): readonly number[] {
    return this.#losses;
  }

  protected forget(): void {
    this.#losses = [];
  }

  protected epoch(start: NeuronParameters, { X, t }: Columns, order: Iterable<number>): NeuronParameters {
    const { learningRate } = this.settings;
    let { w, b } = start;
    if (this.mode === 'batch') {
      this.#losses.push(adalineLoss(w, b, X, t).item());
      return adalineUpdate(w, b, X, t, learningRate);
    }
    let squares = 0;
    for (const i of order) {
      const [x, target] = [X.select(1, i), t.select(0, i)];
      squares += target
        .sub(netInput(w, b, x))
        .square()
        .item();
      ({ w, b } = lmsUpdate(w, b, x, target, learningRate));
    }
    this.#losses.push(squares / (2 * t.length));
    return { w, b };
  }
}

function failOnMode(mode: never): never {
  throw new GradtapeError('Adaline: there is no such mode', {
    got: `mode = '${mode}'`,
    needs: "'online' or 'batch'",
    fix: "'online' steps after each sample, 'batch' once an epoch",
  });
}
