import {
  convTranspose1d,
  convTranspose2d,
  convTranspose3d,
  type Shape,
  type Tensor,
  type TransposedConvolutionOptions,
} from '@gradtape/autograd';
import { type BiasOptions, type KernelSize, share, WithKernel } from './with-kernel.ts';

export interface TransposedConvolutionLayerOptions<Bias extends boolean>
  extends TransposedConvolutionOptions,
    BiasOptions<Bias> {}

abstract class TransposedConvolution<
  Name extends string,
  Space extends Shape,
  In extends number,
  Out extends number,
  Bias extends boolean,
> extends WithKernel<Name, Space, In, Out, Bias> {
  readonly #convolve: typeof convTranspose2d;
  readonly #options: TransposedConvolutionLayerOptions<Bias>;

  constructor(
    convolve: typeof convTranspose2d,
    dims: number,
    inChannels: number,
    outChannels: number,
    kernelSize: number | Shape,
    options: TransposedConvolutionLayerOptions<Bias>,
  ) {
    const { groups = 1 } = options;
    share(inChannels, groups);
    const weight = [inChannels, share(outChannels, groups)];
    super(dims, { in: inChannels, out: outChannels, weight }, kernelSize, options);
    this.#convolve = convolve;
    this.#options = options;
  }

  protected override compute(x: Tensor): Tensor {
    return this.#convolve(x, this.weight, this.bias, this.#options);
  }
}

/** `convTranspose1d` with a weight that is learned, of shape `[inChannels, outChannels / groups, kernelSize]`. */
export class ConvTranspose1d<
  In extends number = number,
  Out extends number = number,
  Bias extends boolean = true,
> extends TransposedConvolution<'ConvTranspose1d', [number], In, Out, Bias> {
  constructor(
    inChannels: In,
    outChannels: Out,
    kernelSize: KernelSize<[number]>,
    options: TransposedConvolutionLayerOptions<Bias> = {},
  ) {
    super(convTranspose1d, 1, inChannels, outChannels, kernelSize, options);
  }
}

/**
 * `convTranspose2d` with a weight that is learned, of shape `[inChannels, outChannels / groups, kernelHeight, kernelWidth]`:
 * it enlarges what `Conv2d` with the same options makes smaller.
 */
export class ConvTranspose2d<
  In extends number = number,
  Out extends number = number,
  Bias extends boolean = true,
> extends TransposedConvolution<'ConvTranspose2d', [number, number], In, Out, Bias> {
  constructor(
    inChannels: In,
    outChannels: Out,
    kernelSize: KernelSize<[number, number]>,
    options: TransposedConvolutionLayerOptions<Bias> = {},
  ) {
    super(convTranspose2d, 2, inChannels, outChannels, kernelSize, options);
  }
}

/** `convTranspose3d` with a weight that is learned: {@link ConvTranspose2d} with `[depth, height, width]` as space. */
export class ConvTranspose3d<
  In extends number = number,
  Out extends number = number,
  Bias extends boolean = true,
> extends TransposedConvolution<'ConvTranspose3d', [number, number, number], In, Out, Bias> {
  constructor(
    inChannels: In,
    outChannels: Out,
    kernelSize: KernelSize<[number, number, number]>,
    options: TransposedConvolutionLayerOptions<Bias> = {},
  ) {
    super(convTranspose3d, 3, inChannels, outChannels, kernelSize, options);
  }
}
