import { entriesOf } from '../../core/shape.ts';
import { type Contraction, type FloatArray, forEachEntry, halves } from './contraction.ts';
import { stage } from './stage.ts';
import type { WasmEngine } from './wasm-engine.ts';

/** Products by WebAssembly: the operands are copied into its memory and the result out of it. */
export class WasmProduct {
  readonly #engine: WasmEngine;

  constructor(engine: WasmEngine) {
    this.#engine = engine;
  }

  /** Does the task, which must not be empty; false, with nothing done, if its operands do not fit into the memory. */
  run(task: Contraction): boolean {
    const { out, batch, m, n, k } = task;
    const stagedA = stage(task.a, batch, m, k);
    const stagedB = stage(task.b, batch, k, n);
    const { memory: work, bytes, firstElement } = this.#engine;
    const aStart = firstElement;
    const bStart = aStart + stagedA.length;
    const cStart = bStart + stagedB.length;
    const cLength = entriesOf(batch) * m * n;
    if (!work.reserve((cStart + cLength) * bytes)) return false;

    const memory = work.viewLike(out);
    const a = stagedA.copy(memory, aStart);
    const b = stagedB.copy(memory, bStart);
    this.#multiply({ ...task, out: memory, outOffset: cStart, outRowStride: n, a, b });
    copyRows(task, memory, cStart, cLength);
    return true;
  }

  /** The task whose arrays all lie in the memory. */
  #multiply(task: Contraction): void {
    const parts = inParts(task, this.#engine.parts);
    this.#engine.run(
      'product',
      parts.flatMap((part) => this.#calls(part)),
    );
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
