/** What stands in gradtape for a name of PyTorch's, where the mechanical mapping of names does not lead to it. */
export interface Equivalent {
  /** The module that exports it. */
  readonly module: string;
  /** What it exports. */
  readonly name: string;
  /** How it is written for the same effect. Default: its name. */
  readonly written?: string;
}

const tape = (name: string, written?: string): Equivalent => ({ module: '@gradtape/autograd', name, written });
const nn = (name: string, written?: string): Equivalent => ({ module: '@gradtape/nn', name, written });
const data = (name: string, written?: string): Equivalent => ({ module: '@gradtape/data', name, written });
const optim = (name: string, written?: string): Equivalent => ({ module: '@gradtape/optim', name, written });
const verify = (name: string, written?: string): Equivalent => ({ module: '@gradtape/autograd/verify', name, written });

export const saidOtherwise: Readonly<Record<string, Equivalent>> = {
  'torch.adjoint': tape('transpose', 'transpose(x, -2, -1)'),
  'torch.as_tensor': tape('tensor'),
  'torch.asarray': tape('tensor'),
  'torch.scalar_tensor': tape('tensor'),
  'torch.from_numpy': tape('fromArray'),
  'torch.frombuffer': tape('fromArray'),
  'torch.compile': { module: '@gradtape/autograd/compile', name: 'compile' },
  'torch.constant_pad_nd': tape('pad'),
  'torch.fill': tape('fullLike'),
  'torch.range': tape('arange'),
  'torch.ravel': tape('flatten'),
  'torch.rsub': tape('sub', 'sub(y, x)'),
  'torch.split_with_sizes': tape('split'),
  'torch.frobenius_norm': tape('norm', "norm(x, 'fro')"),
  'torch.numel': tape('Tensor', 'x.length'),
  'torch.is_tensor': tape('Tensor', 'x instanceof Tensor'),
  'torch.is_floating_point': tape('isFloating', 'isFloating(x.dtype)'),
  'torch.is_nonzero': tape('Tensor', 'x.item() !== 0'),
  'torch.initial_seed': tape('defaultGenerator', 'defaultGenerator().state.seed'),
  'torch.get_rng_state': tape('defaultGenerator'),
  'torch.set_rng_state': tape('defaultGenerator'),
  'torch.load': data('loadCheckpoint', 'loadCheckpoint, loadSafetensors, loadNpy, …'),
  'torch.save': data('saveCheckpoint', 'saveCheckpoint, saveSafetensors, saveNpy, …'),
  'torch.gru_cell': nn('GRUCell'),
  'torch.lstm_cell': nn('LSTMCell'),
  'torch.rnn_relu_cell': nn('RNNCell', "RNNCell, { nonlinearity: 'relu' }"),
  'torch.rnn_tanh_cell': nn('RNNCell'),
  'torch.max_pool1d_with_indices': tape('maxPool1d', 'maxPool1d, { returnIndices: true }'),
  'torch.nn.functional.max_pool1d_with_indices': tape('maxPool1d', 'maxPool1d, { returnIndices: true }'),
  'torch.nn.functional.max_pool2d_with_indices': tape('maxPool2d', 'maxPool2d, { returnIndices: true }'),
  'torch.nn.functional.max_pool3d_with_indices': tape('maxPool3d', 'maxPool3d, { returnIndices: true }'),
  'torch.nn.functional.adaptive_max_pool1d_with_indices': tape(
    'adaptiveMaxPool1d',
    'adaptiveMaxPool1d, { returnIndices: true }',
  ),
  'torch.nn.functional.adaptive_max_pool2d_with_indices': tape(
    'adaptiveMaxPool2d',
    'adaptiveMaxPool2d, { returnIndices: true }',
  ),
  'torch.nn.functional.adaptive_max_pool3d_with_indices': tape(
    'adaptiveMaxPool3d',
    'adaptiveMaxPool3d, { returnIndices: true }',
  ),
  'torch.nn.functional.multi_head_attention_forward': nn('MultiheadAttention'),
  'torch.nn.functional.upsample': tape('interpolate'),
  'torch.nn.functional.upsample_bilinear': tape('interpolate', "interpolate, { mode: 'bilinear', alignCorners: true }"),
  'torch.nn.functional.upsample_nearest': tape('interpolate'),
  'torch.nn.Parameter': tape('Parameter'),
  'torch.nn.Container': nn('Sequential'),
  'torch.nn.NLLLoss2d': nn('NLLLoss'),
  'torch.nn.utils.rnn.PackedSequence': nn('packSequence', 'PackedSequence (a type)'),
  'torch.optim.swa_utils.AveragedModel': optim(
    'StochasticWeightAverage',
    'StochasticWeightAverage, ExponentialMovingAverage',
  ),
  'torch.optim.swa_utils.get_ema_avg_fn': optim('ExponentialMovingAverage'),
  'torch.optim.swa_utils.get_ema_multi_avg_fn': optim('ExponentialMovingAverage'),
  'torch.optim.swa_utils.get_swa_avg_fn': optim('StochasticWeightAverage'),
  'torch.optim.swa_utils.get_swa_multi_avg_fn': optim('StochasticWeightAverage'),
  'torch.utils.data.Dataset': data('DataLoader', 'Dataset (a type)'),
  'torch.utils.data.IterableDataset': data('DataLoader', 'DataLoader of any iterable'),
  'torch.utils.data.Sampler': data('DataLoader', 'Sampler (a type)'),
  'torch.utils.data.default_collate': data('collate'),
  'torch.autograd.Function': tape('customGrad'),
  'torch.autograd.Variable': tape('Tensor'),
  'torch.autograd.gradcheck': verify('checkGradients'),
  'torch.autograd.gradgradcheck': verify('checkGradients', 'checkGradients, { order: 2 }'),
  'torch.autograd.set_grad_enabled': tape('noGrad', 'noGrad, enableGrad'),
  'torch.autograd.inference_mode': tape('noGrad'),
  'torch.autograd.set_detect_anomaly': tape('detectAnomaly'),
  'torch.autograd.functional.vhp': tape('hvp'),
  'torch.func.grad_and_value': tape('valueAndGrad'),
  'torch.func.jacfwd': tape('jacobian'),
  'torch.func.jacrev': tape('jacobian'),
};
