import { crossEntropy, fromArray, type Parameter } from '@gradtape/autograd';
import { Linear, type Module } from '@gradtape/nn';
import type { Optimizer, OptimizerOptions } from '@gradtape/optim';
import type { Run } from '../engines.ts';
import { weights } from '../seeded-data.ts';
import type { Workload } from '../timing.ts';
import { type Example, training } from './training.ts';

/** Trains a model on batches in turn, by cross-entropy. */
export function classifier(
  name: string,
  model: Module,
  optimizer: Optimizer<OptimizerOptions>,
  batches: readonly Example[],
  run: Run,
): Workload {
  return training(name, (inputs, labels) => crossEntropy(model.forward(inputs), labels), optimizer, batches, run);
}

/** A linear layer with the weights that all contestants start from, given as `[in, out]`. */
export function seededLinear(inFeatures: number, outFeatures: number, weightSeed: number, biasSeed?: number): Linear {
  const layer = new Linear(inFeatures, outFeatures);
  layer.weight.assign(
    fromArray(weights(weightSeed, inFeatures * outFeatures, inFeatures), [inFeatures, outFeatures])
      .t()
      .add(0),
  );
  assignBias(layer.bias, biasSeed, inFeatures);
  return layer;
}

/** A bias from a seed, or zeros. */
export function assignBias(bias: Parameter, seed: number | undefined, fanIn: number): void {
  bias.assign(
    fromArray(seed === undefined ? new Float32Array(bias.length) : weights(seed, bias.length, fanIn), bias.shape),
  );
}
