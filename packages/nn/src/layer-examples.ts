// One line for each layer that is exported: how it is made, and what it takes. every-layer.test.ts tries them all.
import { arange, Generator, randint, randn, type Shape, type Tensor } from '@gradtape/autograd';
import * as nn from './index.ts';
import type { CreationOptions } from './layer.ts';
import type { Module } from './module.ts';

/** A layer with inputs for it. */
export interface LayerExample {
  /** Makes the layer; one with parameters takes `creation` among its options. */
  make(creation: CreationOptions): Module;
  /** Inputs that suit it. */
  readonly inputs: readonly Tensor[];
  /** What `forward` takes behind the inputs. */
  readonly options?: object;
  /** Kinked layers have no second derivative at their kinks, or it is zero and teaches nothing: it is not asked for. */
  readonly smooth?: boolean;
  /** Constructors that must be refused. */
  readonly refused?: readonly (() => Module)[];
}

let seed = 0;

/** Numbers of the normal distribution, other ones for each input. */
function numbers(...shape: Shape): Tensor {
  return randn(shape, { dtype: 'float64', generator: new Generator(seed++) });
}

function indices(count: number, ...shape: Shape): Tensor {
  return randint(0, count, shape, { generator: new Generator(seed++) });
}

/** A layer without parameters, of one input. */
function plain(make: () => Module, input: Tensor, smooth = true, refused: LayerExample['refused'] = []): LayerExample {
  return { make, inputs: [input], smooth, refused };
}

const line = numbers(2, 3, 5);
const image = numbers(2, 4, 4, 5);
const volume = numbers(1, 2, 3, 3, 3);
const rows = numbers(3, 4);

const activations: Record<string, LayerExample> = {
  CELU: plain(() => new nn.CELU(0.7), rows, false),
  ELU: plain(() => new nn.ELU({ alpha: 0.5 }), rows, false),
  GELU: plain(() => new nn.GELU({ approximate: 'tanh' }), rows, true),
  GLU: plain(() => new nn.GLU(), rows),
  Hardshrink: plain(() => new nn.Hardshrink(), rows, false),
  Hardsigmoid: plain(() => new nn.Hardsigmoid(), rows, false),
  Hardswish: plain(() => new nn.Hardswish(), rows, false),
  Hardtanh: plain(() => new nn.Hardtanh({ maxVal: 2 }), rows, false),
  LeakyReLU: plain(() => new nn.LeakyReLU(0.2), rows, false),
  LogSigmoid: plain(() => new nn.LogSigmoid(), rows),
  LogSoftmax: plain(() => new nn.LogSoftmax(-1), rows),
  Mish: plain(() => new nn.Mish(), rows),
  PReLU: { make: (creation) => new nn.PReLU(4, creation), inputs: [rows], smooth: false },
  ReLU: plain(() => new nn.ReLU(), rows, false),
  ReLU6: plain(() => new nn.ReLU6(), rows, false),
  RReLU: plain(() => new nn.RReLU(), rows, false),
  SELU: plain(() => new nn.SELU(), rows, false),
  SiLU: plain(() => new nn.SiLU(), rows),
  Sigmoid: plain(() => new nn.Sigmoid(), rows),
  Softmax: plain(() => new nn.Softmax(1), rows),
  Softmax2d: plain(() => new nn.Softmax2d(), image),
  Softmin: plain(() => new nn.Softmin(1), rows),
  Softplus: plain(() => new nn.Softplus({ beta: 2 }), rows),
  Softshrink: plain(() => new nn.Softshrink(0.3), rows, false),
  Softsign: plain(() => new nn.Softsign(), rows, false),
  Tanh: plain(() => new nn.Tanh(), rows),
  Tanhshrink: plain(() => new nn.Tanhshrink(), rows),
  Threshold: plain(() => new nn.Threshold(0.1, 2), rows, false),
};

const dropouts: Record<string, LayerExample> = {
  AlphaDropout: plain(() => new nn.AlphaDropout(0.3), rows, false, [() => new nn.AlphaDropout(1.5)]),
  Dropout: plain(() => new nn.Dropout(0.3), rows, false, [() => new nn.Dropout(30)]),
  Dropout1d: plain(() => new nn.Dropout1d(0.3), line, false),
  Dropout2d: plain(() => new nn.Dropout2d(0.3), image, false),
  Dropout3d: plain(() => new nn.Dropout3d(0.3), volume, false),
  FeatureAlphaDropout: plain(() => new nn.FeatureAlphaDropout(0.3), image, false),
};

const linears: Record<string, LayerExample> = {
  Bilinear: { make: (creation) => new nn.Bilinear(4, 2, 3, creation), inputs: [rows, numbers(3, 2)] },
  Conv1d: {
    make: (creation) => new nn.Conv1d(3, 2, 3, { padding: 'same', ...creation }),
    inputs: [line],
    refused: [() => new nn.Conv1d(3, 4, 3, { groups: 2 }), () => new nn.Conv1d(3, 4, 0)],
  },
  Conv2d: {
    make: (creation) => new nn.Conv2d(4, 2, [2, 3], { stride: 2, padding: 1, groups: 2, ...creation }),
    inputs: [image],
    refused: [() => new nn.Conv2d(3, 4, [3] as unknown as [number, number])],
  },
  Conv3d: { make: (creation) => new nn.Conv3d(2, 2, 2, creation), inputs: [volume] },
  ConvTranspose1d: { make: (creation) => new nn.ConvTranspose1d(3, 2, 3, { stride: 2, ...creation }), inputs: [line] },
  ConvTranspose2d: {
    make: (creation) => new nn.ConvTranspose2d(4, 2, 2, { outputPadding: 1, stride: 2, ...creation }),
    inputs: [image],
    refused: [() => new nn.ConvTranspose2d(4, 3, 2, { groups: 2 })],
  },
  ConvTranspose3d: { make: (creation) => new nn.ConvTranspose3d(2, 1, 2, creation), inputs: [volume] },
  Embedding: {
    make: (creation) => new nn.Embedding(5, 3, { paddingIdx: 0, ...creation }),
    inputs: [indices(4, 2, 3).add(1)],
    refused: [() => new nn.Embedding(5, 3, { paddingIdx: 5 })],
  },
  EmbeddingBag: {
    make: (creation) => new nn.EmbeddingBag(5, 3, creation),
    inputs: [indices(5, 2, 3)],
  },
  Identity: plain(() => new nn.Identity(), rows),
  Linear: { make: (creation) => new nn.Linear(4, 2, creation), inputs: [rows] },
  MultiheadAttention: {
    make: (creation) => new nn.MultiheadAttention(4, 2, { addBiasKv: true, addZeroAttn: true, vdim: 3, ...creation }),
    inputs: [numbers(3, 2, 4), numbers(4, 2, 4), numbers(4, 2, 3)],
    refused: [() => new nn.MultiheadAttention(6, 4), () => new nn.MultiheadAttention(6, 2, { dropout: 2 })],
  },
};

const norms: Record<string, LayerExample> = {
  BatchNorm1d: { make: (creation) => new nn.BatchNorm1d(3, creation), inputs: [line] },
  BatchNorm2d: { make: (creation) => new nn.BatchNorm2d(4, { momentum: null, ...creation }), inputs: [image] },
  BatchNorm3d: { make: (creation) => new nn.BatchNorm3d(2, { bias: false, ...creation }), inputs: [volume] },
  GroupNorm: { make: (creation) => new nn.GroupNorm(2, 4, creation), inputs: [image] },
  InstanceNorm1d: { make: (creation) => new nn.InstanceNorm1d(3, { affine: true, ...creation }), inputs: [line] },
  InstanceNorm2d: {
    make: (creation) => new nn.InstanceNorm2d(4, { trackRunningStats: true, ...creation }),
    inputs: [image],
  },
  InstanceNorm3d: plain(() => new nn.InstanceNorm3d(2), volume),
  LayerNorm: { make: (creation) => new nn.LayerNorm([4, 5], creation), inputs: [image] },
  LocalResponseNorm: plain(() => new nn.LocalResponseNorm(3, { alpha: 0.5 }), image),
  RMSNorm: { make: (creation) => new nn.RMSNorm(5, creation), inputs: [line] },
};

const poolings: Record<string, LayerExample> = {
  AdaptiveAvgPool1d: plain(() => new nn.AdaptiveAvgPool1d(3), line),
  AdaptiveAvgPool2d: plain(() => new nn.AdaptiveAvgPool2d([3, null]), image),
  AdaptiveMaxPool1d: plain(() => new nn.AdaptiveMaxPool1d(3), line, false),
  AdaptiveMaxPool2d: plain(() => new nn.AdaptiveMaxPool2d(2), image, false),
  AdaptiveAvgPool3d: plain(() => new nn.AdaptiveAvgPool3d(2), volume),
  AdaptiveMaxPool3d: plain(() => new nn.AdaptiveMaxPool3d(2), volume, false),
  AvgPool1d: plain(() => new nn.AvgPool1d(3, { padding: 1 }), line),
  AvgPool2d: plain(() => new nn.AvgPool2d(2, { stride: 1, countIncludePad: false, padding: 1 }), image),
  AvgPool3d: plain(() => new nn.AvgPool3d(2), volume),
  LPPool1d: plain(() => new nn.LPPool1d(3, 2), line.abs()),
  LPPool2d: plain(() => new nn.LPPool2d(2, 2, { stride: 1 }), image),
  LPPool3d: plain(() => new nn.LPPool3d(2, 2), volume),
  MaxPool1d: plain(() => new nn.MaxPool1d(2), line, false),
  MaxPool2d: plain(() => new nn.MaxPool2d(2, { dilation: [1, 2] }), image, false),
  MaxPool3d: plain(() => new nn.MaxPool3d(2, { stride: 1 }), volume, false),
  MaxUnpool1d: { make: () => new nn.MaxUnpool1d(2), inputs: [line, arange(5).mul(2).expand([2, 3, 5])] },
  MaxUnpool2d: { make: () => new nn.MaxUnpool2d(1), inputs: [image, arange(20).reshape([4, 5]).expand([2, 4, 4, 5])] },
  MaxUnpool3d: {
    make: () => new nn.MaxUnpool3d(1),
    inputs: [volume, arange(27).reshape([3, 3, 3]).expand([1, 2, 3, 3, 3])],
  },
};

const movements: Record<string, LayerExample> = {
  ChannelShuffle: plain(() => new nn.ChannelShuffle(2), image),
  CircularPad1d: plain(() => new nn.CircularPad1d([2, 1]), line, true, [
    () => new nn.CircularPad1d([1, 2, 3, 4] as never),
  ]),
  CircularPad2d: plain(() => new nn.CircularPad2d(1), image),
  CircularPad3d: plain(() => new nn.CircularPad3d(1), volume),
  ConstantPad1d: plain(() => new nn.ConstantPad1d(1, 0.5), line),
  ConstantPad2d: plain(() => new nn.ConstantPad2d([1, 0, -1, 2], 0.5), image),
  ConstantPad3d: plain(() => new nn.ConstantPad3d(1, 0.5), volume),
  Flatten: plain(() => new nn.Flatten(), image),
  Fold: plain(() => new nn.Fold([4, 5], 2, { stride: 2, padding: 1 }), numbers(2, 8, 9)),
  PixelShuffle: plain(() => new nn.PixelShuffle(2), image),
  PixelUnshuffle: plain(() => new nn.PixelUnshuffle(2), numbers(2, 1, 4, 6)),
  ReflectionPad1d: plain(() => new nn.ReflectionPad1d(2), line),
  ReflectionPad2d: plain(() => new nn.ReflectionPad2d([1, 2, 3, 0]), image),
  ReflectionPad3d: plain(() => new nn.ReflectionPad3d(1), volume),
  ReplicationPad1d: plain(() => new nn.ReplicationPad1d(2), line),
  ReplicationPad2d: plain(() => new nn.ReplicationPad2d([1, 2, 3, 0]), image, true, [
    () => new nn.ReplicationPad2d(0.5),
  ]),
  ReplicationPad3d: plain(() => new nn.ReplicationPad3d(1), volume),
  Unflatten: plain(() => new nn.Unflatten(1, [2, -1]), rows),
  Unfold: plain(() => new nn.Unfold([2, 3], { padding: 1 }), image),
  Upsample: plain(() => new nn.Upsample({ size: 8, mode: 'linear' }), line),
  UpsamplingBilinear2d: plain(() => new nn.UpsamplingBilinear2d({ scaleFactor: 1.5 }), image),
  UpsamplingNearest2d: plain(() => new nn.UpsamplingNearest2d({ size: [3, 7] }), image),
  ZeroPad1d: plain(() => new nn.ZeroPad1d(1), line),
  ZeroPad2d: plain(() => new nn.ZeroPad2d([1, 0, 2, 1]), image),
  ZeroPad3d: plain(() => new nn.ZeroPad3d(1), volume),
};

const small = { dimFeedforward: 3, dropout: 0.2 };

const transformers: Record<string, LayerExample> = {
  Transformer: {
    make: (creation) =>
      new nn.Transformer({ ...small, dModel: 4, nhead: 2, numEncoderLayers: 1, numDecoderLayers: 1, ...creation }),
    inputs: [numbers(3, 2, 4), numbers(2, 2, 4)],
    options: { tgtIsCausal: true },
    smooth: false,
  },
  TransformerDecoder: {
    make: (creation) =>
      new nn.TransformerDecoder(new nn.TransformerDecoderLayer(4, 2, { ...small, ...creation }), 2, {
        norm: new nn.LayerNorm(4, creation),
      }),
    inputs: [numbers(2, 2, 4), numbers(3, 2, 4)],
    smooth: false,
  },
  TransformerDecoderLayer: {
    make: (creation) =>
      new nn.TransformerDecoderLayer(4, 2, { ...small, activation: 'gelu', batchFirst: true, ...creation }),
    inputs: [numbers(2, 2, 4), numbers(2, 3, 4)],
    refused: [() => new nn.TransformerDecoderLayer(5, 2)],
  },
  TransformerEncoder: {
    make: (creation) =>
      new nn.TransformerEncoder(
        new nn.TransformerEncoderLayer(4, 2, { ...small, activation: (x) => x.tanh(), bias: false, ...creation }),
        2,
      ),
    inputs: [numbers(3, 2, 4)],
    refused: [() => new nn.TransformerEncoder(new nn.TransformerEncoderLayer(4, 2), 0)],
  },
  TransformerEncoderLayer: {
    make: (creation) =>
      new nn.TransformerEncoderLayer(4, 2, { ...small, activation: 'gelu', normFirst: true, ...creation }),
    inputs: [numbers(3, 2, 4)],
    options: { isCausal: true },
    refused: [() => new nn.TransformerEncoderLayer(4, 2, { activation: 'tanh' as 'relu' })],
  },
};

const recurrents: Record<string, LayerExample> = {
  GRU: { make: (creation) => new nn.GRU(3, 2, { numLayers: 2, ...creation }), inputs: [numbers(3, 2, 3)] },
  GRUCell: { make: (creation) => new nn.GRUCell(3, 2, creation), inputs: [numbers(2, 3), numbers(2, 2)] },
  LSTM: { make: (creation) => new nn.LSTM(3, 2, { bidirectional: true, ...creation }), inputs: [numbers(3, 2, 3)] },
  LSTMCell: { make: (creation) => new nn.LSTMCell(3, 2, creation), inputs: [numbers(2, 3)] },
  RNN: { make: (creation) => new nn.RNN(3, 2, { batchFirst: true, ...creation }), inputs: [numbers(2, 3, 3)] },
  RNNCell: { make: (creation) => new nn.RNNCell(3, 2, creation), inputs: [numbers(2, 3), numbers(2, 2)] },
};

const others: Record<string, LayerExample> = {
  CosineSimilarity: { make: () => new nn.CosineSimilarity(), inputs: [rows, numbers(3, 4)] },
  PairwiseDistance: { make: () => new nn.PairwiseDistance({ p: 3 }), inputs: [rows, numbers(3, 4)] },
  Sequential: {
    make: (creation) => new nn.Sequential(new nn.Linear(4, 3, creation), new nn.Tanh(), new nn.Linear(3, 2, creation)),
    inputs: [rows],
  },
};

/** An example of each layer, by the name of its class. */
export const layerExamples: Readonly<Record<string, LayerExample>> = {
  ...activations,
  ...dropouts,
  ...linears,
  ...norms,
  ...poolings,
  ...movements,
  ...transformers,
  ...recurrents,
  ...others,
};
