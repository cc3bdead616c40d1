import { type Tensor, tensor } from '@gradtape/autograd';
import { productFeatures } from '../sensitivity/adaline.ts';
import { Adaline, type AdalineOptions } from './adaline.ts';
import { columnsOf, questionsOf } from './samples.ts';

/** Defaults: learning rate 0.3, 500 epochs; otherwise those of {@link Adaline}. */
export type XorByFeaturesOptions = AdalineOptions;

/**
 * XOR by one neuron that sees the product of its two inputs, too: ADALINE on `φ(x) = [x₁, x₂, x₁x₂]`, in which a plane separates
 * XOR. Unless it is taught, it has the document's weights `w = (1, 1, -2)`, `b = 0`, threshold 0.5.
 * 感知机 四、用 ADALINE 解决异或（XOR）问题
 *
 * @example
 * const X = tensor([[0, 0], [0, 1], [1, 0], [1, 1]]);
 * const xor = new XorByFeatures();
 * xor.predict(X); // [0, 1, 1, 0]
 * xor.fit(X, tensor([0, 1, 1, 0]));
 * xor.w; // [1, 1, -2]
 */
export class XorByFeatures {
  readonly #options: AdalineOptions;
  #adaline: Adaline;

  constructor(options: XorByFeaturesOptions = {}) {
    this.#options = { learningRate: 0.3, epochs: 500, ...options };
    this.#adaline = new Adaline({ initial: { w: tensor([1, 1, -2]), b: tensor(0) }, ...this.#options });
  }

  /** `[3]`: of x₁, x₂ and x₁x₂. */
  get w(): Tensor {
    return this.#adaline.w;
  }

  /** `[]`. */
  get b(): Tensor {
    return this.#adaline.b;
  }

  /** As `losses` of {@link Adaline}. */
  get losses(): readonly number[] {
    return this.#adaline.losses;
  }

  /** Begins anew, and learns from X `[N, 2]`, y `[N]`. */
  fit(X: Tensor, y: Tensor): this {
    columnsOf('XorByFeatures', X, y);
    this.#adaline = new Adaline(this.#options).fit(featuresOf(X), y);
    return this;
  }

  /** The net inputs `[N]` of X `[N, 2]`. */
  decisionFunction(X: Tensor): Tensor {
    return this.#adaline.decisionFunction(featuresOf(X));
  }

  /** The answers `[N]` to X `[N, 2]`, int32. */
  predict(X: Tensor): Tensor {
    return this.#adaline.predict(featuresOf(X));
  }

  /** The share of right answers. */
  score(X: Tensor, y: Tensor): number {
    return this.#adaline.score(featuresOf(X), y);
  }
}

function featuresOf(X: Tensor): Tensor {
  return productFeatures(questionsOf('XorByFeatures', X, 2)).t();
}
