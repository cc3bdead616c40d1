import { type ElementType, WasmWriter } from './write-wasm.ts';

/** What of WebAssembly's vectors this runtime has: with the relaxed multiply-add, without it, or nothing. */
export function vectorSupport(): 'relaxed' | 'plain' | 'none' {
  if (typeof WebAssembly === 'undefined') return 'none';
  if (validates(true)) return 'relaxed';
  return validates(false) ? 'plain' : 'none';
}

function validates(relaxed: boolean): boolean {
  const elementType: ElementType = 'float32';
  const w = new WasmWriter({ elementType, relaxed });
  w.procedure('probe', 1, (at) => w.store(at, w.multiplyAdd(w.load(at), w.load(at), w.load(at))));
  return WebAssembly.validate(w.module());
}
