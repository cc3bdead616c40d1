import { recurrentCells } from '@gradtape/autograd';
import { OneStateLayer, type RecurrentLayerOptions } from './recurrent-layer.ts';

/**
 * Layers of gated recurrent units. With gates `r` (reset), `z` (update) and `n` (new), whose weights lie in this order:
 * `r = σ(x Wᵣᵀ + h Uᵣᵀ + …)`, `z` likewise, `n = tanh(x Wₙᵀ + bₙ + r (h Uₙᵀ + cₙ))`, and `h' = (1 - z) n + z h`. Cho et al.,
 * 2014; the reset gate multiplies the product of the state, as in PyTorch.
 *
 * @throws GradtapeError as `RNN`.
 * @example
 * const [output, last] = new GRU(10, 20, { bidirectional: true }).forward(zeros([5, 3, 10]));
 * output.shape; // [5, 3, 40]
 * last.shape; // [2, 3, 20]
 */
export class GRU<
  In extends number = number,
  Hidden extends number = number,
  Both extends boolean = false,
> extends OneStateLayer<'GRU', In, Both extends false ? Hidden : number> {
  constructor(inputSize: In, hiddenSize: Hidden, options: RecurrentLayerOptions<Both> = {}) {
    super(recurrentCells.gru, inputSize, hiddenSize, options);
  }
}
