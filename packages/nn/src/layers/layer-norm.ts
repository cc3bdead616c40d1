import {
  layerNorm,
  ones,
  Parameter,
  rmsNorm,
  type SameSize,
  type Shape,
  type ShowShape,
  type Tensor,
  zeros,
} from '@gradtape/autograd';
import { type CreationOptions, type IfPresent, Layer } from '../layer.ts';

type AsShape<Normalized> = Normalized extends number ? [Normalized] : Normalized extends Shape ? Normalized : Shape;
/** Whether a shape may end with these sizes. */
type EndsWith<S extends Shape, Sizes extends Shape> = Sizes extends readonly [...infer Before extends Shape, infer Last]
  ? S extends readonly [...infer Rest extends Shape, infer LastOfS]
    ? SameSize<LastOfS, Last> extends false
      ? false
      : EndsWith<Rest, Before>
    : number extends S['length']
      ? true
      : false
  : true;

declare module '../layer.ts' {
  interface ShapeRules<P, S extends Shape> {
    /** The shape of the input, which must end with certain sizes. */
    normalizeLast: P extends [infer Name extends string, infer Sizes extends Shape]
      ? EndsWith<S, Sizes> extends false
        ? `${Name}(${ShowShape<Sizes>}): got ${ShowShape<S>}`
        : S
      : Shape;
  }
}

export interface RMSNormLayerOptions<Affine extends boolean> extends CreationOptions {
  /** Added to the mean square. Default: the distance from 1 to the next number of the dtype. */
  readonly eps?: number | null;
  /** Whether a weight is learned. Default: true. */
  readonly elementwiseAffine?: Affine;
}

export interface LayerNormLayerOptions<Affine extends boolean, Bias extends boolean> extends CreationOptions {
  /** Added to the variance. Default: 1e-5. */
  readonly eps?: number;
  /** Whether a weight and a bias are learned. Default: true. */
  readonly elementwiseAffine?: Affine;
  /** Whether, of these, there is the bias. Default: true. */
  readonly bias?: Bias;
}

function shapeOf(normalizedShape: number | Shape): Shape {
  return typeof normalizedShape === 'number' ? [normalizedShape] : normalizedShape;
}

/**
 * `layerNorm` with a weight and a bias that are learned, both of the normalized shape: they start at one and zero. The last
 * sizes of the input are `normalizedShape`. Ba, Kiros and Hinton, 2016.
 *
 * @example
 * new LayerNorm(2, { eps: 0 }).forward(tensor([[1, 3], [2, 6]])); // [[-1, 1], [-1, 1]]
 */
export class LayerNorm<
  const Normalized extends number | Shape = number | Shape,
  Affine extends boolean = true,
  Bias extends boolean = true,
> extends Layer<{ kind: 'normalizeLast'; sizes: ['LayerNorm', AsShape<Normalized>] }> {
  readonly normalizedShape: Shape;
  readonly eps: number;
  /** Null with `{ elementwiseAffine: false }`. */
  readonly weight: IfPresent<Affine, Parameter>;
  /** Null with `{ elementwiseAffine: false }` or `{ bias: false }`. */
  readonly bias: IfPresent<Affine, IfPresent<Bias, Parameter>>;

  constructor(normalizedShape: Normalized, options: LayerNormLayerOptions<Affine, Bias> = {}) {
    super(normalizedShape, options);
    const { eps = 1e-5, elementwiseAffine = true, bias = true, dtype } = options;
    this.normalizedShape = shapeOf(normalizedShape);
    this.eps = eps;
    const weight = elementwiseAffine ? new Parameter(ones(this.normalizedShape, { dtype })) : null;
    this.weight = weight as typeof this.weight;
    const shift = elementwiseAffine && bias ? new Parameter(zeros(this.normalizedShape, { dtype })) : null;
    this.bias = shift as typeof this.bias;
  }

  protected override compute(x: Tensor): Tensor {
    return layerNorm(x, this.normalizedShape, { weight: this.weight, bias: this.bias, eps: this.eps });
  }
}

/** `rmsNorm` with a weight that is learned, of the normalized shape: it starts at one. Zhang and Sennrich, 2019. */
export class RMSNorm<
  const Normalized extends number | Shape = number | Shape,
  Affine extends boolean = true,
> extends Layer<{ kind: 'normalizeLast'; sizes: ['RMSNorm', AsShape<Normalized>] }> {
  readonly normalizedShape: Shape;
  readonly eps: number | null;
  /** Null with `{ elementwiseAffine: false }`. */
  readonly weight: IfPresent<Affine, Parameter>;

  constructor(normalizedShape: Normalized, options: RMSNormLayerOptions<Affine> = {}) {
    super(normalizedShape, options);
    const { eps = null, elementwiseAffine = true, dtype } = options;
    this.normalizedShape = shapeOf(normalizedShape);
    this.eps = eps;
    const weight = elementwiseAffine ? new Parameter(ones(this.normalizedShape, { dtype })) : null;
    this.weight = weight as typeof this.weight;
  }

  protected override compute(x: Tensor): Tensor {
    return rmsNorm(x, this.normalizedShape, { weight: this.weight, eps: this.eps });
  }
}
