import { type Cell, recurrence, type Tensor, zeros } from '@gradtape/autograd';
import { Recurrent, type RecurrentOptions } from './recurrent.ts';

/** A recurrent cell by itself: one step, for loops that people write. */
export abstract class RecurrentCell extends Recurrent {
  readonly #cell: Cell;

  constructor(cell: Cell, inputSize: number, hiddenSize: number, options: RecurrentOptions) {
    super(inputSize, hiddenSize, options);
    this.#cell = cell;
    this.makeWeights('', { gates: cell.gates, input: inputSize, projection: 0 });
  }

  /** The next states of `[batch, in]`, or of one sample `[in]`, from the states given or zeros. */
  protected step(input: Tensor, states: readonly Tensor[] | null | undefined): readonly Tensor[] {
    this.checkInput(input, [1, 2], '[batch, in] or [in]');
    const rows = input.rank === 1 ? input.unsqueeze(0) : input;
    const [batch] = rows.shape;
    const shape = [...input.shape.slice(0, -1), this.hiddenSize];
    const initial = Array.from({ length: this.#cell.states }, (_, k) => {
      if (!states) return zeros([batch, this.hiddenSize], { dtype: this.weightIh.dtype });
      this.checkState(['h', 'c'][k], states[k], shape);
      return states[k].reshape([batch, this.hiddenSize]);
    });
    const options = { batchSizes: [batch], reverse: false };
    const { last } = recurrence(this.#cell, rows, initial, this.weightsOf(''), options);
    return last.map((state) => state.reshape(shape));
  }
}

/** A cell whose one state is what it shows. */
export abstract class OneStateCell extends RecurrentCell {
  /**
   * The next state.
   *
   * @param input `[batch, in]` or `[in]`.
   * @param hx `[batch, hidden]` or `[hidden]`. Default: zeros.
   * @throws GradtapeError if one of them does not fit.
   */
  override forward(input: Tensor, hx?: Tensor | null): Tensor {
    return this.step(input, hx && [hx])[0];
  }
}
