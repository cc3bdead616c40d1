import { GradtapeError, recurrentCells, Tensor } from '@gradtape/autograd';
import { RecurrentLayer, type RecurrentLayerOptions } from './recurrent-layer.ts';

export interface LSTMOptions<Both extends boolean, Projection extends number> extends RecurrentLayerOptions<Both> {
  /** The size to which `h` is projected by a further weight `[projSize, hiddenSize]`; 0 for none. Default: 0. */
  readonly projSize?: Projection;
}

/** `h`, which is shown, and `c`, which is kept. */
export type LSTMState = readonly [h: Tensor, c: Tensor];

/**
 * Layers of long short-term memory. With gates `i` (input), `f` (forget), `g` (new) and `o` (output), whose weights lie in
 * this order: `i = σ(x Wᵢᵀ + h Uᵢᵀ + …)`, `f` and `o` likewise, `g = tanh(…)`, `c' = f c + i g` and `h' = o tanh c'`. States
 * are pairs `[h, c]`. Hochreiter and Schmidhuber, 1997; Gers et al., 2000; projections: Sak et al., 2014.
 *
 * @throws GradtapeError as `RNN`, and if projSize is not a whole number below hiddenSize.
 * @example
 * const [output, [h, c]] = new LSTM(10, 20, { numLayers: 2, projSize: 4 }).forward(zeros([5, 3, 10]));
 * output.shape; // [5, 3, 4]
 * h.shape; // [2, 3, 4]
 * c.shape; // [2, 3, 20]
 */
export class LSTM<
  In extends number = number,
  Hidden extends number = number,
  Both extends boolean = false,
  Projection extends number = 0,
> extends RecurrentLayer<
  'LSTM',
  In,
  Both extends false ? (Projection extends 0 ? Hidden : Projection) : number,
  LSTMState
> {
  readonly projSize: number;

  constructor(inputSize: In, hiddenSize: Hidden, options: LSTMOptions<Both, Projection> = {}) {
    const { projSize = 0 } = options;
    if (!(Number.isInteger(projSize) && projSize >= 0 && (projSize < hiddenSize || projSize === 0))) {
      failOnProjection(projSize, hiddenSize);
    }
    super(recurrentCells.lstm, inputSize, hiddenSize, options, projSize);
    this.projSize = projSize;
  }

  protected override listOf(state: LSTMState): readonly Tensor[] {
    return pairOf('LSTM', state);
  }

  protected override stateOf([h, c]: readonly Tensor[]): LSTMState {
    return [h, c];
  }
}

function failOnProjection(projSize: number, hiddenSize: number): never {
  throw new GradtapeError('LSTM: projSize is no size to project to', {
    got: `projSize ${projSize} for hiddenSize ${hiddenSize}`,
    needs: `a whole number from 1 to ${hiddenSize - 1}, or 0 for none`,
    fix: 'leave it out for no projection',
  });
}

/** A state, which must be a pair. */
export function pairOf(operation: string, state: LSTMState): readonly Tensor[] {
  if (Array.isArray(state) && state.length === 2) return state;
  throw new GradtapeError(`${operation}: the state is not a pair`, {
    got: state instanceof Tensor ? 'one tensor' : typeof state,
    needs: '[h, c]',
    fix: 'both start from zeros if the state is left out',
  });
}
