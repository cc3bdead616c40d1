import { type LocalResponseNormOptions, localResponseNorm, type Tensor } from '@gradtape/autograd';
import { Layer } from '../layer.ts';

/** `localResponseNorm` of `[N, C, …space]` over `size` neighbouring channels, as a layer. Krizhevsky et al., 2012. */
export class LocalResponseNorm extends Layer<{ kind: 'same'; sizes: [] }> {
  readonly size: number;
  readonly #options: LocalResponseNormOptions;

  constructor(size: number, options: LocalResponseNormOptions = {}) {
    super(size, options);
    this.size = size;
    this.#options = options;
  }

  protected override compute(x: Tensor): Tensor {
    return localResponseNorm(x, this.size, this.#options);
  }
}
