import {
  alphaDropout,
  type DropoutOptions,
  dropout,
  dropout1d,
  dropout2d,
  dropout3d,
  featureAlphaDropout,
  type Generator,
  type Tensor,
} from '@gradtape/autograd';
import { Layer } from '../layer.ts';
import { checkProbability } from './check-probability.ts';

export interface DropoutLayerOptions {
  /** Where the numbers come from. Default: the generator that `manualSeed` seeds. */
  readonly generator?: Generator;
}

/** A dropout function as a layer that drops while training only. */
abstract class DropoutLayer extends Layer<{ kind: 'same'; sizes: [] }> {
  /** The probability with which an entry, or a channel, is dropped. */
  readonly p: number;
  readonly #drop: (x: Tensor, p: number, options: DropoutOptions) => Tensor;
  readonly #generator: Generator | undefined;

  constructor(
    drop: (x: Tensor, p: number, options: DropoutOptions) => Tensor,
    p: number,
    options: DropoutLayerOptions,
  ) {
    super(p, options);
    checkProbability(this.constructor.name, 'p', p);
    this.#drop = drop;
    this.p = p;
    this.#generator = options.generator;
  }

  protected override compute(x: Tensor): Tensor {
    return this.#drop(x, this.p, { training: this.training, generator: this.#generator });
  }
}

/**
 * `dropout` while training, nothing in evaluation. Srivastava et al., 2014.
 *
 * @example
 * const layer = new Dropout(0.2).eval();
 * layer.forward(tensor([1, 2, 3])); // [1, 2, 3]
 */
export class Dropout extends DropoutLayer {
  constructor(p = 0.5, options: DropoutLayerOptions = {}) {
    super(dropout, p, options);
  }
}

/** {@link Dropout} of whole channels of `[N, C, length]`. */
export class Dropout1d extends DropoutLayer {
  constructor(p = 0.5, options: DropoutLayerOptions = {}) {
    super(dropout1d, p, options);
  }
}

/** {@link Dropout} of whole channels of `[N, C, height, width]`. */
export class Dropout2d extends DropoutLayer {
  constructor(p = 0.5, options: DropoutLayerOptions = {}) {
    super(dropout2d, p, options);
  }
}

/** {@link Dropout} of whole channels of `[N, C, depth, height, width]`. */
export class Dropout3d extends DropoutLayer {
  constructor(p = 0.5, options: DropoutLayerOptions = {}) {
    super(dropout3d, p, options);
  }
}

/** `alphaDropout` while training, nothing in evaluation: for networks of `SELU`. Klambauer et al., 2017. */
export class AlphaDropout extends DropoutLayer {
  constructor(p = 0.5, options: DropoutLayerOptions = {}) {
    super(alphaDropout, p, options);
  }
}

/** {@link AlphaDropout} of whole channels of `[N, C, …]`. */
export class FeatureAlphaDropout extends DropoutLayer {
  constructor(p = 0.5, options: DropoutLayerOptions = {}) {
    super(featureAlphaDropout, p, options);
  }
}
