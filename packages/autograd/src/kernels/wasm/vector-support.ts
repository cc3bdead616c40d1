import { WasmWriter } from './write-wasm.ts';

/** What a runtime makes of WebAssembly's vectors. */
export interface Vectors {
  /** Whether it has the relaxed instructions, multiply-add with one rounding above all. */
  readonly relaxed: boolean;
  /** Whether it computes two of them that lie side by side in one register of twice the width. */
  readonly wide: boolean;
}

/** What this runtime makes of them; nothing if it has none. */
export function vectorSupport(): Vectors | undefined {
  if (typeof WebAssembly === 'undefined' || !validates(false)) return undefined;
  return { relaxed: validates(true), wide: isToldToPair() };
}

function validates(relaxed: boolean): boolean {
  const w = new WasmWriter({ elementType: 'float32', relaxed });
  w.procedure('probe', 1, (at) => w.store(at, w.multiplyAdd(w.load(at), w.load(at), w.load(at))));
  return WebAssembly.validate(w.module());
}

/** V8 pairs vectors only if it was told to when it started. */
const PAIRING = /^--experimental[-_]wasm[-_]revectorize$/;

function isToldToPair(): boolean {
  return globalThis.process?.execArgv?.some((option) => PAIRING.test(option)) ?? false;
}
