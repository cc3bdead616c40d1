import { recurrentCells } from '@gradtape/autograd';
import type { RecurrentOptions } from './recurrent.ts';
import { OneStateCell } from './recurrent-cell.ts';

/**
 * One step of `GRU`.
 *
 * @example
 * new GRUCell(10, 20).forward(zeros([3, 10])).shape; // [3, 20]
 */
export class GRUCell extends OneStateCell {
  constructor(inputSize: number, hiddenSize: number, options: RecurrentOptions = {}) {
    super(recurrentCells.gru, inputSize, hiddenSize, options);
  }
}
