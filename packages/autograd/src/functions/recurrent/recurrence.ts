import type { Storage } from '../../core/dtype.ts';
import { fail } from '../../core/errors.ts';
import { entriesOf, type Shape, sameShape, showShape } from '../../core/shape.ts';
import { giveBack, storagesTaken } from '../../core/storage-pool.ts';
import type { Tensor } from '../../core/tensor.ts';
import { broughtOut } from '../../kernels/near-tensors.ts';
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
import {
  below,
  beside,
  byGate,
  gathered,
  readByAll,
  roomForSteps,
  rows,
  type Step,
  stepsNear,
  stepsOf,
} from './steps.ts';

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
    input,
    weightIh,
    weightHh,
    biasIh: (cell.hasOneBias ? sumOf(biasIh, biasHh) : biasIh) ?? undefined,
    biasHh: cell.hasOneBias ? undefined : (biasHh ?? undefined),
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

/** All that a pass through the steps takes. Where a gate's products are simply added, their biases are one, `biasIh`. */
interface Operands {
  readonly input: Tensor;
  readonly weightIh: Tensor;
  readonly weightHh: Tensor;
  readonly biasIh: Tensor | undefined;
  readonly biasHh: Tensor | undefined;
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
  const list = toList(operands);
  const isWayBack = isRecording() && list.some(({ node }) => node);
  const pass = (x: readonly Tensor[]): Passed => passThrough(cell, steps, fromList(x, operands));
  let trail: readonly TrailOfStep[] | undefined;
  let storagesOfTrail: readonly Storage[] = [];
  const dropTrail = (): void => {
    trail = undefined;
    storagesOfTrail.forEach(giveBack);
  };
  const line = customGrad({
    name: 'recurrence',
    keepsNothing: true,
    forward: (...x) => {
      const { result, taken } = storagesTaken(() => {
        const packed = stepsNear(() => {
          const passed = pass(x);
          trail = passed.trail;
          return pack(passed);
        });
        return broughtOut(packed);
      });
      storagesOfTrail = taken.filter((storage) => storage !== result.storage);
      if (!isWayBack && observer === undefined) dropTrail();
      return result;
    },
    backward: (cotangent, x) => {
      const left = isRecording() ? undefined : trail;
      const cotangents = wayBack(cell, steps, fromList(x, operands), left ?? pass(x).trail, cotangent);
      if (left && observer === undefined) dropTrail();
      return cotangents;
    },
  });
  return line(...list);
}

function toList({ input, weightIh, weightHh, biasIh, biasHh, projection, initial }: Operands): Tensor[] {
  const optional = [biasIh, biasHh, projection].filter((x) => x !== undefined);
  return [input, weightIh, weightHh, ...optional, ...initial];
}

/** The tensors of a list in the places of those of `like`. */
function fromList([input, weightIh, weightHh, ...rest]: readonly Tensor[], like: Operands): Operands {
  const optional = (x: Tensor | undefined): Tensor | undefined => x && rest.shift();
  const [biasIh, biasHh, projection] = [like.biasIh, like.biasHh, like.projection].map(optional);
  return { input, weightIh, weightHh, biasIh, biasHh, projection, initial: rest };
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
  const { input, weightIh, weightHh, biasIh, biasHh, projection, initial } = operands;
  const { gates } = cell;
  const [, width] = initial[0].shape;
  const products = linear(input, weightIh, biasIh);
  const lengths = initial.map(({ length }) => length);
  const room = roomForSteps([lengths.reduce((sum, length) => sum + length, products.shape[0] * width)], products.dtype);
  const transposed = transposeMatrix(readByAll(weightHh));
  const bias = biasHh ? byGate(biasHh, gates) : new Array<number>(gates).fill(0);
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
      return cell.advance({ input, recurrent, bias }, previous, place);
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
  const { input, weightIh, weightHh, biasIh, biasHh, projection, initial } = operands;
  const fromAll = (): Cotangents => {
    const { ofProducts, ofGates, ofShown, ofInitial } = stepsNear(() =>
      stepsBack(cell, steps, operands, trail, cotangent),
    );
    const previous = (): Tensor => below(trail.map(({ previous }) => previous[0]));
    const hidden = (): Tensor => below(trail.map(({ hidden }) => hidden));
    return [
      input.node && multiplyMatrices(ofProducts, weightIh),
      weightIh.node && multiplyMatrices(transposeMatrix(ofProducts), input),
      weightHh.node && multiplyMatrices(transposeMatrix(ofGates), previous()),
      ...(biasIh ? [biasIh.node && reshape(sumKept(ofProducts, [0]), biasIh.shape)] : []),
      ...(biasHh ? [biasHh.node && reshape(sumKept(ofGates, [0]), biasHh.shape)] : []),
      ...(projection ? [projection.node && multiplyMatrices(transposeMatrix(below(ofShown)), hidden())] : []),
      ...initial.map(({ node }, k) => node && broughtOut(ofInitial[k])),
    ];
  };
  return inPassing(fromAll, (cotangents) => cotangents.filter((x) => x !== undefined));
}

/** Cotangents that the steps leave on the way back. */
interface Retreated {
  /** Of the input's products, in its rows. */
  readonly ofProducts: Tensor;
  /** Of the products with the states. */
  readonly ofGates: Tensor;
  /** By time, where there is a projection. */
  readonly ofShown: readonly Tensor[];
  readonly ofInitial: readonly Tensor[];
}

function stepsBack(
  cell: Cell,
  steps: readonly Step[],
  { input, weightHh, projection, initial }: Operands,
  trail: readonly TrailOfStep[],
  cotangent: Tensor,
): Retreated {
  const [ofOutput, ...ofLast] = unpack(cotangent, [
    [input.shape[0], initial[0].shape[1]],
    ...initial.map(({ shape }) => shape),
  ]);
  const weight = readByAll(weightHh);
  const roomOfInput = roomForSteps([input.shape[0], weight.shape[0]], input.dtype);
  const roomOfRecurrent = cell.hasOneBias ? undefined : roomForSteps([input.shape[0], weight.shape[0]], input.dtype);
  const ofInput: Tensor[] = [];
  const ofRecurrent: Tensor[] = [];
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
  return {
    ofProducts,
    ofGates: cell.hasOneBias ? ofProducts : gathered(ofRecurrent, roomOfRecurrent),
    ofShown,
    ofInitial: states.map((state, k) => below([state, ...ofInitial[k]])),
  };
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
