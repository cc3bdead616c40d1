import type { LoopMath } from '../loop-math.ts';
import type { Index } from './index-code.ts';
import { type WasmOptions, WasmWriter } from './write-wasm.ts';
import { WideWriter } from './write-wide.ts';

/** Writes loop nests into a module. What its vectors are is its own affair. */
export interface LoopWriter extends LoopMath<Index, unknown> {
  /** The module of all procedures written so far. */
  module(): Uint8Array<ArrayBuffer>;
}

export interface LoopWriterOptions extends WasmOptions {
  /** Whether its vectors are pairs of WebAssembly's. Default: false. */
  readonly wide?: boolean;
}

export function loopWriter({ wide = false, ...options }: LoopWriterOptions): LoopWriter {
  const writer = new WasmWriter(options);
  return wide ? new WideWriter(writer) : writer;
}
