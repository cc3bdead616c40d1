import { GradtapeError, Parameter, type RecurrentWeights, type Shape, type Tensor, zeros } from '@gradtape/autograd';
import { uniform } from '../../init.ts';
import type { CreationOptions } from '../../layer.ts';
import { Module } from '../../module.ts';
import { showArguments } from '../../written-arguments.ts';

export interface RecurrentOptions extends CreationOptions {
  /** Whether the products with the input and with the state each have a bias. Default: true. */
  readonly bias?: boolean;
}

/** The sizes of the weights of one cell. */
interface WeightSizes {
  /** How many blocks of `hiddenSize` rows there are. */
  readonly gates: number;
  readonly input: number;
  /** The size of what the cell shows if that is a projection of its hidden state; else 0. */
  readonly projection: number;
}

/**
 * What recurrent layers and cells have in common: parameters under PyTorch's names in camelCase (`weightIhL0`,
 * `biasHhL1Reverse`; `weightIh` of a cell), which start evenly distributed within `± 1/√hiddenSize`.
 */
export abstract class Recurrent extends Module {
  readonly inputSize: number;
  readonly hiddenSize: number;
  readonly bias: boolean;
  readonly [weight: `weight${'Ih' | 'Hh' | 'Hr'}${string}`]: Parameter;
  readonly [bias: `bias${'Ih' | 'Hh'}${string}`]: Parameter;
  readonly #written: readonly unknown[];
  readonly #creation: CreationOptions;

  constructor(inputSize: number, hiddenSize: number, options: RecurrentOptions) {
    super();
    for (const [name, size] of Object.entries({ inputSize, hiddenSize })) this.checkCount(name, size);
    this.inputSize = inputSize;
    this.hiddenSize = hiddenSize;
    this.bias = options.bias ?? true;
    this.#written = [inputSize, hiddenSize, options];
    this.#creation = options;
  }

  /** Throws unless a size or number of layers is a whole number from 1. */
  protected checkCount(name: string, count: number): void {
    if (Number.isInteger(count) && count >= 1) return;
    throw new GradtapeError(`${this.constructor.name}: ${name} is not a count`, {
      got: `${name} ${count}`,
      needs: 'a whole number from 1',
      fix: `new ${this.constructor.name}(inputSize, hiddenSize, options)`,
    });
  }

  /** Makes the parameters whose names end with `suffix`. */
  protected makeWeights(suffix: string, { gates, input, projection }: WeightSizes): void {
    const { hiddenSize } = this;
    const shapes: Record<string, Shape> = {
      weightIh: [gates * hiddenSize, input],
      weightHh: [gates * hiddenSize, projection || hiddenSize],
      ...(this.bias && { biasIh: [gates * hiddenSize], biasHh: [gates * hiddenSize] }),
      ...(projection > 0 && { weightHr: [projection, hiddenSize] }),
    };
    const { dtype, generator } = this.#creation;
    const bound = 1 / Math.sqrt(hiddenSize);
    for (const [name, shape] of Object.entries(shapes)) {
      const parameter = new Parameter(zeros(shape, { dtype }));
      uniform(parameter, -bound, bound, { generator });
      Object.assign(this, { [name + suffix]: parameter });
    }
  }

  protected weightsOf(suffix: string): RecurrentWeights {
    return {
      weightIh: this[`weightIh${suffix}`],
      weightHh: this[`weightHh${suffix}`],
      biasIh: this[`biasIh${suffix}`],
      biasHh: this[`biasHh${suffix}`],
      weightHr: this[`weightHr${suffix}`],
    };
  }

  /** Throws unless the input is of features that the layer takes. */
  protected checkInput(input: Tensor, ranks: readonly number[], layout: string): void {
    const { dtype } = this.parameters()[0];
    if (ranks.includes(input.rank) && input.shape[input.rank - 1] === this.inputSize && input.dtype === dtype) return;
    const isOfDType = input.dtype === dtype;
    throw new GradtapeError(`${this.constructor.name}: the input is not of such sequences`, {
      got: `[${input.shape.join(', ')}] ${input.dtype}`,
      needs: `${layout} of dtype ${dtype}, with inputSize ${this.inputSize}`,
      fix: isOfDType
        ? 'the features are the last dim; numbers alone get one by unsqueeze(-1)'
        : `convert the input: x.to('${dtype}'), or the layer: layer.to('float64')`,
    });
  }

  /** Throws unless an initial state has this shape and the dtype of the parameters. */
  protected checkState(name: string, state: Tensor | undefined, shape: Shape): void {
    const { dtype } = this.parameters()[0];
    if (state?.dtype === dtype && state.shape.join() === shape.join()) return;
    throw new GradtapeError(`${this.constructor.name}: the initial state ${name} does not fit`, {
      got: state === undefined ? 'none' : `[${state.shape.join(', ')}] ${state.dtype}`,
      needs: `[${shape.join(', ')}] ${dtype}`,
      fix: 'leave the initial state out to start from zeros',
    });
  }

  protected override describe(): string {
    return showArguments(this.#written);
  }
}
