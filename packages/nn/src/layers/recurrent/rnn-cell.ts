import type { RecurrentOptions } from './recurrent.ts';
import { OneStateCell } from './recurrent-cell.ts';
import { elmanCell, type NonlinearityOptions } from './rnn.ts';

export interface RNNCellOptions extends RecurrentOptions, NonlinearityOptions {}

/**
 * One step of `RNN`.
 *
 * @example
 * new RNNCell(10, 20).forward(zeros([3, 10])).shape; // [3, 20]
 */
export class RNNCell extends OneStateCell {
  constructor(inputSize: number, hiddenSize: number, options: RNNCellOptions = {}) {
    super(elmanCell('RNNCell', options), inputSize, hiddenSize, options);
  }
}
