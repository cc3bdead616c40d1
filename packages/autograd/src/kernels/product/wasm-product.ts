import { entriesOf } from '../../core/shape.ts';
import { placeInMemory } from '../wasm/work-memory.ts';
import { type Contraction, type FloatArray, forEachEntry, halves, type Matrices } from './contraction.ts';
import { type Stage, stage, stageNothing } from './stage.ts';
import type { WasmEngine } from './wasm-engine.ts';

/** Products by WebAssembly: operands are copied into its memory and the result out of it, but for what lies there. */
export class WasmProduct {
  readonly #engine: WasmEngine;
  readonly #isTogether: boolean;

  /** @param isTogether Whether all threads of the engine work together. Default: true. */
  constructor(engine: WasmEngine, isTogether = true) {
    this.#engine = engine;
    this.#isTogether = isTogether;
  }

  /** Does the task, which must not be empty; false, with nothing done, if its operands do not fit into the memory. */
  run(task: Contraction): boolean {
    const { out, batch, m, n, k } = task;
    const { memory: work, bytes, firstElement } = this.#engine;
    const isOutThere = work.holds(out);
    const stagedA = this.#stage(task.a, batch, m, k);
    const stagedB = this.#stage(task.b, batch, k, n);
    const aStart = firstElement;
    const bStart = aStart + aligned(stagedA.length);
    const cStart = bStart + aligned(stagedB.length);
    const cLength = isOutThere ? 0 : entriesOf(batch) * m * n;
    if (!work.reserve((cStart + cLength) * bytes)) return false;

    const memory = work.viewLike(out);
    const a = stagedA.copy(memory, aStart);
    const b = stagedB.copy(memory, bStart);
    if (isOutThere) {
      this.#multiply({ ...task, out: memory, outOffset: placeInMemory(out, task.outOffset), a, b });
    } else {
      this.#multiply({ ...task, out: memory, outOffset: cStart, outRowStride: n, a, b });
      copyRows(task, memory, cStart, cLength);
    }
    return true;
  }

  #stage(matrices: Matrices, batch: readonly number[], rows: number, columns: number): Stage {
    return this.#engine.memory.holds(matrices.data) ? stageNothing(matrices) : stage(matrices, batch, rows, columns);
  }

  /** The task whose arrays all lie in the memory. */
  #multiply(task: Contraction): void {
    const engine = this.#engine;
    const parts = this.#isTogether ? inParts(task, engine.parts) : [task];
    const calls = parts.flatMap((part) => this.#calls(part));
    if (this.#isTogether) engine.run('product', calls);
    else for (const call of calls) engine.call('product', call);
  }

  /** The arguments of `product` for every entry of the batch, the thread aside. */
  #calls(task: Contraction): number[][] {
    const { m, n, k, a, b, outRowStride } = task;
    const { bytes } = this.#engine;
    const calls: number[][] = [];
    forEachEntry(task, (cAt, aAt, bAt) => {
      const operandA = [aAt * bytes, a.rowStride * bytes, a.columnStride * bytes];
      const operandB = [bAt * bytes, b.rowStride * bytes, b.columnStride * bytes];
      calls.push([m, n, k, ...operandA, ...operandB, cAt * bytes, outRowStride * bytes]);
    });
    return calls;
  }
}

/** Lengths are rounded up to this: copies between places of another alignment take four times as long in a shared memory. */
const ALIGNMENT = 16;

function aligned(length: number): number {
  return ALIGNMENT * Math.ceil(length / ALIGNMENT);
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
