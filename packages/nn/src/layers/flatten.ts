import { flatten, type Shape, type Tensor } from '@gradtape/autograd';
import { Layer } from '../layer.ts';

/** Known for `[B, …]` to `[B, number]` only: the product of the sizes is left to run time. */
type FlattenedShape<Start, End, S extends Shape> = [Start, End] extends [1, -1]
  ? S extends readonly [infer Batch extends number, ...Shape]
    ? [Batch, number]
    : [number, number]
  : Shape;

declare module '../layer.ts' {
  interface ShapeRules<P, S extends Shape> {
    flatten: P extends [infer Start, infer End] ? FlattenedShape<Start, End, S> : Shape;
  }
}

/**
 * One dim of all from `startDim` to `endDim`, both included; by default all but the first: `[N, C, H, W]` to `[N, C·H·W]`.
 *
 * @example
 * new Flatten().forward(zeros([8, 3, 2, 2])).shape; // [8, 12]
 */
export class Flatten<Start extends number = 1, End extends number = -1> extends Layer<{
  kind: 'flatten';
  sizes: [Start, End];
}> {
  readonly startDim: number;
  readonly endDim: number;

  constructor(startDim?: Start, endDim?: End) {
    super(startDim, endDim);
    this.startDim = startDim ?? 1;
    this.endDim = endDim ?? -1;
  }

  protected override compute(x: Tensor): Tensor {
    return flatten(x, this.startDim, this.endDim);
  }
}
