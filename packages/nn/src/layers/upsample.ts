import { type InterpolateOptions, interpolate, type Tensor } from '@gradtape/autograd';
import { Layer } from '../layer.ts';

/** The new sizes of the space, or what they are multiplied by: one of both. */
export type UpsamplingOptions = Pick<InterpolateOptions, 'size' | 'scaleFactor'>;

/**
 * `interpolate` as a layer: `[N, C, …space]` made larger or smaller.
 *
 * @example
 * new Upsample({ scaleFactor: 2, mode: 'bilinear' }).forward(zeros([1, 3, 4, 4])).shape; // [1, 3, 8, 8]
 */
export class Upsample extends Layer {
  readonly #options: InterpolateOptions;

  constructor(options: InterpolateOptions) {
    super(options);
    this.#options = options;
  }

  protected override compute(x: Tensor): Tensor {
    return interpolate(x, this.#options);
  }
}

/** {@link Upsample} with the nearest pixels. */
export class UpsamplingNearest2d extends Layer {
  readonly #options: InterpolateOptions;

  constructor(options: UpsamplingOptions) {
    super(options);
    this.#options = { ...options, mode: 'nearest' };
  }

  protected override compute(x: Tensor): Tensor {
    return interpolate(x, this.#options);
  }
}

/** {@link Upsample} with straight lines between pixels; those in the corners stay where they are. */
export class UpsamplingBilinear2d extends Layer {
  readonly #options: InterpolateOptions;

  constructor(options: UpsamplingOptions) {
    super(options);
    this.#options = { ...options, mode: 'bilinear', alignCorners: true };
  }

  protected override compute(x: Tensor): Tensor {
    return interpolate(x, this.#options);
  }
}
