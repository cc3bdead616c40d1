import { type Shape, type Tensor, unflatten } from '@gradtape/autograd';
import { Layer } from '../layer.ts';

/**
 * `unflatten` as a layer: one dim as several, one of whose sizes may be -1. The way back from `Flatten`.
 *
 * @example
 * new Unflatten(1, [3, -1]).forward(zeros([8, 12])).shape; // [8, 3, 4]
 */
export class Unflatten extends Layer {
  readonly dim: number;
  readonly unflattenedSize: Shape;

  constructor(dim: number, unflattenedSize: Shape) {
    super(dim, unflattenedSize);
    this.dim = dim;
    this.unflattenedSize = unflattenedSize;
  }

  protected override compute(x: Tensor): Tensor {
    return unflatten(x, this.dim, this.unflattenedSize);
  }
}
