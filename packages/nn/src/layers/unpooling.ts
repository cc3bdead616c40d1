import {
  maxUnpool1d,
  maxUnpool2d,
  maxUnpool3d,
  type Shape,
  type Tensor,
  type UnpoolingOptions,
} from '@gradtape/autograd';
import { Module } from '../module.ts';
import { showArguments } from '../written-arguments.ts';
import type { KernelSize } from './with-kernel.ts';

/** How the windows moved that are undone. */
export type UnpoolingLayerOptions = Pick<UnpoolingOptions, 'stride' | 'padding'>;

/** An unpooling function as a module. */
abstract class Unpooling extends Module {
  readonly #unpool: typeof maxUnpool2d;
  readonly #kernelSize: number | Shape;
  readonly #options: UnpoolingLayerOptions;

  constructor(unpool: typeof maxUnpool2d, kernelSize: number | Shape, options: UnpoolingLayerOptions) {
    super();
    this.#unpool = unpool;
    this.#kernelSize = kernelSize;
    this.#options = options;
  }

  /** @param options `outputSize`, where several sizes lead to the same pooled one. */
  override forward(x: Tensor, indices: Tensor, options: Pick<UnpoolingOptions, 'outputSize'> = {}): Tensor {
    return this.#unpool(x, indices, this.#kernelSize, { ...this.#options, ...options });
  }

  protected override describe(): string {
    return showArguments([this.#kernelSize, this.#options]);
  }
}

/** `maxUnpool1d` as a module, see {@link MaxUnpool2d}. */
export class MaxUnpool1d extends Unpooling {
  constructor(kernelSize: KernelSize<[number]>, options: UnpoolingLayerOptions = {}) {
    super(maxUnpool1d, kernelSize, options);
  }
}

/**
 * `maxUnpool2d` as a module: the way back from `maxPool2d`, which gives the indices.
 *
 * @example
 * const { values, indices } = maxPool2d(tensor([[[1, 2], [4, 3]]]), 2, { returnIndices: true });
 * new MaxUnpool2d(2).forward(values, indices); // [[[0, 0], [4, 0]]]
 */
export class MaxUnpool2d extends Unpooling {
  constructor(kernelSize: KernelSize<[number, number]>, options: UnpoolingLayerOptions = {}) {
    super(maxUnpool2d, kernelSize, options);
  }
}

/** `maxUnpool3d` as a module, see {@link MaxUnpool2d}. */
export class MaxUnpool3d extends Unpooling {
  constructor(kernelSize: KernelSize<[number, number, number]>, options: UnpoolingLayerOptions = {}) {
    super(maxUnpool3d, kernelSize, options);
  }
}
