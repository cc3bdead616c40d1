import { bilinear, type Entering, Parameter, type Tensor, zeros } from '@gradtape/autograd';
import { uniform } from '../init.ts';
import type { CreationOptions, IfPresent } from '../layer.ts';
import { Module } from '../module.ts';
import { showArguments } from '../written-arguments.ts';

export interface BilinearOptions<Bias extends boolean> extends CreationOptions {
  /** Whether to add a bias. Default: true. */
  readonly bias?: Bias;
}

/**
 * `y[…, o] = x1ᵀ W[o] x2 + b[o]`: from `[…, in1Features]` and `[…, in2Features]`, with the same leading dims, to
 * `[…, outFeatures]`. The weight has shape `[outFeatures, in1Features, in2Features]`, the bias `[outFeatures]`; both start
 * evenly distributed within `± 1/√in1Features`.
 *
 * @throws GradtapeError on a call if the inputs do not fit.
 * @example
 * new Bilinear(20, 30, 40).forward(zeros([128, 20]), zeros([128, 30])).shape; // [128, 40]
 */
export class Bilinear<
  In1 extends number = number,
  In2 extends number = number,
  Out extends number = number,
  Bias extends boolean = true,
> extends Module {
  readonly in1Features: number;
  readonly in2Features: number;
  readonly outFeatures: number;
  readonly weight: Parameter<Entering<[Out, In1, In2]>>;
  /** Null with `{ bias: false }`. */
  readonly bias: IfPresent<Bias, Parameter<Entering<[Out]>>>;
  readonly #written: readonly unknown[];

  constructor(in1Features: In1, in2Features: In2, outFeatures: Out, options: BilinearOptions<Bias> = {}) {
    super();
    const { bias = true, dtype, generator } = options;
    this.in1Features = in1Features;
    this.in2Features = in2Features;
    this.outFeatures = outFeatures;
    this.weight = new Parameter(zeros([outFeatures, in1Features, in2Features], { dtype }));
    this.bias = (bias ? new Parameter(zeros([outFeatures], { dtype })) : null) as typeof this.bias;
    this.#written = [in1Features, in2Features, outFeatures, options];
    if (in1Features === 0) return;
    const bound = 1 / Math.sqrt(in1Features);
    for (const parameter of this.parameters()) uniform(parameter, -bound, bound, { generator });
  }

  override forward(input1: Tensor, input2: Tensor): Tensor {
    return bilinear(input1, input2, this.weight, this.bias);
  }

  protected override describe(): string {
    return showArguments(this.#written);
  }
}
