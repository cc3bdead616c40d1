import { entriesOf } from '../../core/shape.ts';
import { Team } from '../threads.ts';
import type { WorkMemory } from '../wasm/work-memory.ts';
import { type ElementType, WasmWriter } from '../wasm/write-wasm.ts';
import { type Contraction, type FloatArray, forEachEntry, halves } from './contraction.ts';
import { product, workspaceElements } from './product.ts';
import { stage } from './stage.ts';
import type { Tile } from './tile.ts';

/** The most that WebAssembly's sixteen vector registers hold: 4 × 12 and 3 × 16 floats spill, and take 1.6 times as long. */
export const wasmTile: Tile = { rows: 4, vectors: 2 };

/** The arguments of `product` without the last, the number of the thread. */
const CALL_LENGTH = 11;

type ProductFunction = (...values: number[]) => void;

export interface WasmProductOptions {
  readonly elementType: ElementType;
  readonly relaxed: boolean;
  /** More than one needs a shared memory. */
  readonly threads?: number;
}

/** Products by WebAssembly: the operands are copied into its memory and the result out of it. */
export class WasmProduct {
  readonly #memory: WorkMemory;
  readonly #bytes: number;
  readonly #product: ProductFunction;
  readonly #team: Team | undefined;
  /** Where the operands begin, behind a workspace for each thread. */
  readonly #firstElement: number;

  constructor({ elementType, relaxed, threads = 1 }: WasmProductOptions, memory: WorkMemory) {
    const writer = new WasmWriter({ elementType, relaxed, sharedMemory: memory.shared });
    product(writer, wasmTile);
    const module = new WebAssembly.Module(writer.module());
    this.#product = new WebAssembly.Instance(module, memory.imports).exports.product as ProductFunction;
    this.#memory = memory;
    this.#bytes = writer.elementSize;
    this.#firstElement = threads * workspaceElements(wasmTile, writer.lanes);
    if (threads > 1) {
      const work = { module, imports: memory.imports, functionName: 'product', callLength: CALL_LENGTH };
      this.#team = new Team(work, threads);
    }
  }

  /** Does the task, which must not be empty; false, with nothing done, if its operands do not fit into the memory. */
  run(task: Contraction): boolean {
    const { out, batch, m, n, k } = task;
    const stagedA = stage(task.a, batch, m, k);
    const stagedB = stage(task.b, batch, k, n);
    const aStart = this.#firstElement;
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
    const team = this.#team;
    if (team) team.run(inParts(task, team.groups).flatMap((part) => this.#calls(part)));
    else for (const call of this.#calls(task)) this.#product(...call, 0);
  }

  /** The arguments of `product` for every entry of the batch, the thread aside. */
  #calls(task: Contraction): number[][] {
    const { m, n, k, a, b, outRowStride } = task;
    const bytes = this.#bytes;
    const calls: number[][] = [];
    forEachEntry(task, (cAt, aAt, bAt) => {
      const operandA = [aAt * bytes, a.rowStride * bytes, a.columnStride * bytes];
      const operandB = [bAt * bytes, b.rowStride * bytes, b.columnStride * bytes];
      calls.push([m, n, k, ...operandA, ...operandB, cAt * bytes, outRowStride * bytes]);
    });
    return calls;
  }
}

/** The task in so many parts, if it can be cut so often. A batch of so many entries is in parts already. */
function inParts(task: Contraction, count: number): readonly Contraction[] {
  let parts: readonly Contraction[] = [task];
  if (entriesOf(task.batch) >= count) return parts;
  for (let cuts = 1; cuts < count; cuts *= 2) parts = parts.flatMap((part) => halves(part) ?? [part]);
  return parts;
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
