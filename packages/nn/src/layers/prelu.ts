import { full, Parameter, prelu, type Tensor } from '@gradtape/autograd';
import { type CreationOptions, Layer } from '../layer.ts';

export interface PReLUOptions extends CreationOptions {
  /** Where the slopes start. Default: 0.25. */
  readonly init?: number;
}

/**
 * `x` above zero and `weight · x` below, with slopes that are learned: one for all, or one for each channel (dim 1 of the
 * input). He et al., "Delving deep into rectifiers", 2015.
 */
export class PReLU extends Layer<{ kind: 'same'; sizes: [] }> {
  readonly numParameters: number;
  readonly weight: Parameter;

  constructor(numParameters = 1, options: PReLUOptions = {}) {
    super(numParameters, options);
    const { init = 0.25, dtype } = options;
    this.numParameters = numParameters;
    this.weight = new Parameter(full([numParameters], init, { dtype }));
  }

  protected override compute(x: Tensor): Tensor {
    return prelu(x, this.weight);
  }
}
