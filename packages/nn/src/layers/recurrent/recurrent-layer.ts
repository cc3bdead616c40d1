import {
  type Cell,
  type Checked,
  concat,
  dropout,
  type Generator,
  GradtapeError,
  type Known,
  recurrence,
  type SameSize,
  type Shape,
  type ShapeOf,
  type ShowShape,
  type ShowSize,
  stack,
  Tensor,
  transpose,
  zeros,
} from '@gradtape/autograd';
import { type PackedSequence, reorder } from './packed-sequence.ts';
import { Recurrent, type RecurrentOptions } from './recurrent.ts';

export interface RecurrentLayerOptions<Both extends boolean> extends RecurrentOptions {
  /** How many layers lie on each other, each of which takes what the one below gives. Default: 1. */
  readonly numLayers?: number;
  /** Whether sequences are `[batch, time, features]` instead of `[time, batch, features]`; states stay as they are. Default: false. */
  readonly batchFirst?: boolean;
  /** The probability with which entries between layers are dropped while training. Default: 0. */
  readonly dropout?: number;
  /** Whether each layer runs backwards, too, with weights of its own; both outputs lie beside each other. Default: false. */
  readonly bidirectional?: Both;
}

/** `[…, In]` to `[…, Out]`. */
export type SequenceShape<Name extends string, In, Out extends number, S extends Shape> = S extends readonly [
  ...infer Lead extends Shape,
  infer Last extends number,
]
  ? SameSize<Last, In> extends false
    ? `${Name}: expected inputs of size ${ShowSize<In>}, got last size ${ShowSize<Last>} (input ${ShowShape<S>})`
    : [...Lead, Out]
  : Shape;

/**
 * Layers of a recurrent cell that is taken through the time of sequences. `Out` is the size of what comes out at each time,
 * `State` how the cell's states are handed over.
 */
export abstract class RecurrentLayer<
  Name extends string,
  In extends number,
  Out extends number,
  State,
> extends Recurrent {
  readonly numLayers: number;
  readonly batchFirst: boolean;
  readonly dropout: number;
  readonly bidirectional: boolean;
  readonly #cell: Cell;
  /** The sizes of the cell's states. */
  readonly #sizes: readonly number[];
  readonly #generator: Generator | undefined;

  constructor(
    cell: Cell,
    inputSize: number,
    hiddenSize: number,
    options: RecurrentLayerOptions<boolean>,
    projection = 0,
  ) {
    super(inputSize, hiddenSize, options);
    const { numLayers = 1, batchFirst = false, dropout: share = 0, bidirectional = false, generator } = options;
    this.checkCount('numLayers', numLayers);
    if (!(share >= 0 && share <= 1)) this.#failOnDropout(share);
    this.numLayers = numLayers;
    this.batchFirst = batchFirst;
    this.dropout = share;
    this.bidirectional = bidirectional;
    this.#generator = generator;
    this.#cell = cell;
    const shown = projection || hiddenSize;
    this.#sizes = [shown, hiddenSize].slice(0, cell.states);
    for (let layer = 0; layer < numLayers; layer++) {
      const suffixes = this.#suffixes(layer);
      const input = layer === 0 ? inputSize : shown * suffixes.length;
      for (const suffix of suffixes) this.makeWeights(suffix, { gates: cell.gates, input, projection });
    }
  }

  /** The tensors of a state as the cell has them. */
  protected abstract listOf(state: State): readonly Tensor[];
  protected abstract stateOf(list: readonly Tensor[]): State;

  /**
   * What the last layer shows at each time, and the states of all layers after the last: `[layers, batch, hidden]`, layer by
   * layer, forwards before backwards.
   *
   * @param input `[time, batch, in]`, with batchFirst `[batch, time, in]`, one sequence alone `[time, in]`; or packed.
   * @param hx The initial states, of the shape of the last ones. Default: zeros.
   */
  forward(input: PackedSequence, hx?: State | null): [output: PackedSequence, last: State];
  forward<T extends Tensor>(
    input: Checked<T, SequenceShape<Name, In, Out, ShapeOf<T>>>,
    hx?: State | null,
  ): [output: Tensor<Known<SequenceShape<Name, In, Out, ShapeOf<T>>>>, last: State];
  override forward(input: Tensor | PackedSequence, hx?: State | null): [Tensor | PackedSequence, State] {
    if (!(input instanceof Tensor)) return this.#ofPacked(input, hx);
    this.checkInput(
      input,
      [2, 3],
      this.batchFirst ? '[batch, time, in] or [time, in]' : '[time, batch, in] or [time, in]',
    );
    return input.rank === 2 ? this.#ofOne(input, hx) : this.#ofBatch(input, hx);
  }

  #ofBatch(input: Tensor, hx: State | null | undefined): [Tensor, State] {
    const byTime = this.batchFirst ? transpose(input, 0, 1) : input;
    const [times, batch] = byTime.shape;
    if (times === 0) this.#failOnNoTime(input);
    const data = byTime.reshape([times * batch, this.inputSize]);
    const initial = this.#initialStates(hx, [batch]);
    const { output, last } = this.#run(data, new Array<number>(times).fill(batch), initial);
    const shown = output.reshape([times, batch, output.shape[1]]);
    return [this.batchFirst ? transpose(shown, 0, 1) : shown, this.stateOf(last)];
  }

  /** One sequence, `[time, in]`; its states have no dim for the batch. */
  #ofOne(input: Tensor, hx: State | null | undefined): [Tensor, State] {
    const [times] = input.shape;
    if (times === 0) this.#failOnNoTime(input);
    const initial = this.#initialStates(hx, []).map((state) => state.unsqueeze(1));
    const { output, last } = this.#run(input, new Array<number>(times).fill(1), initial);
    return [output, this.stateOf(last.map((state) => state.squeeze(1)))];
  }

  #ofPacked(packed: PackedSequence, hx: State | null | undefined): [PackedSequence, State] {
    const { data, batchSizes, sortedIndices, unsortedIndices } = packed;
    this.checkInput(data, [2], 'packed sequences of [time, in]');
    const initial = this.#initialStates(hx, [batchSizes[0]]).map((state) => reorder(state, 1, sortedIndices));
    const { output, last } = this.#run(data, batchSizes, initial);
    return [{ ...packed, data: output }, this.stateOf(last.map((state) => reorder(state, 1, unsortedIndices)))];
  }

  /** All layers, of sequences time by time in the rows of a matrix. */
  #run(
    input: Tensor,
    batchSizes: readonly number[],
    initial: readonly Tensor[],
  ): { output: Tensor; last: readonly Tensor[] } {
    const last: Tensor[][] = initial.map(() => []);
    let output = input;
    for (let layer = 0; layer < this.numLayers; layer++) {
      if (layer > 0) output = dropout(output, this.dropout, { training: this.training, generator: this.#generator });
      const directions = this.#suffixes(layer).map((suffix, d) => {
        const states = initial.map((state) => state.select(0, last[0].length + d));
        return recurrence(this.#cell, output, states, this.weightsOf(suffix), { batchSizes, reverse: d === 1 });
      });
      const outputs = directions.map((direction) => direction.output);
      output = this.bidirectional ? concat(outputs, 1) : outputs[0];
      for (const direction of directions) for (const [k, state] of direction.last.entries()) last[k].push(state);
    }
    return { output, last: last.map((states) => stack(states)) };
  }

  /** How the names of a layer's parameters end, for each direction. */
  #suffixes(layer: number): string[] {
    return [`L${layer}`, ...(this.bidirectional ? [`L${layer}Reverse`] : [])];
  }

  #initialStates(hx: State | null | undefined, batch: Shape): readonly Tensor[] {
    const shapes = this.#sizes.map((size) => [this.numLayers * (this.bidirectional ? 2 : 1), ...batch, size]);
    const { dtype } = this.weightIhL0;
    if (hx === null || hx === undefined) return shapes.map((shape) => zeros(shape, { dtype }));
    const given = this.listOf(hx);
    for (const [k, shape] of shapes.entries()) this.checkState(['h0', 'c0'][k], given[k], shape);
    return given;
  }

  #failOnNoTime({ shape }: Tensor): never {
    throw new GradtapeError(`${this.constructor.name}: the sequences have no time`, {
      got: `[${shape.join(', ')}]`,
      needs: 'at least one time',
      fix: `the time is dim ${this.batchFirst && shape.length === 3 ? 1 : 0}; leave empty sequences out`,
    });
  }

  #failOnDropout(share: number): never {
    throw new GradtapeError(`${this.constructor.name}: dropout is not a probability`, {
      got: `dropout ${share}`,
      needs: 'a number from 0 to 1',
      fix: 'it is the share that is dropped between layers; a share in percent is divided by 100 first',
    });
  }
}

/** A layer whose cell has one state, the one that it shows. */
export abstract class OneStateLayer<Name extends string, In extends number, Out extends number> extends RecurrentLayer<
  Name,
  In,
  Out,
  Tensor
> {
  protected override listOf(state: Tensor): readonly Tensor[] {
    return [state];
  }

  protected override stateOf([state]: readonly Tensor[]): Tensor {
    return state;
  }
}
