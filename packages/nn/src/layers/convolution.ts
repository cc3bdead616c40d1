import { type ConvolutionOptions, conv1d, conv2d, conv3d, pad, type Shape, type Tensor } from '@gradtape/autograd';
import { type BiasOptions, type KernelSize, share, WithKernel } from './with-kernel.ts';

export interface ConvolutionLayerOptions<Bias extends boolean> extends ConvolutionOptions, BiasOptions<Bias> {
  /** What is put around the input: zeros, its mirror image, its edge, or its other end. Default: `'zeros'`. */
  readonly paddingMode?: 'zeros' | 'reflect' | 'replicate' | 'circular';
}

abstract class Convolution<
  Name extends string,
  Space extends Shape,
  In extends number,
  Out extends number,
  Bias extends boolean,
> extends WithKernel<Name, Space, In, Out, Bias> {
  readonly #convolve: typeof conv2d;
  readonly #options: ConvolutionLayerOptions<Bias>;

  constructor(
    convolve: typeof conv2d,
    dims: number,
    inChannels: number,
    outChannels: number,
    kernelSize: number | Shape,
    options: ConvolutionLayerOptions<Bias>,
  ) {
    const { groups = 1 } = options;
    share(outChannels, groups);
    const weight = [outChannels, share(inChannels, groups)];
    super(dims, { in: inChannels, out: outChannels, weight }, kernelSize, options);
    this.#convolve = convolve;
    this.#options = options;
  }

  protected override compute(x: Tensor): Tensor {
    const { paddingMode = 'zeros' } = this.#options;
    if (paddingMode === 'zeros') return this.#convolve(x, this.weight, this.bias, this.#options);
    const padded = pad(x, this.#margins(), { mode: paddingMode });
    return this.#convolve(padded, this.weight, this.bias, { ...this.#options, padding: 0 });
  }

  /** The margins as `pad` takes them: from the last dim on. */
  #margins(): number[] {
    const { padding = 0, dilation = 1 } = this.#options;
    const at = (value: number | Shape, i: number): number => (typeof value === 'number' ? value : value[i]);
    const margins = this.kernelSize.map((size, i) => {
      if (padding === 'valid') return [0, 0];
      if (padding !== 'same') return [at(padding, i), at(padding, i)];
      const total = at(dilation, i) * (size - 1);
      return [Math.floor(total / 2), Math.ceil(total / 2)];
    });
    return margins.reverse().flat();
  }
}

/**
 * `conv1d` with a weight that is learned: from `[N, inChannels, length]` to `[N, outChannels, positions]`. The weight has
 * shape `[outChannels, inChannels / groups, kernelSize]`; it and the bias start evenly distributed within `± 1/√fanIn`.
 */
export class Conv1d<
  In extends number = number,
  Out extends number = number,
  Bias extends boolean = true,
> extends Convolution<'Conv1d', [number], In, Out, Bias> {
  constructor(
    inChannels: In,
    outChannels: Out,
    kernelSize: KernelSize<[number]>,
    options: ConvolutionLayerOptions<Bias> = {},
  ) {
    super(conv1d, 1, inChannels, outChannels, kernelSize, options);
  }
}

/**
 * `conv2d` with a weight that is learned: from `[N, inChannels, height, width]` to `[N, outChannels, rows, columns]`. The
 * weight has shape `[outChannels, inChannels / groups, kernelHeight, kernelWidth]`; it and the bias start evenly distributed
 * within `± 1/√fanIn`.
 *
 * @example
 * new Conv2d(3, 16, 3, { padding: 1 }).forward(zeros([8, 3, 28, 28])).shape; // [8, 16, 28, 28]
 */
export class Conv2d<
  In extends number = number,
  Out extends number = number,
  Bias extends boolean = true,
> extends Convolution<'Conv2d', [number, number], In, Out, Bias> {
  constructor(
    inChannels: In,
    outChannels: Out,
    kernelSize: KernelSize<[number, number]>,
    options: ConvolutionLayerOptions<Bias> = {},
  ) {
    super(conv2d, 2, inChannels, outChannels, kernelSize, options);
  }
}

/** `conv3d` with a weight that is learned: {@link Conv2d} with `[depth, height, width]` as space. */
export class Conv3d<
  In extends number = number,
  Out extends number = number,
  Bias extends boolean = true,
> extends Convolution<'Conv3d', [number, number, number], In, Out, Bias> {
  constructor(
    inChannels: In,
    outChannels: Out,
    kernelSize: KernelSize<[number, number, number]>,
    options: ConvolutionLayerOptions<Bias> = {},
  ) {
    super(conv3d, 3, inChannels, outChannels, kernelSize, options);
  }
}
