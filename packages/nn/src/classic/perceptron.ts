import type { Tensor } from '@gradtape/autograd';
import { decide, type NeuronParameters, netInput } from '../sensitivity/neuron.ts';
import { perceptronUpdate } from '../sensitivity/perceptron.ts';
import { LinearUnit, type LinearUnitOptions } from './linear-unit.ts';
import { type Columns, checkLabels } from './samples.ts';

/** Its answer is yes from net input 0 on: that is part of its rule. Defaults: learning rate 1, 100 epochs. */
export type PerceptronOptions = Omit<LinearUnitOptions, 'threshold'>;

/**
 * Rosenblatt's perceptron: `y = H(wᵀ x + b)`, and only a wrong answer changes anything, by {@link perceptronUpdate}. Samples that a
 * plane separates are learned after at most (R/γ)² wrong answers (Novikoff, 1962); from others, such as those of XOR, it
 * goes on learning for ever. `fit` ends after the first epoch without a mistake. 感知机 二、感知机（Perceptron）回顾
 *
 * @example
 * const X = tensor([[0, 0], [0, 1], [1, 0], [1, 1]]);
 * const and = tensor([0, 0, 0, 1]);
 * const perceptron = new Perceptron({ shuffle: false }).fit(X, and);
 * perceptron.predict(X); // [0, 0, 0, 1]
 * perceptron.errors; // [2, 3, 3, 2, 1, 0]
 * new Perceptron().fit(X, tensor([0, 1, 1, 0])).isConverged; // false
 */
export class Perceptron extends LinearUnit {
  #errors: number[] = [];

  constructor(options: PerceptronOptions = {}) {
    const defaults = { learningRate: 1, epochs: 100, shuffle: true, standardize: false, classes: [0, 1] } as const;
    super({ ...defaults, ...options, threshold: 0 });
  }

  /** How many samples each epoch answered wrongly when it came to them. */
  get errors(): readonly number[] {
    return this.#errors;
  }

  /** Whether the last epoch was without a mistake. */
  get isConverged(): boolean {
    return this.#errors.at(-1) === 0;
  }

  protected override get isDone(): boolean {
    return this.isConverged;
  }

  protected forget(): void {
    this.#errors = [];
  }

  protected epoch(start: NeuronParameters, { X, t }: Columns, order: Iterable<number>): NeuronParameters {
    const [no, yes] = this.settings.classes;
    checkLabels('Perceptron', t, this.settings.classes);
    const says = t.eq(yes).to(t.dtype);
    // Answer and target of other classes are not 1 but so far apart.
    const eta = this.settings.learningRate * (yes - no);
    let { w, b } = start;
    let mistakes = 0;
    for (const i of order) {
      const [x, target]: [Tensor, Tensor] = [X.select(1, i), says.select(0, i)];
      if (decide(netInput(w, b, x), 0).item() !== target.item()) mistakes++;
      ({ w, b } = perceptronUpdate(w, b, x, target, eta));
    }
    this.#errors.push(mistakes);
    return { w, b };
  }
}
