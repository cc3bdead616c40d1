import { LoopInterpreter } from '../interpret-loops.ts';
import type { LoopMath } from '../loop-math.ts';
import { numbers } from '../numbers.ts';
import { type LoopWriterOptions, loopWriter } from './loop-writer.ts';
import { vectorSupport } from './vector-support.ts';
import { libraryImport } from './wasm-module.ts';
import { WorkMemory } from './work-memory.ts';

/** Runs loop nests by WebAssembly and by the interpreter, for the tests beside this file. */

export type Nest = <I, V>(w: LoopMath<I, V>) => void;

/** Runs a procedure on the elements that begin at address 0, and returns them. */
export type Run = (procedure: string, elements: readonly number[], values: readonly number[]) => number[];

const ELEMENTS = 512;

/** All that this runtime has. */
export const kinds: readonly Required<LoopWriterOptions>[] = [
  false,
  ...(vectorSupport()?.relaxed ? [true] : []),
].flatMap((relaxed) =>
  [false, true].flatMap((wide) =>
    [false, true].flatMap((sharedMemory) => [
      { elementType: 'float32' as const, relaxed, wide, sharedMemory },
      { elementType: 'float64' as const, relaxed, wide, sharedMemory },
    ]),
  ),
);

/** Elements in a vector. */
export function lanesOf({ elementType, wide = false }: LoopWriterOptions): number {
  return (wide ? 2 : 1) * (elementType === 'float32' ? 4 : 2);
}

/** `values` are addresses and numbers in elements. */
export function interpreted(nest: Nest, options: LoopWriterOptions): Run {
  const memory = new Float64Array(ELEMENTS);
  const interpreter = new LoopInterpreter(lanesOf(options), memory, options.elementType);
  nest(interpreter);
  return (procedure, elements, values) => {
    memory.fill(0);
    memory.set(elements);
    interpreter.procedures.get(procedure)?.(...values);
    return [...memory];
  };
}

/** `values` are addresses in bytes, and numbers. */
export function compiled(nest: Nest, options: LoopWriterOptions): Run {
  const memory = new WorkMemory({ largestPages: 1, shared: options.sharedMemory });
  memory.reserve(1);
  const view = memory.viewLike(options.elementType === 'float32' ? new Float32Array() : new Float64Array());
  const writer = loopWriter(options);
  nest(writer);
  const imports = { ...memory.imports, [libraryImport]: { ...numbers } };
  const { exports } = new WebAssembly.Instance(new WebAssembly.Module(writer.module()), imports);
  return (procedure, elements, values) => {
    view.fill(0);
    view.set(elements);
    (exports[procedure] as (...values: readonly number[]) => void)(...values);
    return [...view.subarray(0, ELEMENTS)];
  };
}
