import { GradtapeError, recurrentCells } from '@gradtape/autograd';
import { OneStateLayer, type RecurrentLayerOptions } from './recurrent-layer.ts';

export interface NonlinearityOptions {
  /** What makes the next state of the sum of products. Default: `tanh`. */
  readonly nonlinearity?: 'tanh' | 'relu';
}

export interface RNNOptions<Both extends boolean> extends RecurrentLayerOptions<Both>, NonlinearityOptions {}

/**
 * Layers of the simplest recurrent cell: `h' = tanh(x Wᵢₕᵀ + bᵢₕ + h Wₕₕᵀ + bₕₕ)`. Elman, 1990.
 *
 * @throws GradtapeError if a size or number of layers is no whole number from 1, dropout is no probability, or there is no
 *   such nonlinearity; on a call if the input or the initial state does not fit.
 * @example
 * const [output, last] = new RNN(10, 20, { numLayers: 2 }).forward(zeros([5, 3, 10]));
 * output.shape; // [5, 3, 20]
 * last.shape; // [2, 3, 20]
 */
export class RNN<
  In extends number = number,
  Hidden extends number = number,
  Both extends boolean = false,
> extends OneStateLayer<'RNN', In, Both extends false ? Hidden : number> {
  constructor(inputSize: In, hiddenSize: Hidden, options: RNNOptions<Both> = {}) {
    super(elmanCell('RNN', options), inputSize, hiddenSize, options);
  }
}

/** The cell with a nonlinearity. Throws if there is none such. */
export function elmanCell(
  operation: string,
  { nonlinearity = 'tanh' }: NonlinearityOptions,
): typeof recurrentCells.elmanTanh {
  if (nonlinearity === 'tanh') return recurrentCells.elmanTanh;
  if (nonlinearity === 'relu') return recurrentCells.elmanRelu;
  throw new GradtapeError(`${operation}: no such nonlinearity`, {
    got: `nonlinearity '${nonlinearity}'`,
    needs: "'tanh' or 'relu'",
    fix: 'other cells are written with RNNCell as a model',
  });
}
