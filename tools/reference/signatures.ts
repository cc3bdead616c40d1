// Which arguments gradtape takes by position: tensors first, then the one or two that everybody writes by position.
// The rest goes into an options object. `arrange` knows the rule; the lines below are the operations for which a name
// alone does not tell, in PyTorch's order.
import { Tensor } from '@gradtape/autograd';
import { optionName, optionValue } from './names.ts';

/** Arguments under PyTorch's names. */
export type Arguments = Readonly<Record<string, unknown>>;

const lines = `
input dim: sum mean std var amax amin argmax argmin prod logsumexp cumsum cumprod squeeze unsqueeze unbind sort
input dim: argsort nansum nanmean std_mean var_mean median nanmedian mode cummax cummin logcumsumexp count_nonzero all any
input dim|other: max min
input k dim: kthvalue
input q dim: quantile nanquantile
input: aminmax diff unique unique_consecutive
y x: trapezoid trapz cumulative_trapezoid
sorted_sequence input: searchsorted
input boundaries: bucketize
input weights: bincount
input other p: dist
input: cov
input other: tensorsolve
input p: pdist
input p dim maxnorm: renorm
input dim: softmax log_softmax softmin glu
input p dim: norm
input p: dropout dropout1d dropout2d dropout3d alpha_dropout feature_alpha_dropout
input threshold value: threshold
input size: local_response_norm
logits: gumbel_softmax
input: rrelu
input min max: clamp clip
input min: clamp_min
input max: clamp_max
input end weight: lerp
n input: polygamma
input p: mvlgamma multigammaln
elements test_elements: isin
tensors dim: cat stack
tensors: block_diag
tensor split_size_or_sections dim: split
input chunks dim: chunk
input indices_or_sections dim: tensor_split hsplit vsplit dsplit
input dim sizes: unflatten
input k dims: rot90
input r: combinations
input|A n: matrix_power
A|input B: solve solve_triangular
b|input A: triangular_solve
B|input L|input2: cholesky_solve
A|x|input ord dim: vector_norm matrix_norm linalg.norm
x|input y|other dim: vecdot
x N: vander
input indices dim: take_along_dim
input dim0|axis0 dim1|axis1: transpose swapdims swapaxes
input start_dim end_dim: flatten
input source destination: movedim moveaxis
input repeats dim: repeat_interleave
input repeats: repeat
input shifts dims: roll
input dim start length: narrow
input target: cross_entropy nll_loss binary_cross_entropy binary_cross_entropy_with_logits
input target: mse_loss l1_loss huber_loss multi_margin_loss multilabel_soft_margin_loss
input dim index: select gather index_select
input dim index src|value: scatter scatter_add
input src dim index: select_scatter
input src: slice_scatter diagonal_scatter
indices shape: unravel_index
input dim index src reduce: scatter_reduce
input dim index source: index_add index_copy
input dim index source reduce: index_reduce
input dim index value: index_fill
input indices values: index_put
input ...index: __getitem__
input mask value: masked_fill
input diagonal: tril triu diag
input offset: diagflat
row col: tril_indices triu_indices
size fill_value: full
input fill_value: full_like
start end steps: linspace logspace
start end step: arange
n m: eye
window_length: hann_window hamming_window blackman_window bartlett_window kaiser_window
input k dim: topk
input num_classes: one_hot
input pad: pad
input weight bias: linear conv1d conv2d conv3d conv_transpose1d conv_transpose2d conv_transpose3d
input1 input2 weight bias: bilinear
input weight offsets: embedding_bag
input target var: gaussian_nll_loss
log_probs targets input_lengths target_lengths: ctc_loss
input: batch_norm instance_norm interpolate
input normalized_shape: layer_norm rms_norm
input num_groups: group_norm
input kernel_size: max_pool1d max_pool2d max_pool3d avg_pool1d avg_pool2d avg_pool3d unfold
input output_size: adaptive_avg_pool1d adaptive_avg_pool2d adaptive_avg_pool3d adaptive_max_pool1d adaptive_max_pool2d adaptive_max_pool3d
input output_size kernel_size: fold
input upscale_factor: pixel_shuffle
input downscale_factor: pixel_unshuffle
input groups: channel_shuffle
input norm_type kernel_size: lp_pool1d lp_pool2d lp_pool3d
input indices kernel_size: max_unpool1d max_unpool2d max_unpool3d
equation ...operands: einsum
in_features out_features: Linear
in1_features in2_features out_features: Bilinear
in_channels out_channels kernel_size: Conv1d Conv2d Conv3d ConvTranspose1d ConvTranspose2d ConvTranspose3d
num_features: BatchNorm1d BatchNorm2d BatchNorm3d InstanceNorm1d InstanceNorm2d InstanceNorm3d
num_groups num_channels: GroupNorm
normalized_shape: LayerNorm RMSNorm
num_embeddings embedding_dim: Embedding EmbeddingBag
kernel_size: MaxPool1d MaxPool2d MaxPool3d AvgPool1d AvgPool2d AvgPool3d MaxUnpool1d MaxUnpool2d MaxUnpool3d Unfold
norm_type kernel_size: LPPool1d LPPool2d LPPool3d
output_size kernel_size: Fold
output_size: AdaptiveAvgPool1d AdaptiveAvgPool2d AdaptiveAvgPool3d AdaptiveMaxPool1d AdaptiveMaxPool2d AdaptiveMaxPool3d
input indices: MaxUnpool1d.forward MaxUnpool2d.forward MaxUnpool3d.forward
num_parameters: PReLU
p: Dropout Dropout1d Dropout2d Dropout3d AlphaDropout FeatureAlphaDropout
dim: Softmax LogSoftmax Softmin GLU CosineSimilarity
threshold value: Threshold
size: LocalResponseNorm
padding: ZeroPad1d ZeroPad2d ZeroPad3d ReflectionPad1d ReflectionPad2d ReflectionPad3d ReplicationPad1d ReplicationPad2d
padding: ReplicationPad3d CircularPad1d CircularPad2d CircularPad3d
padding value: ConstantPad1d ConstantPad2d ConstantPad3d
upscale_factor: PixelShuffle
downscale_factor: PixelUnshuffle
groups: ChannelShuffle
dim unflattened_size: Unflatten
: Upsample UpsamplingNearest2d UpsamplingBilinear2d
start_dim end_dim: Flatten
input_size hidden_size: RNN LSTM GRU RNNCell LSTMCell GRUCell
embed_dim num_heads: MultiheadAttention
query key value: MultiheadAttention.forward scaled_dot_product_attention
d_model nhead: TransformerEncoderLayer TransformerDecoderLayer
encoder_layer num_layers: TransformerEncoder
decoder_layer num_layers: TransformerDecoder
src: TransformerEncoderLayer.forward TransformerEncoder.forward
tgt memory: TransformerDecoderLayer.forward TransformerDecoder.forward
src tgt: Transformer.forward
...layers: Sequential
tensor a b: uniform_
tensor mean std: normal_
tensor val: constant_
tensor sparsity: sparse_
nonlinearity param: calculate_gain
parameters max_norm: clip_grad_norm_
parameters clip_value: clip_grad_value_
parameters max_norm total_norm: clip_grads_with_norm_
tensors: get_total_norm
schedulers: ChainedScheduler
`;

const positional: ReadonlyMap<string, readonly string[]> = new Map(
  lines
    .trim()
    .split('\n')
    .flatMap((line) => {
      const [names, operations] = line.split(': ').map((words) => words.split(' ').filter(Boolean)) as [
        string[],
        string[],
      ];
      return operations.map((operation) => [operation, names] as const);
    }),
);

/** Operands that may be numbers: before the tensors, or after. */
const before = ['input', 'self'];
const after = ['other', 'exponent'];
/** Everybody writes these by position. */
const dims = ['dim', 'dims', 'shape', 'sizes', 'size'];

function positionalNames(operation: string, args: Arguments): readonly string[] {
  const parts = operation.split('.');
  // `forward` of a layer stands with the layer's name.
  const known = positional.get(parts.slice(-2).join('.')) ?? positional.get(parts.slice(-1).join());
  if (known !== undefined) return known.map((name) => oneOf(name.split('|'), args));
  const tensors = Object.keys(args).filter((name) => holdsTensors(args[name]));
  const numbers = (names: readonly string[]) => names.filter((name) => typeof args[name] === 'number');
  return [...numbers(before), ...tensors, ...numbers(after), ...dims.filter((name) => name in args)];
}

/** Of names that stand for one argument, the one that is given. */
function oneOf(names: readonly string[], args: Arguments): string {
  return names.find((name) => name in args) ?? names[0];
}

function holdsTensors(value: unknown): boolean {
  return value instanceof Tensor || (Array.isArray(value) && value[0] instanceof Tensor);
}

/** The arguments of PyTorch's function as gradtape's takes them. */
export function arrange(operation: string, args: Arguments): unknown[] {
  const names = positionalNames(operation, args);
  const values = names.flatMap((name) =>
    name.startsWith('...') ? (args[name.slice(3)] as unknown[]) : [optionValue(args[name])],
  );
  const rest = Object.entries(args).filter(([name]) => !names.includes(name) && !names.includes(`...${name}`));
  if (rest.length > 0) {
    return [...values, Object.fromEntries(rest.map(([name, value]) => [optionName(name), optionValue(value)]))];
  }
  while (values.length > 0 && values.at(-1) === undefined) values.pop();
  return values;
}
