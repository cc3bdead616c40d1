import {
  type Entering,
  linear,
  Parameter,
  type SameSize,
  type Shape,
  type ShowShape,
  type ShowSize,
  type Tensor,
  zeros,
} from '@gradtape/autograd';
import { type CreationOptions, type IfPresent, Layer } from '../layer.ts';
import { drawByFanIn } from './draw-by-fan-in.ts';

type LinearName<In, Out> = `Linear(${ShowSize<In>}, ${ShowSize<Out>})`;
/** `[…, In]` to `[…, Out]`. */
type LinearShape<In, Out extends number, S extends Shape> = S extends readonly [
  ...infer Lead extends Shape,
  infer Last extends number,
]
  ? SameSize<Last, In> extends false
    ? `${LinearName<In, Out>}: got last size ${ShowSize<Last>} (input ${ShowShape<S>})`
    : [...Lead, Out]
  : S extends readonly []
    ? `${LinearName<In, Out>}: got a tensor without dims`
    : [...Shape, Out];

declare module '../layer.ts' {
  interface ShapeRules<P, S extends Shape> {
    linear: P extends [infer In, infer Out extends number] ? LinearShape<In, Out, S> : Shape;
  }
}

export interface LinearOptions<Bias extends boolean> extends CreationOptions {
  /** Whether to add a bias. Default: true. */
  readonly bias?: Bias;
}

/**
 * `x Wᵀ + b`: from `[…, inFeatures]` to `[…, outFeatures]`. The weight has shape `[outFeatures, inFeatures]`, the bias
 * `[outFeatures]`; both start evenly distributed within `± 1/√inFeatures`.
 *
 * @example
 * new Linear(784, 256).forward(zeros([32, 784])).shape; // [32, 256]
 */
export class Linear<
  In extends number = number,
  Out extends number = number,
  Bias extends boolean = true,
> extends Layer<{ kind: 'linear'; sizes: [In, Out] }> {
  readonly inFeatures: number;
  readonly outFeatures: number;
  readonly weight: Parameter<Entering<[Out, In]>>;
  /** Null with `{ bias: false }`. */
  readonly bias: IfPresent<Bias, Parameter<Entering<[Out]>>>;

  constructor(inFeatures: In, outFeatures: Out, options: LinearOptions<Bias> = {}) {
    super(inFeatures, outFeatures, options);
    const { bias = true, dtype, generator } = options;
    this.inFeatures = inFeatures;
    this.outFeatures = outFeatures;
    this.weight = new Parameter(zeros([outFeatures, inFeatures], { dtype }));
    this.bias = (bias ? new Parameter(zeros([outFeatures], { dtype })) : null) as typeof this.bias;
    drawByFanIn(this.weight, this.bias, generator);
  }

  protected override compute(x: Tensor): Tensor {
    return linear(x, this.weight, this.bias);
  }
}
