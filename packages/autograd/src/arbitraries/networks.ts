import fc from 'fast-check';
import type { Tensor } from '../core/tensor.ts';
import { gelu, leakyRelu, softplus } from '../functions/activations.ts';
import { linear } from '../functions/linear.ts';
import { binaryCrossEntropyWithLogits } from '../functions/losses/binary-cross-entropy.ts';
import { crossEntropy } from '../functions/losses/cross-entropy.ts';
import { mseLoss } from '../functions/losses/regression.ts';
import { relu } from '../primitives/piecewise/kinked.ts';
import { sigmoid } from '../primitives/smooth/activations.ts';
import { tanh } from '../primitives/smooth/hyperbolic.ts';
import { tensors } from './tensors.ts';

export type NetworkActivation = 'tanh' | 'sigmoid' | 'softplus' | 'gelu' | 'relu' | 'leakyRelu';
export type NetworkLoss = 'mse' | 'crossEntropy' | 'binaryCrossEntropyWithLogits';

const activations: Readonly<Record<NetworkActivation, (x: Tensor) => Tensor>> = {
  tanh,
  sigmoid,
  softplus,
  gelu,
  relu,
  leakyRelu,
};

/** What a network's output is compared with: numbers, the numbers of classes, or truth values. */
const losses: Readonly<Record<NetworkLoss, (output: Tensor, target: Tensor) => Tensor>> = {
  mse: mseLoss,
  crossEntropy,
  binaryCrossEntropyWithLogits,
};

export interface NetworkOptions {
  /** The most layers with weights. Default: 3. */
  readonly maximumDepth?: number;
  /** The most units of a layer, and inputs. Default: 4. */
  readonly maximumWidth?: number;
  /** The most samples in a batch. Default: 4. */
  readonly maximumBatch?: number;
  /** Which hidden activations are drawn. Default: all; `relu` and `leakyRelu` have a kink. */
  readonly activations?: readonly NetworkActivation[];
  /** Which losses are drawn. Default: all. */
  readonly losses?: readonly NetworkLoss[];
}

/** A small multilayer perceptron at drawn weights, with a batch of samples: rows, as in PyTorch. All of dtype float64. */
export class SmallNetwork {
  /** Inputs, units of each layer, the last being the outputs. */
  readonly widths: readonly number[];
  readonly activation: NetworkActivation;
  readonly lossName: NetworkLoss;
  /** The batch `x`, the targets `t`, and weights and biases `W1`, `b1`, …: in the order of the arguments of `loss`. */
  readonly inputs: Readonly<Record<string, Tensor>>;

  constructor(
    widths: readonly number[],
    activation: NetworkActivation,
    lossName: NetworkLoss,
    inputs: Readonly<Record<string, Tensor>>,
  ) {
    this.widths = widths;
    this.activation = activation;
    this.lossName = lossName;
    this.inputs = inputs;
  }

  /** The mean loss over the batch, of the inputs in their order; it can be passed on as a function. */
  readonly loss = (x: Tensor, t: Tensor, ...weightsAndBiases: Tensor[]): Tensor => {
    const depth = this.widths.length - 1;
    let a = x;
    for (let layer = 0; layer < depth; layer++) {
      const [W, b] = weightsAndBiases.slice(2 * layer);
      const z = linear(a, W, b);
      a = layer < depth - 1 ? activations[this.activation](z) : z;
    }
    return losses[this.lossName](a, t);
  };

  toString(): string {
    const inputs = Object.entries(this.inputs).map(([name, x]) => `${name} = ${x}`);
    return [`network ${this.widths.join('-')}, ${this.activation}, ${this.lossName}`, ...inputs].join('\n');
  }
}

/**
 * Small networks with everything that a gradient check needs: `checkGradients(network.loss, network.inputs)`. They shrink
 * to few layers, few units and one sample.
 *
 * @example
 * import fc from 'fast-check';
 * import { networks } from '@gradtape/autograd/arbitraries';
 * import { checkGradients } from '@gradtape/autograd/verify';
 * const isRight = fc.property(networks(), ({ loss, inputs }) => checkGradients(loss, inputs).passed);
 * fc.assert(isRight, { numRuns: 5 });
 */
export function networks(options: NetworkOptions = {}): fc.Arbitrary<SmallNetwork> {
  const { maximumDepth = 3, maximumWidth = 4, maximumBatch = 4 } = options;
  return fc
    .record({
      widths: fc.array(fc.integer({ min: 1, max: maximumWidth }), { minLength: 2, maxLength: maximumDepth + 1 }),
      batch: fc.integer({ min: 1, max: maximumBatch }),
      activation: fc.constantFrom(...(options.activations ?? namesOf(activations))),
      loss: fc.constantFrom(...(options.losses ?? namesOf(losses))),
    })
    .chain(({ widths, batch, activation, loss }) =>
      fc.record(valuesFor(widths, batch, loss)).map((inputs) => new SmallNetwork(widths, activation, loss, inputs)),
    );
}

function namesOf<Name extends string>(table: Readonly<Record<Name, unknown>>): readonly Name[] {
  return Object.keys(table) as Name[];
}

function valuesFor(widths: readonly number[], batch: number, loss: NetworkLoss): Record<string, fc.Arbitrary<Tensor>> {
  const outputs = widths[widths.length - 1];
  const weights = widths.slice(1).flatMap((units, layer) => [
    [`W${layer + 1}`, tensors({ shape: [units, widths[layer]], low: -1, high: 1 })],
    [`b${layer + 1}`, tensors({ shape: [units], low: -1, high: 1 })],
  ]);
  return {
    x: tensors({ shape: [batch, widths[0]], low: -2, high: 2 }),
    t: targetsFor(loss, batch, outputs),
    ...Object.fromEntries(weights),
  };
}

function targetsFor(loss: NetworkLoss, batch: number, outputs: number): fc.Arbitrary<Tensor> {
  if (loss === 'crossEntropy') return tensors({ shape: [batch], dtype: 'int32', low: 0, high: outputs - 1 });
  const low = loss === 'mse' ? -2 : 0;
  return tensors({ shape: [batch, outputs], low, high: loss === 'mse' ? 2 : 1 });
}
