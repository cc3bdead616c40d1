import { fromArray, type Tensor } from '@gradtape/autograd';
import type { Module } from '@gradtape/nn';
import type { Optimizer, OptimizerOptions } from '@gradtape/optim';
import type { Run } from '../engines.ts';
import { weights } from '../seeded-data.ts';
import type { Workload } from '../timing.ts';

/** What a step learns from. */
export interface Example {
  readonly inputs: Tensor;
  readonly targets: Tensor;
}

/** Trains on batches in turn. */
export function training(
  name: string,
  lossOf: (inputs: Tensor, targets: Tensor) => Tensor,
  optimizer: Optimizer<OptimizerOptions>,
  batches: readonly Example[],
  run: Run,
): Workload {
  let loss: Tensor;
  const step = run((inputs: Tensor, targets: Tensor): Tensor => {
    const result = lossOf(inputs, targets);
    optimizer.zeroGrad();
    result.backward();
    optimizer.step();
    return result;
  });
  return {
    name,
    step: (i) => {
      const { inputs, targets } = batches[i % batches.length] as Example;
      loss = step(inputs, targets);
    },
    loss: () => loss.item(),
  };
}

/**
 * A model with the weights that all contestants start from: the k-th parameter, if it has two dims or more, is drawn with
 * seed `first + k`. Biases start at zero, scales of normalizations at one.
 */
export function seeded<M extends Module>(model: M, first: number): M {
  for (const [k, [name, parameter]] of model.namedParameters().entries()) {
    const { shape, length } = parameter;
    const drawn = shape.length > 1 ? weights(first + k, length, length / (shape[0] as number)) : undefined;
    const start = /weight$/.test(name) ? 1 : 0;
    parameter.assign(fromArray(drawn ?? new Float32Array(length).fill(start), shape));
  }
  return model;
}
