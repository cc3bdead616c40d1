import { entriesOf } from '../../core/shape.ts';
import { vectorSupport } from '../wasm/vector-support.ts';
import { WorkMemory } from '../wasm/work-memory.ts';
import { type ElementType, type WasmOptions, WasmWriter } from '../wasm/write-wasm.ts';
import { type Contraction, type FloatArray, forEachEntry, type Matrices } from './contraction.ts';
import { product, workspaceElements } from './product.ts';
import { stage } from './stage.ts';
import type { Tile } from './tile.ts';

/** The most that WebAssembly's sixteen vector registers hold: 4 × 12 and 3 × 16 floats spill, and take 1.6 times as long. */
const TILE: Tile = { rows: 4, vectors: 2 };

/** More memory than this is not asked for: larger products are done in parts. */
const LARGEST_PAGES = 16384;

const engines: Partial<Record<ElementType, WasmProduct>> = {};
let unavailable = false;
let sharedByEngines: WorkMemory | undefined;

/** The engine for a type of elements, made on first use; nothing where the runtime cannot have it. */
export function wasmProduct(elementType: ElementType): WasmProduct | undefined {
  if (unavailable) return undefined;
  const made = engines[elementType];
  if (made) return made;
  const support = vectorSupport();
  try {
    if (support === 'none') throw new Error('no vectors');
    sharedByEngines ??= new WorkMemory(LARGEST_PAGES);
    const engine = new WasmProduct({ elementType, relaxed: support === 'relaxed' }, sharedByEngines);
    engines[elementType] = engine;
    return engine;
  } catch {
    // A content policy may forbid compiling, an old machine may lack the address space.
    unavailable = true;
    return undefined;
  }
}

type ProductFunction = (...values: number[]) => void;

/** Products by WebAssembly: the operands are copied into its memory and the result out of it. */
export class WasmProduct {
  readonly #memory: WorkMemory;
  readonly #bytes: number;
  readonly #workspace: number;
  readonly #product: ProductFunction;

  constructor(options: WasmOptions, memory: WorkMemory) {
    const writer = new WasmWriter(options);
    product(writer, TILE);
    const module = new WebAssembly.Module(writer.module());
    const instance = new WebAssembly.Instance(module, { environment: { memory: memory.memory } });
    this.#product = instance.exports.product as ProductFunction;
    this.#memory = memory;
    this.#bytes = writer.elementSize;
    this.#workspace = workspaceElements(TILE, writer.lanes);
  }

  /** Does the task; false, with nothing done, if its operands do not fit into the memory. */
  run(task: Contraction): boolean {
    const { out, batch, m, n, k } = task;
    const stagedA = stage(task.a, batch, m, k);
    const stagedB = stage(task.b, batch, k, n);
    const aStart = this.#workspace;
    const bStart = aStart + stagedA.length;
    const cStart = bStart + stagedB.length;
    const cLength = entriesOf(batch) * m * n;
    if (!this.#memory.reserve((cStart + cLength) * this.#bytes)) return false;

    const memory = this.#memory.viewLike(out);
    const a = stagedA.copy(memory, aStart);
    const b = stagedB.copy(memory, bStart);
    this.#multiply({ ...task, out: memory, outOffset: cStart, outRowStride: n, a, b });
    copyRows(task, memory, cStart, cLength);
    return true;
  }

  /** The task whose arrays all lie in the memory. */
  #multiply(task: Contraction): void {
    const { m, n, k, a, b } = task;
    const bytes = this.#bytes;
    const strides = ({ rowStride, columnStride }: Matrices): [number, number] => [
      rowStride * bytes,
      columnStride * bytes,
    ];
    const [aRow, aColumn] = strides(a);
    const [bRow, bColumn] = strides(b);
    forEachEntry(task, (cAt, aAt, bAt) => {
      this.#product(m, n, k, aAt * bytes, aRow, aColumn, bAt * bytes, bRow, bColumn, cAt * bytes, 0);
    });
  }
}

/** Copies the result from the memory, where its rows follow one another. */
function copyRows(
  { out, outOffset, outRowStride, n }: Contraction,
  memory: FloatArray,
  start: number,
  length: number,
): void {
  const piece = outRowStride === n ? length : n;
  for (let done = 0, target = outOffset; done < length; done += piece, target += outRowStride) {
    out.set(memory.subarray(start + done, start + done + piece), target);
  }
}
