import {
  type AveragePoolingOptions,
  adaptiveAvgPool1d,
  adaptiveAvgPool2d,
  adaptiveAvgPool3d,
  adaptiveMaxPool1d,
  adaptiveMaxPool2d,
  adaptiveMaxPool3d,
  avgPool1d,
  avgPool2d,
  avgPool3d,
  type DividedPoolingOptions,
  lpPool1d,
  lpPool2d,
  lpPool3d,
  type MaxPoolingOptions,
  maxPool1d,
  maxPool2d,
  maxPool3d,
  type PowerPoolingOptions,
  type Shape,
  type ShowShape,
  type Tensor,
} from '@gradtape/autograd';
import { Layer } from '../layer.ts';
import type { KernelSize } from './with-kernel.ts';

/** `[N, C, …Space]`, with or without the batch; sizes of space are left to run time. */
type PooledShape<Name extends string, Space extends Shape, S extends Shape> = number extends S['length']
  ? S
  : S extends readonly [infer Batch extends number, infer Channels extends number, ...Space]
    ? [Batch, Channels, ...Space]
    : S extends readonly [infer Channels extends number, ...Space]
      ? [Channels, ...Space]
      : `${Name}: expected [N, C, …space], got ${ShowShape<S>}`;

declare module '../layer.ts' {
  interface ShapeRules<P, S extends Shape> {
    pooling: P extends [infer Name extends string, infer Space extends Shape] ? PooledShape<Name, Space, S> : Shape;
  }
}

/** A pooling function as a layer. */
abstract class Pooling<Name extends string, Space extends Shape> extends Layer<{
  kind: 'pooling';
  sizes: [Name, Space];
}> {
  readonly #pool: (x: Tensor) => Tensor;

  constructor(pool: (x: Tensor) => Tensor, ...written: readonly unknown[]) {
    super(...written);
    this.#pool = pool;
  }

  protected override compute(x: Tensor): Tensor {
    return this.#pool(x);
  }
}

/** `maxPool1d` as a layer. */
export class MaxPool1d extends Pooling<'MaxPool1d', [number]> {
  constructor(kernelSize: KernelSize<[number]>, options: Omit<MaxPoolingOptions, 'returnIndices'> = {}) {
    super((x) => maxPool1d(x, kernelSize, options), kernelSize, options);
  }
}

/**
 * `maxPool2d` as a layer.
 *
 * @example
 * new MaxPool2d(2).forward(zeros([8, 16, 28, 28])).shape; // [8, 16, 14, 14]
 */
export class MaxPool2d extends Pooling<'MaxPool2d', [number, number]> {
  constructor(kernelSize: KernelSize<[number, number]>, options: Omit<MaxPoolingOptions, 'returnIndices'> = {}) {
    super((x) => maxPool2d(x, kernelSize, options), kernelSize, options);
  }
}

/** `maxPool3d` as a layer. */
export class MaxPool3d extends Pooling<'MaxPool3d', [number, number, number]> {
  constructor(
    kernelSize: KernelSize<[number, number, number]>,
    options: Omit<MaxPoolingOptions, 'returnIndices'> = {},
  ) {
    super((x) => maxPool3d(x, kernelSize, options), kernelSize, options);
  }
}

/** `avgPool1d` as a layer. */
export class AvgPool1d extends Pooling<'AvgPool1d', [number]> {
  constructor(kernelSize: KernelSize<[number]>, options: AveragePoolingOptions = {}) {
    super((x) => avgPool1d(x, kernelSize, options), kernelSize, options);
  }
}

/** `avgPool2d` as a layer. */
export class AvgPool2d extends Pooling<'AvgPool2d', [number, number]> {
  constructor(kernelSize: KernelSize<[number, number]>, options: DividedPoolingOptions = {}) {
    super((x) => avgPool2d(x, kernelSize, options), kernelSize, options);
  }
}

/** `avgPool3d` as a layer. */
export class AvgPool3d extends Pooling<'AvgPool3d', [number, number, number]> {
  constructor(kernelSize: KernelSize<[number, number, number]>, options: DividedPoolingOptions = {}) {
    super((x) => avgPool3d(x, kernelSize, options), kernelSize, options);
  }
}

/** The size that comes out: one for all dims of space, or one for each; null keeps the input's. */
type PooledSize<Space extends Shape> = number | { readonly [Dim in keyof Space]: number | null };

/** `adaptiveAvgPool1d` as a layer. */
export class AdaptiveAvgPool1d extends Pooling<'AdaptiveAvgPool1d', [number]> {
  constructor(outputSize: PooledSize<[number]>) {
    super((x) => adaptiveAvgPool1d(x, outputSize), outputSize);
  }
}

/**
 * `adaptiveAvgPool2d` as a layer.
 *
 * @example
 * new AdaptiveAvgPool2d(1).forward(zeros([8, 16, 7, 7])).shape; // [8, 16, 1, 1]
 */
export class AdaptiveAvgPool2d extends Pooling<'AdaptiveAvgPool2d', [number, number]> {
  constructor(outputSize: PooledSize<[number, number]>) {
    super((x) => adaptiveAvgPool2d(x, outputSize), outputSize);
  }
}

/** `adaptiveMaxPool1d` as a layer. */
export class AdaptiveMaxPool1d extends Pooling<'AdaptiveMaxPool1d', [number]> {
  constructor(outputSize: PooledSize<[number]>) {
    super((x) => adaptiveMaxPool1d(x, outputSize), outputSize);
  }
}

/** `adaptiveMaxPool2d` as a layer. */
export class AdaptiveMaxPool2d extends Pooling<'AdaptiveMaxPool2d', [number, number]> {
  constructor(outputSize: PooledSize<[number, number]>) {
    super((x) => adaptiveMaxPool2d(x, outputSize), outputSize);
  }
}

/** `adaptiveAvgPool3d` as a layer. */
export class AdaptiveAvgPool3d extends Pooling<'AdaptiveAvgPool3d', [number, number, number]> {
  constructor(outputSize: PooledSize<[number, number, number]>) {
    super((x) => adaptiveAvgPool3d(x, outputSize), outputSize);
  }
}

/** `adaptiveMaxPool3d` as a layer. */
export class AdaptiveMaxPool3d extends Pooling<'AdaptiveMaxPool3d', [number, number, number]> {
  constructor(outputSize: PooledSize<[number, number, number]>) {
    super((x) => adaptiveMaxPool3d(x, outputSize), outputSize);
  }
}

/** `lpPool1d` as a layer. */
export class LPPool1d extends Pooling<'LPPool1d', [number]> {
  constructor(normType: number, kernelSize: KernelSize<[number]>, options: PowerPoolingOptions = {}) {
    super((x) => lpPool1d(x, normType, kernelSize, options), normType, kernelSize, options);
  }
}

/** `lpPool2d` as a layer. */
export class LPPool2d extends Pooling<'LPPool2d', [number, number]> {
  constructor(normType: number, kernelSize: KernelSize<[number, number]>, options: PowerPoolingOptions = {}) {
    super((x) => lpPool2d(x, normType, kernelSize, options), normType, kernelSize, options);
  }
}

/** `lpPool3d` as a layer. */
export class LPPool3d extends Pooling<'LPPool3d', [number, number, number]> {
  constructor(normType: number, kernelSize: KernelSize<[number, number, number]>, options: PowerPoolingOptions = {}) {
    super((x) => lpPool3d(x, normType, kernelSize, options), normType, kernelSize, options);
  }
}
