import type { Storage } from '../../core/dtype.ts';
import type { FloatArray } from '../product/contraction.ts';
import { isNear, nearMemory } from './near-memory.ts';
import { vectorSupport } from './vector-support.ts';
import { LARGEST_PAGES, WorkMemory } from './work-memory.ts';
import { type ElementType, WasmWriter } from './write-wasm.ts';

/** Of float32. */
export const LANES = 4;
export const BYTES = 4;

const single = new Float32Array();
/** Made when first needed: a runtime may lack WebAssembly. */
let memory: WorkMemory | undefined;

/** The memory that vectors compute in whose operands are all copied; nothing where the runtime has none. */
export function workMemory(): WorkMemory | undefined {
  try {
    memory ??= new WorkMemory({ largestPages: LARGEST_PAGES });
  } catch {
    // An old machine may lack the address space.
  }
  return memory;
}

/** The memory in which vectors work on these: the near one, where some lie there. */
export function memoryFor(storages: readonly Storage[]): WorkMemory | undefined {
  return storages.some(isNear) ? nearMemory() : workMemory();
}

/** Room for so many numbers of float32, for one call at a time; undefined where there is none. */
export function roomFor(entries: number, memory: WorkMemory | undefined = workMemory()): FloatArray | undefined {
  return memory?.reserve(memory.startOfRoom + entries * BYTES) ? memory.viewLike(single) : undefined;
}

type Run = (...values: readonly number[]) => void;

/**
 * A function of numbers, named `run` by who writes it, that computes by vectors: one for each memory, compiled when first asked
 * for. Undefined where the runtime has no vectors, or forbids compiling.
 */
export function vectorFunction(
  write: (w: WasmWriter) => void,
  elementType: ElementType = 'float32',
): (memory?: WorkMemory | undefined) => Run | undefined {
  const compiled = new Map<WorkMemory | undefined, Run | undefined>();
  return (memory = workMemory()) => {
    if (!compiled.has(memory)) compiled.set(memory, memory && compileVectors(write, elementType, memory));
    return compiled.get(memory);
  };
}

function compileVectors(write: (w: WasmWriter) => void, elementType: ElementType, memory: WorkMemory): Run | undefined {
  const vectors = vectorSupport();
  if (vectors === undefined) return undefined;
  const w = new WasmWriter({ elementType, relaxed: vectors.relaxed, sharedMemory: memory.shared });
  write(w);
  try {
    const module = new WebAssembly.Module(w.module());
    return new WebAssembly.Instance(module, memory.imports).exports.run as Run;
  } catch {
    // A content security policy may forbid compiling.
    return undefined;
  }
}
