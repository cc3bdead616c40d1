export { GRU } from './gru.ts';
export { GRUCell } from './gru-cell.ts';
export { LSTM, type LSTMOptions, type LSTMState } from './lstm.ts';
export { LSTMCell } from './lstm-cell.ts';
export {
  type BatchFirstOptions,
  type Lengths,
  type PackedSequence,
  type PackOptions,
  type PaddingOptions,
  type PadPackedOptions,
  type PadSequenceOptions,
  packPaddedSequence,
  packSequence,
  padPackedSequence,
  padSequence,
  unpackSequence,
  unpadSequence,
} from './packed-sequence.ts';
export type { RecurrentOptions } from './recurrent.ts';
export type { RecurrentLayerOptions } from './recurrent-layer.ts';
export { RNN, type RNNOptions } from './rnn.ts';
export { RNNCell, type RNNCellOptions } from './rnn-cell.ts';
