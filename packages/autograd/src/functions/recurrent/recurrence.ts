import type { Storage } from '../../core/dtype.ts';
import { fail } from '../../core/errors.ts';
import { entriesOf, type Shape, sameShape, showShape } from '../../core/shape.ts';
import { giveBack, storagesTaken } from '../../core/storage-pool.ts';
import type { Tensor } from '../../core/tensor.ts';
import { multiplyMatrices } from '../../primitives/bilinear/matmul.ts';
import { add } from '../../primitives/linear/arithmetic.ts';
import { transposeMatrix } from '../../primitives/linear/permute.ts';
import { reshape } from '../../primitives/linear/reshape.ts';
import { sumKept } from '../../primitives/linear/sum.ts';
import { isRecording } from '../../tape/bind.ts';
import { observer } from '../../tape/observer.ts';
import type { Cotangents } from '../../tape/primitive.ts';
import { isByDefinition } from '../../transforms/by-definition.ts';
import { customGrad } from '../../transforms/custom-grad.ts';
import { inPassing } from '../in-passing.ts';
import { linear } from '../linear.ts';
import type { Advance, Cell } from './cell.ts';
import { below, beside, byGate, gathered, roomForSteps, rows, type Step, stepsOf } from './steps.ts';

/** The weights of one direction of one layer, for G gates, in PyTorch's layouts. */
export interface RecurrentWeights {
  /** `[G · hidden, in]`. */
  readonly weightIh: Tensor;
  /** `[G · hidden, hidden]`, or `[G · hidden, shown]` with a projection. */
  readonly weightHh: Tensor;
  /** `[G · hidden]`. */
  readonly biasIh?: Tensor | null;
  /** `[G · hidden]`. */
  readonly biasHh?: Tensor | null;
  /** `[shown, hidden]`: what the cell shows is projected. */
  readonly weightHr?: Tensor | null;
}

export interface RecurrenceOptions {
  /** How many sequences reach each step, falling: the rows of the input are those of step 0, then those of step 1, … */
  readonly batchSizes: readonly number[];
  /** From the last step to the first. */
  readonly reverse: boolean;
}

export interface RecurrenceResult {
  /** What the cell shows at each step, in the rows of the input: `[rows, shown]`. */
  readonly output: Tensor;
  /** The states of each sequence after its last step, `[batch, …]` each. */
  readonly last: readonly Tensor[];
}

/**
 * A cell taken through the steps of sequences, from initial states, in one direction: a layer of a recurrent network. The
 * products with the input are one product for all steps, outside of the recurrence.
 *
 * @param input `[rows, in]`: the sequences time by time, the longest first, so that `batchSizes` falls.
 * @param initial One tensor for each state of the cell: `[batch, shown]`, and `[batch, hidden]` for c of an LSTM.
 * @throws GradtapeError if batchSizes do not fall or add up to the rows, or shapes or dtypes do not fit together.
 * @example
 * const weights = { weightIh: ones([1, 1]), weightHh: tensor([[2]]) };
 * const options = { batchSizes: [1, 1], reverse: false };
 * const { output } = recurrence(recurrentCells.elmanRelu, ones([2, 1]), [zeros([1, 1])], weights, options);
 * output; // [[1], [3]]
 */
export function recurrence(
  cell: Cell,
  input: Tensor,
  initial: readonly Tensor[],
  weights: RecurrentWeights,
  { batchSizes, reverse }: RecurrenceOptions,
): RecurrenceResult {
  checkBatchSizes(batchSizes, input);
  checkParts(cell, input, initial, weights, batchSizes[0]);
  const { weightIh, weightHh, biasIh, biasHh, weightHr } = weights;
  const operands: Operands = {
    products: linear(input, weightIh, cell.hasOneBias ? sumOf(biasIh, biasHh) : biasIh),
    weight: weightHh,
    bias: cell.hasOneBias ? undefined : (biasHh ?? undefined),
    projection: weightHr ?? undefined,
    initial,
  };
  const steps = stepsOf(batchSizes, reverse);
  if (isByDefinition()) {
    const { shown, last } = passThrough(cell, steps, operands);
    return { output: below(shown), last };
  }
  const shownShape = [input.shape[0], initial[0].shape[1]];
  const [output, ...last] = unpack(oneLine(cell, steps, operands), [shownShape, ...initial.map(({ shape }) => shape)]);
  return { output, last };
}

function sumOf(a: Tensor | null | undefined, b: Tensor | null | undefined): Tensor | null | undefined {
  return a && b ? add(a, b) : (a ?? b);
}

/** All that a pass through the steps takes. */
interface Operands {
  /** The products of the input with its weight. */
  readonly products: Tensor;
  readonly weight: Tensor;
  readonly bias: Tensor | undefined;
  readonly projection: Tensor | undefined;
  readonly initial: readonly Tensor[];
}

/** What a pass through the steps gives. */
interface Passed {
  /** Where all results belong, one after the other; what the cell shows may lie there already. */
  readonly room: Tensor | undefined;
  /** What the cell shows, by time. */
  readonly shown: readonly Tensor[];
  readonly last: readonly Tensor[];
  /** By time. */
  readonly trail: readonly TrailOfStep[];
}

/** What a step leaves for the way back. */
interface TrailOfStep {
  readonly previous: readonly Tensor[];
  readonly saved: readonly Tensor[];
  /** What the cell would show without a projection. */
  readonly hidden: Tensor;
}

/**
 * The pass as one line of the tape, with all of its results one after the other. Written line by line, the parts that each
 * step takes of the products would each have a cotangent as large as the whole, and the weight would collect one product for
 * each step. A way back that is recorded takes a trail that is recorded, too, so that its own derivative counts. One that is
 * not gives the trail's memory back: whoever goes it a second time passes through the steps again.
 */
function oneLine(cell: Cell, steps: readonly Step[], operands: Operands): Tensor {
  const pass = (x: readonly Tensor[]): Passed => passThrough(cell, steps, fromList(x, operands));
  let trail: readonly TrailOfStep[] | undefined;
  let storagesOfTrail: readonly Storage[] = [];
  const line = customGrad({
    name: 'recurrence',
    keepsNothing: true,
    forward: (...x) => {
      const { result, taken } = storagesTaken(() => {
        const passed = pass(x);
        trail = passed.trail;
        return pack(passed);
      });
      storagesOfTrail = taken.filter((storage) => storage !== result.storage);
      return result;
    },
    backward: (cotangent, x) => {
      const left = isRecording() ? undefined : trail;
      const cotangents = wayBack(cell, steps, fromList(x, operands), left ?? pass(x).trail, cotangent);
      if (left && observer === undefined) {
        trail = undefined;
        storagesOfTrail.forEach(giveBack);
      }
      return cotangents;
    },
  });
  return line(...toList(operands));
}

function toList({ products, weight, bias, projection, initial }: Operands): Tensor[] {
  return [products, weight, ...(bias ? [bias] : []), ...(projection ? [projection] : []), ...initial];
}

/** The tensors of a list in the places of those of `like`. */
function fromList([products, weight, ...rest]: readonly Tensor[], like: Operands): Operands {
  const optional = (x: Tensor | undefined): Tensor | undefined => x && rest.shift();
  return { products, weight, bias: optional(like.bias), projection: optional(like.projection), initial: rest };
}

function pack({ room, shown, last }: Passed): Tensor {
  return gathered([...shown, ...last].map(flat), room);
}

function flat(x: Tensor): Tensor {
  return reshape(x, [x.length]);
}

function unpack(packed: Tensor, shapes: readonly Shape[]): Tensor[] {
  let start = 0;
  return shapes.map((shape) => {
    const length = entriesOf(shape);
    const part = reshape(rows(packed, start, length), shape);
    start += length;
    return part;
  });
}

function passThrough(cell: Cell, steps: readonly Step[], operands: Operands): Passed {
  const { products, weight, bias, projection, initial } = operands;
  const { gates } = cell;
  const [, width] = initial[0].shape;
  const lengths = initial.map(({ length }) => length);
  const room = roomForSteps([lengths.reduce((sum, length) => sum + length, products.shape[0] * width)], products.dtype);
  const transposed = transposeMatrix(weight);
  const biases = bias ? byGate(bias, gates) : new Array<number>(gates).fill(0);
  const shown: Tensor[] = [];
  const trail: TrailOfStep[] = [];
  const ended: Tensor[][] = initial.map(() => []);
  let states: readonly Tensor[] = initial.map((state) => rows(state, 0, steps[0].size));
  for (const { time, start, size } of steps) {
    const previous = states.map((state, k) => fitTo(size, state, initial[k], ended[k]));
    const place = room && !projection ? reshape(rows(room, start * width, size * width), [size, width]) : undefined;
    const advance = (): Advance => {
      const recurrent = byGate(multiplyMatrices(previous[0], transposed), gates);
      const input = byGate(rows(products, start, size), gates);
      return cell.advance({ input, recurrent, bias: biases }, previous, place);
    };
    const { next, saved } = inPassing(advance, ({ next, saved }) => [...next, ...saved]);
    const [hidden, ...others] = next;
    const output = projection ? multiplyMatrices(hidden, transposeMatrix(projection)) : hidden;
    states = [output, ...others];
    shown[time] = output;
    trail[time] = { previous, saved, hidden };
  }
  return { room, shown, last: states.map((state, k) => below([state, ...ended[k]])), trail };
}

/** A state for as many sequences as reach the step: those that do not have ended, and others start. */
function fitTo(size: number, state: Tensor, initial: Tensor, ended: Tensor[]): Tensor {
  const [before] = state.shape;
  if (size > before) return below([state, rows(initial, before, size - before)]);
  if (size < before) ended.unshift(rows(state, size, before - size));
  return rows(state, 0, size);
}

function wayBack(
  cell: Cell,
  steps: readonly Step[],
  operands: Operands,
  trail: readonly TrailOfStep[],
  cotangent: Tensor,
): Cotangents {
  const { products, weight, bias, projection, initial } = operands;
  const [ofOutput, ...ofLast] = unpack(cotangent, [
    [products.shape[0], initial[0].shape[1]],
    ...initial.map(({ shape }) => shape),
  ]);
  const roomOfInput = roomForSteps(products.shape, products.dtype);
  const roomOfRecurrent = cell.hasOneBias ? undefined : roomForSteps(products.shape, products.dtype);
  const ofInput: Tensor[] = [];
  const ofRecurrent: Tensor[] = [];
  /** Where there is a projection. */
  const ofShown: Tensor[] = [];
  const ofInitial: Tensor[][] = initial.map(() => []);
  let states: readonly Tensor[] = ofLast.map((state) => rows(state, 0, steps[steps.length - 1].size));
  for (const { time, start, size } of steps.toReversed()) {
    const [fromLater, ...others] = states.map((state, k) => fitTo(size, state, ofLast[k], ofInitial[k]));
    const { previous, saved } = trail[time];
    const ofOutputHere = rows(ofOutput, start, size);
    if (projection) ofShown[time] = add(ofOutputHere, fromLater);
    const parts = projection
      ? ([multiplyMatrices(ofShown[time], projection), 0] as const)
      : ([ofOutputHere, fromLater] as const);
    const placeOfInput = roomOfInput && rows(roomOfInput, start, size);
    const placeOfRecurrent = roomOfRecurrent && rows(roomOfRecurrent, start, size);
    const places = placeOfInput && {
      input: byGate(placeOfInput, cell.gates),
      recurrent: placeOfRecurrent ? byGate(placeOfRecurrent, cell.gates) : [],
    };
    const back = cell.retreat([...parts, ...others], saved, previous, places);
    ofInput[time] = placeOfInput ?? beside(back.input);
    ofRecurrent[time] = back.recurrent ? (placeOfRecurrent ?? beside(back.recurrent)) : ofInput[time];
    const byProduct = multiplyMatrices(ofRecurrent[time], weight);
    const [direct, ...rest] = back.previous;
    states = [direct ? add(byProduct, direct) : byProduct, ...rest] as Tensor[];
  }
  const ofProducts = gathered(ofInput, roomOfInput);
  const ofGates = cell.hasOneBias ? ofProducts : gathered(ofRecurrent, roomOfRecurrent);
  return [
    ofProducts,
    weight.node && multiplyMatrices(transposeMatrix(ofGates), below(trail.map(({ previous }) => previous[0]))),
    ...(bias ? [bias.node && reshape(sumKept(ofGates, [0]), bias.shape)] : []),
    ...(projection
      ? [projection.node && multiplyMatrices(transposeMatrix(below(ofShown)), below(trail.map(({ hidden }) => hidden)))]
      : []),
    ...states.map((state, k) => below([state, ...ofInitial[k]])),
  ];
}

function checkBatchSizes(batchSizes: readonly number[], input: Tensor): void {
  const falls = batchSizes.every((size, t) => size >= 0 && size <= (batchSizes[t - 1] ?? size));
  const sum = batchSizes.reduce((a, b) => a + b, 0);
  if (batchSizes.length > 0 && falls && input.rank === 2 && sum === input.shape[0]) return;
  fail('recurrence: the batchSizes do not fit the input', {
    got: `batchSizes [${batchSizes.join(', ')}] for input ${showShape(input.shape)}`,
    needs: 'numbers that do not rise, at least one, which add up to the rows of an input [rows, in]',
    fix: 'they say how many sequences reach each time, the longest sequences first',
  });
}

function checkParts(
  { gates, states }: Cell,
  input: Tensor,
  initial: readonly Tensor[],
  { weightIh, weightHh, biasIh, biasHh, weightHr }: RecurrentWeights,
  batch: number,
): void {
  const rows = weightIh.shape[0];
  const hidden = rows / gates;
  const shown = weightHr ? weightHr.shape[0] : hidden;
  const needed: readonly (readonly [string, Tensor | null | undefined, Shape])[] = [
    ['weightIh', weightIh, [gates * Math.ceil(hidden), input.shape[1]]],
    ['weightHh', weightHh, [rows, shown]],
    ['biasIh', biasIh, [rows]],
    ['biasHh', biasHh, [rows]],
    ['weightHr', weightHr, [shown, hidden]],
    ...Array.from(
      { length: states },
      (_, k) => [`initial[${k}]`, initial[k], [batch, k === 0 ? shown : hidden]] as const,
    ),
  ];
  const isUnfit = (x: Tensor, shape: Shape): boolean => x.dtype !== input.dtype || !sameShape(x.shape, shape);
  const [unfit] = needed.filter(([, x, shape]) => x && isUnfit(x, shape));
  if (unfit === undefined && initial.length === states) return;
  const [name, x, shape] = unfit ?? ['initial', null, []];
  fail('recurrence: the parts do not fit together', {
    got: x ? `${name} ${showShape(x.shape)} ${x.dtype}` : `${initial.length} initial states`,
    needs: x ? `${showShape(shape)} ${input.dtype}, with an input ${showShape(input.shape)}` : `${states}`,
    fix: `the cell has ${gates} gates: weights [${gates} · hidden, …] and [${gates} · hidden, shown], states [batch, …]`,
  });
}
