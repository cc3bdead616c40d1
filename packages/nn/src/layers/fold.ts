import { fold, type Tensor, type UnfoldOptions, unfold } from '@gradtape/autograd';
import { Layer } from '../layer.ts';
import type { KernelSize } from './with-kernel.ts';

/**
 * `unfold` as a layer: every window of `[N, C, height, width]` as a column, `[N, C · kernel entries, positions]`.
 *
 * @example
 * new Unfold(3, { padding: 1 }).forward(zeros([2, 4, 8, 8])).shape; // [2, 36, 64]
 */
export class Unfold extends Layer {
  readonly kernelSize: KernelSize<[number, number]>;
  readonly #options: UnfoldOptions;

  constructor(kernelSize: KernelSize<[number, number]>, options: UnfoldOptions = {}) {
    super(kernelSize, options);
    this.kernelSize = kernelSize;
    this.#options = options;
  }

  protected override compute(x: Tensor): Tensor {
    return unfold(x, this.kernelSize, this.#options);
  }
}

/** `fold` as a layer: columns `[N, C · kernel entries, positions]` added where their windows lie, `[N, C, …outputSize]`. */
export class Fold extends Layer {
  readonly outputSize: KernelSize<[number, number]>;
  readonly kernelSize: KernelSize<[number, number]>;
  readonly #options: UnfoldOptions;

  constructor(
    outputSize: KernelSize<[number, number]>,
    kernelSize: KernelSize<[number, number]>,
    options: UnfoldOptions = {},
  ) {
    super(outputSize, kernelSize, options);
    this.outputSize = outputSize;
    this.kernelSize = kernelSize;
    this.#options = options;
  }

  protected override compute(x: Tensor): Tensor {
    return fold(x, this.outputSize, this.kernelSize, this.#options);
  }
}
