import {
  type BinaryCrossEntropyOptions,
  binaryCrossEntropy,
  binaryCrossEntropyWithLogits,
  type CrossEntropyOptions,
  type CtcOptions,
  cosineEmbeddingLoss,
  crossEntropy,
  ctcLoss,
  type GaussianNllOptions,
  gaussianNllLoss,
  type HuberOptions,
  hingeEmbeddingLoss,
  huberLoss,
  type KlDivOptions,
  klDiv,
  type LossOptions,
  l1Loss,
  type MarginOptions,
  type MultilabelSoftMarginOptions,
  type MultiMarginOptions,
  marginRankingLoss,
  mseLoss,
  multilabelMarginLoss,
  multilabelSoftMarginLoss,
  multiMarginLoss,
  type NllOptions,
  nllLoss,
  type PoissonNllOptions,
  poissonNllLoss,
  type SmoothL1Options,
  smoothL1Loss,
  softMarginLoss,
  type Tensor,
  type TripletMarginOptions,
  type TripletMarginWithDistanceOptions,
  tripletMarginLoss,
  tripletMarginWithDistanceLoss,
  type WithLogitsOptions,
} from '@gradtape/autograd';
import { Module } from '../module.ts';
import { showArguments } from '../written-arguments.ts';

/** A loss function with its options, as a module: `forward` takes the tensors. */
abstract class Loss<Inputs extends readonly unknown[], Options extends object> extends Module {
  readonly #measure: (...args: [...Inputs, Options]) => Tensor;
  readonly #options: Options;

  constructor(measure: (...args: [...Inputs, Options]) => Tensor, options: Options) {
    super();
    this.#measure = measure;
    this.#options = options;
  }

  override forward(...inputs: Inputs): Tensor {
    return this.#measure(...inputs, this.#options);
  }

  protected override describe(): string {
    return showArguments([this.#options]);
  }
}

type Prediction = [input: Tensor, target: Tensor];
type Lengths = Parameters<typeof ctcLoss>[2];

/** `l1Loss` as a module: it takes the function's options, and `forward` its tensors. */
export class L1Loss extends Loss<Prediction, LossOptions> {
  constructor(options: LossOptions = {}) {
    super(l1Loss, options);
  }
}

/** `mseLoss` as a module: it takes the function's options, and `forward` its tensors. */
export class MSELoss extends Loss<Prediction, LossOptions> {
  constructor(options: LossOptions = {}) {
    super(mseLoss, options);
  }
}

/** `huberLoss` as a module: it takes the function's options, and `forward` its tensors. */
export class HuberLoss extends Loss<Prediction, HuberOptions> {
  constructor(options: HuberOptions = {}) {
    super(huberLoss, options);
  }
}

/** `smoothL1Loss` as a module: it takes the function's options, and `forward` its tensors. */
export class SmoothL1Loss extends Loss<Prediction, SmoothL1Options> {
  constructor(options: SmoothL1Options = {}) {
    super(smoothL1Loss, options);
  }
}

/** `crossEntropy` as a module: it takes the function's options, and `forward` its tensors. */
export class CrossEntropyLoss extends Loss<Prediction, CrossEntropyOptions> {
  constructor(options: CrossEntropyOptions = {}) {
    super(crossEntropy, options);
  }
}

/** `nllLoss` as a module: it takes the function's options, and `forward` its tensors. */
export class NLLLoss extends Loss<Prediction, NllOptions> {
  constructor(options: NllOptions = {}) {
    super(nllLoss, options);
  }
}

/** `poissonNllLoss` as a module: it takes the function's options, and `forward` its tensors. */
export class PoissonNLLLoss extends Loss<Prediction, PoissonNllOptions> {
  constructor(options: PoissonNllOptions = {}) {
    super(poissonNllLoss, options);
  }
}

/** `gaussianNllLoss` as a module: it takes the function's options, and `forward` its tensors. */
export class GaussianNLLLoss extends Loss<
  [input: Tensor, target: Tensor, variance: Tensor | number],
  GaussianNllOptions
> {
  constructor(options: GaussianNllOptions = {}) {
    super(gaussianNllLoss, options);
  }
}

/** `klDiv` as a module: it takes the function's options, and `forward` its tensors. */
export class KLDivLoss extends Loss<Prediction, KlDivOptions> {
  constructor(options: KlDivOptions = {}) {
    super(klDiv, options);
  }
}

/** `binaryCrossEntropy` as a module: it takes the function's options, and `forward` its tensors. */
export class BCELoss extends Loss<Prediction, BinaryCrossEntropyOptions> {
  constructor(options: BinaryCrossEntropyOptions = {}) {
    super(binaryCrossEntropy, options);
  }
}

/** `binaryCrossEntropyWithLogits` as a module: it takes the function's options, and `forward` its tensors. */
export class BCEWithLogitsLoss extends Loss<Prediction, WithLogitsOptions> {
  constructor(options: WithLogitsOptions = {}) {
    super(binaryCrossEntropyWithLogits, options);
  }
}

/** `hingeEmbeddingLoss` as a module: it takes the function's options, and `forward` its tensors. */
export class HingeEmbeddingLoss extends Loss<Prediction, MarginOptions> {
  constructor(options: MarginOptions = {}) {
    super(hingeEmbeddingLoss, options);
  }
}

/** `softMarginLoss` as a module: it takes the function's options, and `forward` its tensors. */
export class SoftMarginLoss extends Loss<Prediction, LossOptions> {
  constructor(options: LossOptions = {}) {
    super(softMarginLoss, options);
  }
}

/** `multiMarginLoss` as a module: it takes the function's options, and `forward` its tensors. */
export class MultiMarginLoss extends Loss<Prediction, MultiMarginOptions> {
  constructor(options: MultiMarginOptions = {}) {
    super(multiMarginLoss, options);
  }
}

/** `multilabelMarginLoss` as a module: it takes the function's options, and `forward` its tensors. */
export class MultiLabelMarginLoss extends Loss<Prediction, LossOptions> {
  constructor(options: LossOptions = {}) {
    super(multilabelMarginLoss, options);
  }
}

/** `multilabelSoftMarginLoss` as a module: it takes the function's options, and `forward` its tensors. */
export class MultiLabelSoftMarginLoss extends Loss<Prediction, MultilabelSoftMarginOptions> {
  constructor(options: MultilabelSoftMarginOptions = {}) {
    super(multilabelSoftMarginLoss, options);
  }
}

/** `marginRankingLoss` as a module: it takes the function's options, and `forward` its tensors. */
export class MarginRankingLoss extends Loss<[input1: Tensor, input2: Tensor, target: Tensor], MarginOptions> {
  constructor(options: MarginOptions = {}) {
    super(marginRankingLoss, options);
  }
}

/** `cosineEmbeddingLoss` as a module: it takes the function's options, and `forward` its tensors. */
export class CosineEmbeddingLoss extends Loss<[input1: Tensor, input2: Tensor, target: Tensor], MarginOptions> {
  constructor(options: MarginOptions = {}) {
    super(cosineEmbeddingLoss, options);
  }
}

/** `tripletMarginLoss` as a module: it takes the function's options, and `forward` its tensors. */
export class TripletMarginLoss extends Loss<
  [anchor: Tensor, positive: Tensor, negative: Tensor],
  TripletMarginOptions
> {
  constructor(options: TripletMarginOptions = {}) {
    super(tripletMarginLoss, options);
  }
}

/** `tripletMarginWithDistanceLoss` as a module: it takes the function's options, and `forward` its tensors. */
export class TripletMarginWithDistanceLoss extends Loss<
  [anchor: Tensor, positive: Tensor, negative: Tensor],
  TripletMarginWithDistanceOptions
> {
  constructor(options: TripletMarginWithDistanceOptions = {}) {
    super(tripletMarginWithDistanceLoss, options);
  }
}

/** `ctcLoss` as a module: it takes the function's options, and `forward` its tensors and lengths. */
export class CTCLoss extends Loss<
  [logProbs: Tensor, targets: Tensor, inputLengths: Lengths, targetLengths: Lengths],
  CtcOptions
> {
  constructor(options: CtcOptions = {}) {
    super(ctcLoss, options);
  }
}
