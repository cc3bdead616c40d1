import { ones, Parameter, type SameSize, type Shape, type ShowShape, type ShowSize, zeros } from '@gradtape/autograd';
import { type CreationOptions, type IfPresent, Layer } from '../layer.ts';

declare module '../layer.ts' {
  interface ShapeRules<P, S extends Shape> {
    /** The shape of the input, which must have so many channels. */
    channels: P extends [infer Name extends string, infer Channels]
      ? S extends readonly [number, infer Found, ...Shape]
        ? SameSize<Found, Channels> extends false
          ? `${Name}: expected ${ShowSize<Channels>} channels, got ${ShowSize<Found>} (input ${ShowShape<S>})`
          : S
        : S
      : Shape;
  }
}

export interface ChannelNormOptions<Affine extends boolean, Bias extends boolean> extends CreationOptions {
  /** Added to the variance. Default: 1e-5. */
  readonly eps?: number;
  /** Whether a weight and a bias are learned. Default: true. */
  readonly affine?: Affine;
  /** Whether, of these, there is the bias. Default: true. */
  readonly bias?: Bias;
}

/** A layer that normalizes channels, dim 1 of `[N, C, …]`, and learns a weight and a bias for each. */
export abstract class ChannelNorm<
  Name extends string,
  Channels extends number,
  Affine extends boolean,
  Bias extends boolean,
> extends Layer<{ kind: 'channels'; sizes: [Name, Channels] }> {
  readonly eps: number;
  /** Shape `[channels]`, starts at one; null with `{ affine: false }`. */
  readonly weight: IfPresent<Affine, Parameter>;
  /** Shape `[channels]`, starts at zero; null with `{ affine: false }` or `{ bias: false }`. */
  readonly bias: IfPresent<Affine, IfPresent<Bias, Parameter>>;

  constructor(channels: number, options: ChannelNormOptions<Affine, Bias>, ...written: readonly unknown[]) {
    super(...written);
    const { eps = 1e-5, affine = true, bias = true, dtype } = options;
    this.eps = eps;
    this.weight = (affine ? new Parameter(ones([channels], { dtype })) : null) as typeof this.weight;
    this.bias = (affine && bias ? new Parameter(zeros([channels], { dtype })) : null) as typeof this.bias;
  }
}
