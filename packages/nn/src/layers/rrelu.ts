import { type RreluOptions, rrelu, type Tensor } from '@gradtape/autograd';
import { Layer } from '../layer.ts';

export type RReLUOptions = Omit<RreluOptions, 'training'>;

/** `rrelu` with slopes that are drawn while training; in evaluation their mean. Xu et al., 2015. */
export class RReLU extends Layer<{ kind: 'same'; sizes: [] }> {
  readonly #options: RReLUOptions;

  constructor(options: RReLUOptions = {}) {
    super(options);
    this.#options = options;
  }

  protected override compute(x: Tensor): Tensor {
    return rrelu(x, { ...this.#options, training: this.training });
  }
}
