export {
  type BinaryCrossEntropyOptions,
  binaryCrossEntropy,
  binaryCrossEntropyWithLogits,
  type WithLogitsOptions,
} from './binary-cross-entropy.ts';
export * from './cross-entropy.ts';
export * from './ctc.ts';
export * from './kl-divergence.ts';
export {
  cosineEmbeddingLoss,
  hingeEmbeddingLoss,
  hingeLoss,
  type MarginOptions,
  type MultiMarginOptions,
  marginRankingLoss,
  multiMarginLoss,
  softMarginLoss,
} from './margin.ts';
export * from './multilabel.ts';
export type { LossOptions, Reduction } from './reduction.ts';
export * from './regression.ts';
export * from './triplet.ts';
