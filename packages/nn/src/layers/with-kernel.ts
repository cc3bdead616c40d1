import {
  GradtapeError,
  Parameter,
  type SameSize,
  type Shape,
  type ShowShape,
  type ShowSize,
  zeros,
} from '@gradtape/autograd';
import { type CreationOptions, type IfPresent, Layer } from '../layer.ts';
import { drawByFanIn } from './draw-by-fan-in.ts';

/** `[N, In, …Space]` to `[N, Out, …Space]`, with or without the batch; sizes of space are left to run time. */
type ConvolvedShape<
  Name extends string,
  In,
  Out extends number,
  Space extends Shape,
  S extends Shape,
> = number extends S['length']
  ? [number, Out, ...Space]
  : S extends readonly [infer Batch extends number, infer Channels, ...Space]
    ? SameSize<Channels, In> extends false
      ? ChannelError<Name, In, Out, Channels, S>
      : [Batch, Out, ...Space]
    : S extends readonly [infer Channels, ...Space]
      ? SameSize<Channels, In> extends false
        ? ChannelError<Name, In, Out, Channels, S>
        : [Out, ...Space]
      : `${Name}(${ShowSize<In>}, ${ShowSize<Out>}): expected [N, ${ShowSize<In>}, …space], got ${ShowShape<S>}`;
type ChannelError<
  Name extends string,
  In,
  Out,
  Channels,
  S extends Shape,
> = `${Name}(${ShowSize<In>}, ${ShowSize<Out>}): got ${ShowSize<Channels>} channels (input ${ShowShape<S>})`;

declare module '../layer.ts' {
  interface ShapeRules<P, S extends Shape> {
    convolution: P extends [infer Name extends string, infer In, infer Out extends number, infer Space extends Shape]
      ? ConvolvedShape<Name, In, Out, Space, S>
      : Shape;
  }
}

/** The size of a kernel: one number for all dims of space, or one for each. */
export type KernelSize<Space extends Shape> = number | Readonly<Space>;

export interface BiasOptions<Bias extends boolean> extends CreationOptions {
  /** Whether to add a bias. Default: true. */
  readonly bias?: Bias;
}

/** What all convolution layers have: a weight `[…, …, …kernel]`, a bias, and how they start. */
export abstract class WithKernel<
  Name extends string,
  Space extends Shape,
  In extends number,
  Out extends number,
  Bias extends boolean,
> extends Layer<{ kind: 'convolution'; sizes: [Name, In, Out, Space] }> {
  readonly inChannels: number;
  readonly outChannels: number;
  readonly kernelSize: Shape;
  readonly weight: Parameter;
  /** Shape `[outChannels]`; null with `{ bias: false }`. */
  readonly bias: IfPresent<Bias, Parameter>;

  constructor(
    dims: number,
    channels: { readonly in: number; readonly out: number; readonly weight: Shape },
    kernelSize: number | Shape,
    options: BiasOptions<Bias>,
  ) {
    super(channels.in, channels.out, kernelSize, options);
    const { bias = true, dtype, generator } = options;
    this.inChannels = channels.in;
    this.outChannels = channels.out;
    this.kernelSize = kernelShape(kernelSize, dims);
    this.weight = new Parameter(zeros([...channels.weight, ...this.kernelSize], { dtype }));
    this.bias = (bias ? new Parameter(zeros([channels.out], { dtype })) : null) as typeof this.bias;
    drawByFanIn(this.weight, this.bias, generator);
  }
}

/** `channels / groups`. Throws where that is no whole number. */
export function share(channels: number, groups: number): number {
  if (Number.isInteger(groups) && groups >= 1 && channels % groups === 0) return channels / groups;
  throw new GradtapeError('convolution layer: the channels do not fall into so many groups evenly', {
    got: `${channels} channels in ${groups} groups`,
    needs: 'numbers of input and output channels that are multiples of groups',
    fix: 'change the channels, or leave out groups',
  });
}

function kernelShape(kernelSize: number | Shape, dims: number): Shape {
  const shape = typeof kernelSize === 'number' ? new Array<number>(dims).fill(kernelSize) : kernelSize;
  if (shape.length === dims && shape.every((size) => Number.isInteger(size) && size >= 1)) return shape;
  throw new GradtapeError('convolution layer: kernelSize does not fit', {
    got: JSON.stringify(kernelSize),
    needs: `a whole number from 1, or ${dims} of them`,
    fix: `3, or [${new Array(dims).fill(3).join(', ')}]`,
  });
}
