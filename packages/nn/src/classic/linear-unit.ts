import { defaultGenerator, type Generator, GradtapeError, type Tensor, zeros } from '@gradtape/autograd';
import { decide, type NeuronParameters, netInput } from '../sensitivity/neuron.ts';
import { standardize } from '../sensitivity/standardize.ts';
import { type Classes, type Columns, checkLabels, columnsOf, questionsOf } from './samples.ts';

export interface LinearUnitOptions {
  /** η, above 0. */
  readonly learningRate?: number;
  /** How often `fit` goes through the samples. */
  readonly epochs?: number;
  /** Whether each epoch takes the samples in a new order. Default: true. */
  readonly shuffle?: boolean;
  /** Draws these orders. Default: the generator that `manualSeed` seeds. */
  readonly generator?: Generator;
  /** Whether features are brought to mean 0 and standard deviation 1, by those of the samples that `fit` is given. Default: false. */
  readonly standardize?: boolean;
  /** The labels of no and yes. Default: [0, 1]. */
  readonly classes?: Classes;
  /** From which net input on the answer is yes. */
  readonly threshold?: number;
  /** Where `fit` and `partialFit` begin. Default: zeros. */
  readonly initial?: NeuronParameters;
}

/** The options that every unit has a value of. */
interface Settings extends Omit<Required<LinearUnitOptions>, 'initial' | 'generator'> {
  readonly initial?: NeuronParameters;
  readonly generator?: Generator;
}

/** The mean and the deviation of every feature, `[features]` each. */
interface Scale {
  readonly mu: Tensor;
  readonly sigma: Tensor;
}

/** One neuron that answers yes or no by its net input `z = wᵀ x + b`, with a rule of its own for learning. */
export abstract class LinearUnit {
  protected readonly settings: Settings;
  #parameters: NeuronParameters | undefined;
  #scale: Scale | undefined;

  /** @throws GradtapeError for an option out of range. */
  constructor(settings: Settings) {
    this.settings = settings;
    this.#parameters = settings.initial;
    checkSettings(this.constructor.name, settings);
  }

  /** `[features]`. @throws GradtapeError before the first `fit`. */
  get w(): Tensor {
    return this.#known().w;
  }

  /** `[]`. @throws GradtapeError before the first `fit`. */
  get b(): Tensor {
    return this.#known().b;
  }

  /** Begins anew, and learns from all samples, epoch by epoch: X `[N, features]`, y `[N]`. */
  fit(X: Tensor, y: Tensor): this {
    const samples = columnsOf(this.constructor.name, X, y);
    this.#parameters = undefined;
    this.#scale = undefined;
    this.forget();
    for (let epoch = 0; epoch < this.settings.epochs && !this.isDone; epoch++) this.#learn(samples);
    return this;
  }

  /** Learns from all samples once, from where it stands: X `[N, features]`, y `[N]`. */
  partialFit(X: Tensor, y: Tensor): this {
    this.#learn(columnsOf(this.constructor.name, X, y));
    return this;
  }

  /** The net inputs `[N]` of X `[N, features]`. */
  decisionFunction(X: Tensor): Tensor {
    const { w, b } = this.#known();
    const questions = questionsOf(this.constructor.name, X, w.length).to(w.dtype);
    return netInput(w, b, this.#scaled(questions));
  }

  /** The answers `[N]` to X `[N, features]`: one of the two classes each, int32. */
  predict(X: Tensor): Tensor {
    const { classes, threshold } = this.settings;
    const says = decide(this.decisionFunction(X), threshold);
    return says
      .mul(classes[1] - classes[0])
      .add(classes[0])
      .to('int32');
  }

  /** The share of right answers. */
  score(X: Tensor, y: Tensor): number {
    const { t } = columnsOf(this.constructor.name, X, y);
    checkLabels(this.constructor.name, t, this.settings.classes);
    return this.predict(X).eq(t.to('int32')).to('float64').mean().item();
  }

  /** Nothing more to learn: `fit` ends early. */
  protected get isDone(): boolean {
    return false;
  }

  /** Forgets what it noted of each epoch. */
  protected abstract forget(): void;

  /** One epoch, whose samples come in this order. */
  protected abstract epoch(start: NeuronParameters, samples: Columns, order: Iterable<number>): NeuronParameters;

  #learn({ X, t }: Columns): void {
    const { initial, shuffle, generator = defaultGenerator(), standardize: standardizes } = this.settings;
    const [features, count] = X.shape;
    const { dtype } = X;
    if (standardizes) this.#scale ??= { mu: X.mean(1), sigma: X.std(1, { correction: 0 }) };
    this.#parameters ??= initial ?? { w: zeros([features], { dtype }), b: zeros([], { dtype }) };
    const order = shuffle ? generator.permutation(count) : Array(count).keys();
    this.#parameters = this.epoch(this.#parameters, { X: this.#scaled(X), t }, order);
  }

  #scaled(X: Tensor): Tensor {
    return this.#scale === undefined ? X : standardize(X, this.#scale.mu, this.#scale.sigma, 1e-8);
  }

  #known(): NeuronParameters {
    return this.#parameters ?? failOnUnlearned(this.constructor.name);
  }
}

function failOnUnlearned(unit: string): never {
  throw new GradtapeError(`${unit}: it has not learned yet`, {
    got: 'no weights',
    needs: 'fit before predict',
    fix: `new ${unit}().fit(X, y), or give it { initial: { w, b } }`,
  });
}

function checkSettings(unit: string, { learningRate, epochs, threshold, classes: [no, yes] }: Settings): void {
  const isRate = learningRate > 0 && learningRate < Infinity;
  const isCount = Number.isSafeInteger(epochs) && epochs >= 0;
  if (isRate && isCount && !Number.isNaN(threshold) && no < yes) return;
  throw new GradtapeError(`${unit}: an option is out of range`, {
    got: `learningRate = ${learningRate}, epochs = ${epochs}, threshold = ${threshold}, classes = [${no}, ${yes}]`,
    needs: 'a rate above 0, a whole number of epochs, a threshold, and two classes with the lower one first',
    fix: `new ${unit}({ learningRate: 0.1, epochs: 50 })`,
  });
}
