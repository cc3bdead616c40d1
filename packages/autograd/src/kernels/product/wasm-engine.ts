import { type ConvolutionProcedure, convolutionProcedures, convolutions } from '../convolution/write-convolution.ts';
import { Team } from '../threads.ts';
import { type LoopWriterOptions, loopWriter } from '../wasm/loop-writer.ts';
import type { WorkMemory } from '../wasm/work-memory.ts';
import { product, workspaceElements } from './product.ts';
import { wasmTile, wasmTileWith } from './wasm-tile.ts';

/** How many numbers each procedure takes, the thread's aside. */
const procedures: Readonly<Record<EngineProcedure, number>> = { product: 11, ...convolutionProcedures };

export type EngineProcedure = 'product' | ConvolutionProcedure;
type Exports = Readonly<Record<EngineProcedure, (...values: number[]) => void>>;

export interface WasmEngineOptions extends Omit<LoopWriterOptions, 'sharedMemory'> {
  /** More than one needs a shared memory. */
  readonly threads?: number;
}

/** Matrix products and convolutions as WebAssembly, on operands in its memory, by one thread or by several. */
export class WasmEngine {
  readonly memory: WorkMemory;
  readonly bytes: number;
  readonly lanes: number;
  readonly threads: number;
  /** Parts that work is best cut into. */
  readonly parts: number;
  /** Where operands may begin, behind a workspace for each thread. */
  readonly firstElement: number;
  readonly #functions: Exports;
  readonly #team: Team<EngineProcedure> | undefined;

  constructor({ threads = 1, ...options }: WasmEngineOptions, memory: WorkMemory) {
    const writer = loopWriter({ ...options, sharedMemory: memory.shared });
    convolutions(writer, product(writer, wasmTileWith(options.relaxed)));
    const module = new WebAssembly.Module(writer.module());
    this.#functions = new WebAssembly.Instance(module, memory.imports).exports as Exports;
    this.memory = memory;
    this.bytes = writer.elementSize;
    this.lanes = writer.lanes;
    this.threads = threads;
    const workspaces = threads * workspaceElements(wasmTile, writer.lanes);
    this.firstElement = Math.max(workspaces, memory.startOfRoom / this.bytes);
    this.#team =
      threads > 1 ? new Team({ module, imports: memory.imports, functions: procedures }, threads) : undefined;
    this.parts = this.#team?.parts ?? 1;
  }

  /** Calls a procedure with each list of numbers, in any order. The calls must not depend on each other. */
  run(procedure: EngineProcedure, calls: readonly (readonly number[])[]): void {
    if (this.#team) this.#team.run(procedure, calls);
    else for (const call of calls) this.call(procedure, call);
  }

  /** Calls a procedure by this thread. */
  call(procedure: EngineProcedure, numbers: readonly number[]): void {
    this.#functions[procedure](...numbers, 0);
  }
}
