import { recurrentCells, type Tensor } from '@gradtape/autograd';
import { type LSTMState, pairOf } from './lstm.ts';
import type { RecurrentOptions } from './recurrent.ts';
import { RecurrentCell } from './recurrent-cell.ts';

/**
 * One step of `LSTM`, from a pair `[h, c]` to the next.
 *
 * @example
 * const [h, c] = new LSTMCell(10, 20).forward(zeros([3, 10]));
 * c.shape; // [3, 20]
 */
export class LSTMCell extends RecurrentCell {
  constructor(inputSize: number, hiddenSize: number, options: RecurrentOptions = {}) {
    super(recurrentCells.lstm, inputSize, hiddenSize, options);
  }

  /**
   * The next states.
   *
   * @param input `[batch, in]` or `[in]`.
   * @param hx `[batch, hidden]` or `[hidden]` each. Default: zeros.
   * @throws GradtapeError if one of them does not fit.
   */
  override forward(input: Tensor, hx?: LSTMState | null): LSTMState {
    const [h, c] = this.step(input, hx && pairOf('LSTMCell', hx));
    return [h, c];
  }
}
