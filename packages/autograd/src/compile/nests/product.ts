import { entriesOf } from '../../core/shape.ts';
import type { Kernel, Procedure } from '../../kernels/kernel.ts';
import type { LoopMath } from '../../kernels/loop-math.ts';
import type { Block } from '../../kernels/product/operand.ts';
import { productFrom } from '../../kernels/product/product.ts';
import type { Tile } from '../../kernels/product/tile.ts';
import type { Value } from '../graph.ts';
import { type AxesAccess, storageBytes } from '../stages.ts';
import { addressInBatch, blockAt, type MatrixOperand, matrixOperand } from './matrix-operand.ts';
import { type NodeContext, type View, viewOf } from './node-context.ts';
import { vectorKernel } from './walk-kernels.ts';

/** Columns of a product that make a unit: a multiple of what a tile of any engine has. */
const UNIT_COLUMNS = 32;
/** So many can be shared out evenly. */
const ENOUGH_UNITS = 4;
/** Multiply-adds in a nanosecond, about. */
const SPEED = 20;

interface Sizes {
  readonly m: number;
  readonly n: number;
  readonly k: number;
}

/** Nanoseconds that reading an element takes which every strip reads, and packing it. */
const READING = 0.1;
const PACKING = 0.25;

/** In so many parts a depth may be cut, which threads share out evenly, each of at least so much depth. */
const PARTS = [16, 8];
const LEAST_DEPTH = 128;
/** Products of fewer multiply-adds are done before another thread has come. */
const LEAST_IN_PARTS = 1_000_000;

/** The product of matrices: units are entries of the batch, or strips of the one matrix. */
export function productKernels(context: NodeContext, through: ReadonlyMap<number, AxesAccess>): Kernel[] {
  const { name, node, elementType, graph, tile, rows } = context;
  const [left, right] = node.inputs as [number, number];
  const a = matrixOperand(context, left, through.get(left), 'rows', tile.rows);
  const b = matrixOperand(context, right, through.get(right), 'columns', UNIT_COLUMNS);
  const out = viewOf(context, node.output);
  const [m, n] = out.shape.slice(-2) as [number, number];
  const k = (graph.values[left] as Value).shape.at(-1) as number;
  const entries = entriesOf(out.shape.slice(0, -2));
  const sizes = { m, n, k };
  const strips = rows === undefined ? stripsOf(sizes, { a, b }, tile) : { byColumns: false, unit: m / rows };
  const units = entries === 1 ? Math.ceil((strips.byColumns ? n : m) / strips.unit) : entries;
  const parts = entries === 1 && rows === undefined ? partsOfDepth(sizes) : 1;
  if (parts > 1) return productInParts(context, sizes, parts, { a, b, out });
  return [
    {
      name,
      elementType,
      units,
      cost: (entries * m * n * k) / SPEED / units,
      start: entries === 1 ? readByEach(sizes, strips, { a, b }) : 0,
      write(w, library) {
        const known = { rows: rows === undefined || entries > 1 ? m : undefined, columns: n };
        const multiply = productFrom(w, library, { a: a.reading, b: b.reading }, known);
        return w.procedure(name, 3, (from, to, thread) => {
          const call = callOf(w, multiply, { a, b, out }, thread);
          if (entries === 1) multiplyStrips(w, call, sizes, strips, { a, b, out }, from, to);
          else multiplyEach(w, call, sizes, { a, b, out }, from, to);
        });
      },
    },
  ];
}

/** How one matrix is cut in units: so many of its rows, or of its columns. */
interface MatrixStrips {
  readonly byColumns: boolean;
  readonly unit: number;
}

/**
 * What is not cut is packed anew for every chunk. So the side is cut that leaves less to pack, if it is long enough to be shared
 * out, or else the longer one.
 */
function stripsOf({ m, n }: Sizes, { a, b }: Pick<Operands, 'a' | 'b'>, { rows }: Tile): MatrixStrips {
  const byRows = { byColumns: false, unit: rows, units: m / rows, packedAnew: b.isPacked ? n : 0 };
  const byColumns = { byColumns: true, unit: UNIT_COLUMNS, units: n / UNIT_COLUMNS, packedAnew: a.isPacked ? m : 0 };
  const [longer, shorter] = n > m ? [byColumns, byRows] : [byRows, byColumns];
  return shorter.packedAnew < longer.packedAnew && shorter.units >= ENOUGH_UNITS ? shorter : longer;
}

/** How long every chunk of strips reads what is not cut. */
function readByEach({ m, n, k }: Sizes, { byColumns }: MatrixStrips, { a, b }: Pick<Operands, 'a' | 'b'>): number {
  const [lines, { isPacked }] = byColumns ? [m, a] : [n, b];
  return lines * k * (isPacked ? PACKING : READING);
}

/**
 * In how many parts the depth is cut, whatever the number of threads: each reads rows of its own from both operands, not
 * some columns of all rows. It is worth it while the sums of all parts are no more to write and read than the operands are.
 */
function partsOfDepth({ m, n, k }: Sizes): number {
  if (m * n * k < LEAST_IN_PARTS) return 1;
  return PARTS.find((parts) => k >= parts * LEAST_DEPTH && 2 * parts * m * n <= (m + n) * k) ?? 1;
}

/** A product of which parts of the depth give products of their own, which are then added in order. */
function productInParts(context: NodeContext, { m, n, k }: Sizes, parts: number, operands: Operands): Kernel[] {
  const { name, elementType, addresses } = context;
  const depth = Math.ceil(k / parts);
  const bytes = storageBytes[elementType];
  const sums: View = {
    address: addresses.scratch(parts * m * n * bytes),
    shape: [parts, m, n],
    strides: [m * n * bytes, n * bytes, bytes],
  };
  const multiplyParts: Kernel = {
    name,
    elementType,
    units: parts,
    cost: (m * n * depth) / SPEED,
    write(w, library) {
      const multiply = productFrom(
        w,
        library,
        { a: operands.a.reading, b: operands.b.reading },
        { rows: m, columns: n },
      );
      const inParts = { ...operands, out: sums };
      return w.procedure(name, 3, (from, to, thread) => {
        const call = callOf(w, multiply, inParts, thread);
        multiplyDepths(w, call, { m, n, k }, depth, inParts, from, to);
      });
    },
  };
  const each = Array.from({ length: parts }, (_, part) => ({
    address: sums.address + part * m * n * bytes,
    strides: [n * bytes, bytes],
  }));
  const out = { address: operands.out.address, strides: operands.out.strides.slice(-2) };
  const add = vectorKernel({ name: `${name}_sum`, elementType }, [m, n], [out, ...each], (w, place) => {
    const total = w.keep(place.load(1));
    for (let part = 1; part < parts; part++) total.set(w.add(total.get(), place.load(1 + part)));
    place.store(total.get());
  });
  return [multiplyParts, add];
}

interface Operands {
  readonly a: MatrixOperand;
  readonly b: MatrixOperand;
  readonly out: View;
}

/** A call of the product: sizes, and where the matrices begin. */
type ProductCall<I> = (m: I, n: I, k: I, a: Block<I>, b: Block<I>, out: I) => void;

/** Calls of the product that writes rows which are always as far apart. */
function callOf<I, V>(w: LoopMath<I, V>, multiply: Procedure<I>, { out }: Operands, thread: I): ProductCall<I> {
  const outRow = w.index(out.strides.at(-2) as number);
  return (m, n, k, a, b, outAt) =>
    multiply(m, n, k, a.at, a.lineWay, a.depthWay, b.at, b.depthWay, b.lineWay, outAt, outRow, thread);
}

/** Parts of the depth from the first to before the last, each into a matrix of its own. */
function multiplyDepths<I, V>(
  w: LoopMath<I, V>,
  call: ProductCall<I>,
  { m, n, k }: Sizes,
  depth: number,
  { a, b, out }: Operands,
  from: I,
  to: I,
): void {
  w.loop(w.minus(to, from), [[w.fix(from), 1]], (part) => {
    const start = w.fix(w.times(part, depth));
    const left = w.fix(w.minus(w.index(k), start));
    call(
      w.index(m),
      w.index(n),
      w.fix(w.choose(w.isLess(left, depth), left, w.index(depth))),
      blockAt(w, a, { depth: start }),
      blockAt(w, b, { depth: start }),
      w.plus(w.times(part, out.strides[0] as number), out.address),
    );
  });
}

/** Strips of rows or columns from the first to before the last. */
function multiplyStrips<I, V>(
  w: LoopMath<I, V>,
  call: ProductCall<I>,
  { m, n, k }: Sizes,
  { byColumns, unit }: MatrixStrips,
  { a, b, out }: Operands,
  from: I,
  to: I,
): void {
  const length = byColumns ? n : m;
  const start = w.fix(w.times(from, unit));
  const end = w.fix(w.times(to, unit));
  const count = w.fix(w.minus(w.choose(w.isLess(end, length), end, w.index(length)), start));
  call(
    byColumns ? w.index(m) : count,
    byColumns ? count : w.index(n),
    w.index(k),
    blockAt(w, a, byColumns ? {} : { lines: start }),
    blockAt(w, b, byColumns ? { lines: start } : {}),
    w.plus(w.times(start, out.strides.at(byColumns ? -1 : -2) as number), out.address),
  );
}

/** The entries of the batch from the first to before the last, each by itself. */
function multiplyEach<I, V>(
  w: LoopMath<I, V>,
  call: ProductCall<I>,
  { m, n, k }: Sizes,
  { a, b, out }: Operands,
  from: I,
  to: I,
): void {
  const batch = out.shape.slice(0, -2);
  const results = { address: out.address, batchSteps: out.strides.slice(0, -2) };
  w.loop(w.minus(to, from), [[w.fix(from), 1]], (entry) => {
    const at = (operand: MatrixOperand): Block<I> =>
      blockAt(w, operand, { matrix: w.fix(addressInBatch(w, operand, batch, entry)) });
    const outAt = addressInBatch(w, results, batch, entry);
    call(w.index(m), w.index(n), w.index(k), at(a), at(b), outAt);
  });
}
