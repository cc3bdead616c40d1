import { loopNest } from '../../kernels/iteration.ts';
import type { Kernel } from '../../kernels/kernel.ts';
import type { LoopMath } from '../../kernels/loop-math.ts';
import { productFrom } from '../../kernels/product/product.ts';
import type { Value } from '../graph.ts';
import { type AxesAccess, type FoldedProduct, storageBytes } from '../stages.ts';
import { addressInBatch, blockAt, type MatrixOperand, matrixOperand } from './matrix-operand.ts';
import { type NodeContext, viewOf } from './node-context.ts';
import { zeroKernel } from './place.ts';

/** Multiply-adds, and entries added to their places, in a nanosecond, about. */
const PRODUCT_SPEED = 20;
const ADDING_SPEED = 2;
/** No vector is longer. */
const LONGEST_VECTOR = 64;

/** Zeros, then block after block of the columns of a product, added to their places. Units are blocks. */
export function foldedProductKernels(
  context: NodeContext,
  folded: FoldedProduct,
  through: ReadonlyMap<number, AxesAccess>,
): Kernel[] {
  const { name, elementType, graph, addresses } = context;
  const { product, entries, blocks, columns } = folded;
  const [left, right] = product.inputs as [number, number];
  const [batch, m, k] = matrixShape(graph.values[left] as Value);
  const a = matrixOperand(context, left, through.get(left), 'rows', m);
  const b = matrixOperand(context, right, through.get(right), 'columns', columns);
  const bytes = storageBytes[elementType];
  const out = viewOf(context, context.node.output);
  const room = m * columns * bytes;
  const scratch = addresses.scratchOfThreads(room);
  const adding = addingOf(context, folded);
  const units = entries.size * blocks.size;
  const fold: Kernel = {
    name,
    elementType,
    units,
    cost: (m * columns * k) / PRODUCT_SPEED + (m * columns) / ADDING_SPEED,
    write(w, library) {
      const multiply = productFrom(w, library, { a: a.reading, b: b.reading }, { rows: m });
      return w.procedure(name, 3, (from, to, thread) => {
        const made = w.fix(w.plus(w.times(thread, scratch.step), scratch.address));
        w.loop(w.minus(to, from), [[w.fix(from), 1]], (unit) => {
          const entry = w.fix(w.quotient(unit, blocks.size));
          const block = w.fix(w.minus(unit, w.times(entry, blocks.size)));
          const matrixOf = (operand: MatrixOperand) => w.fix(addressInBatch(w, operand, batch, entry));
          const left = blockAt(w, a, { matrix: matrixOf(a) });
          const right = blockAt(w, b, { matrix: matrixOf(b), lines: w.fix(w.times(block, columns)) });
          multiply(
            ...[w.index(m), w.index(columns), w.index(k), left.at, left.lineWay, left.depthWay],
            ...[right.at, right.depthWay, right.lineWay, made, w.index(columns * bytes), thread],
          );
          const moved = w.plus(w.times(entry, entries.to * bytes), w.times(block, blocks.to * bytes));
          addMatrix(w, adding, w.fix(w.plus(moved, out.address + folded.offset * bytes)), made);
        });
      });
    },
  };
  return [zeroKernel({ ...context, name: `${name}_zeros` }, out), fold];
}

function matrixShape({ shape }: Value): readonly [batch: readonly number[], rows: number, columns: number] {
  const [rows, columns] = shape.slice(-2) as [number, number];
  return [shape.slice(0, -2), rows, columns];
}

/** A loop, with its steps in the result and in what is added to it, in bytes. */
export interface AddingLoop {
  readonly size: number;
  readonly to: number;
  readonly from: number;
}

/** The loops in which a matrix is added to a part of the result. */
export interface Adding {
  readonly loops: readonly AddingLoop[];
  /** Bytes from the first entry of the part to behind its last. */
  readonly reach: number;
  /** Bits that are set, and behind them as many that are not. */
  readonly mask: number;
}

function addingOf({ elementType, addresses }: NodeContext, { within }: FoldedProduct): Adding {
  const bytes = storageBytes[elementType];
  const inOrder = [...within].sort((x, y) => y.from - x.from);
  const steps = [inOrder.map(({ to }) => to * bytes), inOrder.map(({ from }) => from * bytes)];
  const { sizes, strides } = loopNest(
    inOrder.map(({ size }) => size),
    steps,
  );
  const [to, from] = strides as [number[], number[]];
  const loops = sizes.map((size, d) => ({ size, to: to[d] as number, from: from[d] as number }));
  return {
    loops: loops.length > 0 ? farApart(loops) : [{ size: 1, to: bytes, from: bytes }],
    reach: within.reduce((sum, { size, to }) => sum + (size - 1) * to, 1) * bytes,
    mask: addresses.table(Int32Array.from({ length: LONGEST_VECTOR / 2 }, (_, i) => (4 * i < LONGEST_VECTOR ? -1 : 0))),
  };
}

/**
 * Loops in which rows that follow one another are as far apart in the result as can be. Where they touch, loading the
 * second waits until what was stored of the first has reached the cache: a third of the time.
 */
function farApart(loops: readonly AddingLoop[]): readonly AddingLoop[] {
  const rows = loops.slice(0, -1);
  const farthest = rows.reduce<AddingLoop | undefined>(
    (far, loop) => (far && far.to >= loop.to ? far : loop),
    undefined,
  );
  return [...rows.filter((loop) => loop !== farthest), ...(farthest ? [farthest] : []), ...loops.slice(-1)];
}

/** Adds a matrix to the part of the result that begins at an address. */
export function addMatrix<I, V>(w: LoopMath<I, V>, { loops, reach, mask }: Adding, to: I, from: I): void {
  const size = w.elementSize;
  const { size: length, to: step, from: stepFrom } = loops.at(-1) as AddingLoop;
  const isBeside = step === size && stepFrom === size;
  const vectors = isBeside ? Math.floor(length / w.lanes) : 0;
  const rest = length - vectors * w.lanes;
  const restMask = isBeside && rest > 1 ? w.share(w.load(w.index(mask + LONGEST_VECTOR - rest * size))) : undefined;
  const lastVector = w.fix(w.plus(to, reach - w.lanes * size));

  const addVector = (to: I, value: V): void => w.store(to, w.add(w.load(to), value));
  const addSingles = (to: I, from: I): void =>
    w.loop(
      w.index(rest),
      [
        [to, step],
        [from, stepFrom],
      ],
      (to, from) => w.storeElement(to, w.add(w.splat(to), w.splat(from))),
    );
  const addRow = (to: I, from: I): void => {
    for (let k = 0; k < vectors; k++) {
      const at = k * w.lanes * size;
      addVector(w.plus(to, at), w.load(w.plus(from, at)));
    }
    if (rest === 0) return;
    const restTo = w.fix(w.plus(to, vectors * w.lanes * size));
    const restFrom = w.fix(w.plus(from, vectors * w.lanes * size));
    const addOneByOne = (): void => addSingles(restTo, restFrom);
    if (restMask === undefined) addOneByOne();
    else {
      // A whole vector, of which zeros are added to what is not of this row: but never beyond the part.
      const addAtOnce = (): void => addVector(restTo, w.and(w.load(restFrom), restMask));
      w.when(w.isLess(lastVector, restTo), addOneByOne, addAtOnce);
    }
  };
  const inLoops = (d: number, to: I, from: I): void => {
    const loop = loops[d] as AddingLoop;
    if (d === loops.length - 1) {
      addRow(to, from);
      return;
    }
    w.loop(
      w.index(loop.size),
      [
        [to, loop.to],
        [from, loop.from],
      ],
      (to, from) => inLoops(d + 1, to, from),
    );
  };
  inLoops(0, to, from);
}
