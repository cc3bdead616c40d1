export { Buffer } from './buffer.ts';
export * from './classic/index.ts';
export type { ForwardHook, ForwardPreHook, HookOptions } from './forward-hooks.ts';
export * as functional from './functional.ts';
export * as init from './init.ts';
export {
  type CreationOptions,
  Layer,
  type RuleOf,
  type ShapeAfter,
  type ShapeRule,
  type ShapeRules,
} from './layer.ts';
export * from './layers/activations.ts';
export type { AttentionMasks } from './layers/attention-masks.ts';
export { BatchNorm1d, BatchNorm2d, BatchNorm3d } from './layers/batch-norm.ts';
export { Bilinear, type BilinearOptions } from './layers/bilinear.ts';
export { ChannelShuffle } from './layers/channel-shuffle.ts';
export { Conv1d, Conv2d, Conv3d, type ConvolutionLayerOptions } from './layers/convolution.ts';
export {
  AlphaDropout,
  Dropout,
  Dropout1d,
  Dropout2d,
  Dropout3d,
  type DropoutLayerOptions,
  FeatureAlphaDropout,
} from './layers/dropout.ts';
export { Embedding, type EmbeddingLayerOptions, type PretrainedOptions } from './layers/embedding.ts';
export { EmbeddingBag, type EmbeddingBagLayerOptions } from './layers/embedding-bag.ts';
export { Flatten } from './layers/flatten.ts';
export { Fold, Unfold } from './layers/fold.ts';
export { GroupNorm, type GroupNormLayerOptions } from './layers/group-norm.ts';
export { Identity } from './layers/identity.ts';
export { InstanceNorm1d, InstanceNorm2d, InstanceNorm3d } from './layers/instance-norm.ts';
export { LayerNorm, type LayerNormLayerOptions, RMSNorm, type RMSNormLayerOptions } from './layers/layer-norm.ts';
export { Linear, type LinearOptions } from './layers/linear.ts';
export { LocalResponseNorm } from './layers/local-response-norm.ts';
export * from './layers/losses.ts';
export { ModuleDict } from './layers/module-dict.ts';
export { ModuleList } from './layers/module-list.ts';
export {
  type AttentionOptions,
  MultiheadAttention,
  type MultiheadAttentionOptions,
} from './layers/multihead-attention.ts';
export * from './layers/padding.ts';
export { ParameterDict } from './layers/parameter-dict.ts';
export { ParameterList } from './layers/parameter-list.ts';
export { PixelShuffle, PixelUnshuffle } from './layers/pixel-shuffle.ts';
export * from './layers/pooling.ts';
export { PReLU, type PReLUOptions } from './layers/prelu.ts';
export * from './layers/recurrent/index.ts';
export { RReLU, type RReLUOptions } from './layers/rrelu.ts';
export type { RunningNormOptions } from './layers/running-norm.ts';
export { Sequential } from './layers/sequential.ts';
export { CosineSimilarity, PairwiseDistance } from './layers/similarity.ts';
export { Transformer, type TransformerMasks, type TransformerOptions } from './layers/transformer.ts';
export { TransformerDecoder, type TransformerDecoderOptions } from './layers/transformer-decoder.ts';
export { type DecoderMasks, TransformerDecoderLayer } from './layers/transformer-decoder-layer.ts';
export { type EncoderMasks, TransformerEncoder, type TransformerEncoderOptions } from './layers/transformer-encoder.ts';
export { type EncoderLayerMasks, TransformerEncoderLayer } from './layers/transformer-encoder-layer.ts';
export type { TransformerLayerOptions } from './layers/transformer-layer.ts';
export {
  ConvTranspose1d,
  ConvTranspose2d,
  ConvTranspose3d,
  type TransposedConvolutionLayerOptions,
} from './layers/transposed-convolution.ts';
export { Unflatten } from './layers/unflatten.ts';
export { MaxUnpool1d, MaxUnpool2d, MaxUnpool3d, type UnpoolingLayerOptions } from './layers/unpooling.ts';
export * from './layers/upsample.ts';
export { type LoadOptions, Module, type StateDictOptions, type UnmatchedNames } from './module.ts';
export { parametersToVector, vectorToParameters } from './parameter-vector.ts';
export { summary } from './summary.ts';
export { removeWeightNorm, type WeightNormOptions, weightNorm } from './weight-norm.ts';
