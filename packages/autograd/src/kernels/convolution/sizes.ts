import { entriesOf } from '../../core/shape.ts';

/** A dim of space of a convolution: how large it is, the zeros around it, and the kernel that moves over all that. */
export interface ConvolvedDim {
  readonly size: number;
  readonly before: number;
  readonly after: number;
  readonly kernel: number;
  readonly stride: number;
  readonly dilation: number;
  readonly positions: number;
}

/**
 * The sizes of a convolution: of x `[batch, groups · channels, …size]`, the weight `[groups · filters, channels, …kernel]`
 * and y `[batch, groups · filters, …positions]`.
 */
export interface ConvolutionSizes {
  readonly batch: number;
  readonly groups: number;
  readonly channels: number;
  readonly filters: number;
  readonly dims: readonly ConvolvedDim[];
}

/** What follows from them, in entries. */
export interface ConvolutionCounts {
  /** Of one group: a row of columns for each channel and each entry of the kernel, a column for each position. */
  readonly rows: number;
  readonly positions: number;
  /** Of one image. */
  readonly input: number;
  readonly padded: number;
  readonly output: number;
  readonly weight: number;
}

export function countsOf({ groups, channels, filters, dims }: ConvolutionSizes): ConvolutionCounts {
  const rows = channels * entriesOf(dims.map(({ kernel }) => kernel));
  const positions = entriesOf(dims.map((dim) => dim.positions));
  return {
    rows,
    positions,
    input: groups * channels * entriesOf(dims.map(({ size }) => size)),
    padded: groups * channels * entriesOf(paddedSpace(dims)),
    output: groups * filters * positions,
    weight: groups * filters * rows,
  };
}

/** The dims of space with their zeros. */
export function paddedSpace(dims: readonly ConvolvedDim[]): number[] {
  return dims.map(({ size, before, after }) => before + size + after);
}

/** The multiplications of a convolution, and of its transposes. */
export function multiplicationsOf(sizes: ConvolutionSizes): number {
  const { weight, positions } = countsOf(sizes);
  return sizes.batch * weight * positions;
}
