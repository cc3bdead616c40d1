import { WeightAverage } from './weight-average.ts';

/**
 * The plain mean of weights along the end of a training (Izmailov et al., 2018): after n values `a ← (n a + w) / (n+1)`, with
 * {@link SWALR} as its schedule. PyTorch's `AveragedModel` as it is by default. Batch normalization's statistics belong to other weights:
 * pass the buffers, too, or run some batches through the model in training mode after `swapIn`.
 *
 * @example
 * const w = new Parameter(tensor([1]));
 * const average = new StochasticWeightAverage([w]);
 * for (const value of [1, 2, 6]) {
 *   w.assign(tensor([value]));
 *   average.update();
 * }
 * average.averages()[0]; // [3]
 */
export class StochasticWeightAverage extends WeightAverage {
  protected weights(nAveraged: number): readonly [number, number] {
    return [nAveraged / (nAveraged + 1), 1 / (nAveraged + 1)];
  }
}
