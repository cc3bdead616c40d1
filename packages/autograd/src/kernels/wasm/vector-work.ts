import type { FloatArray } from '../product/contraction.ts';
import { vectorSupport } from './vector-support.ts';
import { WorkMemory } from './work-memory.ts';
import { type ElementType, WasmWriter } from './write-wasm.ts';

/** Of float32. */
export const LANES = 4;
export const BYTES = 4;

/** More pages than this (1 GiB) are not asked for. */
const LARGEST_PAGES = 16384;

const single = new Float32Array();
/** Made when first needed: a runtime may lack WebAssembly. */
let memory: WorkMemory | undefined;

/** Room for so many numbers of float32, for one call at a time; undefined where there is none. */
export function roomFor(entries: number): FloatArray | undefined {
  try {
    memory ??= new WorkMemory({ largestPages: LARGEST_PAGES });
  } catch {
    // An old machine may lack the address space.
    return undefined;
  }
  return memory.reserve(entries * BYTES) ? memory.viewLike(single) : undefined;
}

/**
 * A function of numbers, named `run` by who writes it, that computes in that room by vectors; undefined where the runtime has
 * none, or forbids compiling.
 */
export function compileVectors(
  write: (w: WasmWriter) => void,
  elementType: ElementType = 'float32',
): ((...values: readonly number[]) => void) | undefined {
  const support = vectorSupport();
  if (support === 'none' || roomFor(0) === undefined || memory === undefined) return undefined;
  const w = new WasmWriter({ elementType, relaxed: support === 'relaxed' });
  write(w);
  try {
    const module = new WebAssembly.Module(w.module());
    return new WebAssembly.Instance(module, memory.imports).exports.run as (...values: readonly number[]) => void;
  } catch {
    // A content security policy may forbid compiling.
    return undefined;
  }
}
