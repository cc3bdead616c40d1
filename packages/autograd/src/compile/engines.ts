import { dtypeOf } from '../core/dtype.ts';
import { wasmTile } from '../kernels/product/wasm-tile.ts';
import { compiledMemory, programThreads } from './compiled-memory.ts';
import type { Engine } from './engine.ts';
import { NativeFailure } from './native/failure.ts';
import { findNativeEngine } from './native/native-engine.ts';
import { buildWasm } from './wasm/wasm-program.ts';

export type EngineName = 'wasm' | 'native';

const wasm: Engine = {
  name: 'WebAssembly',
  tile: wasmTile,
  build: (segments) => buildWasm(segments, compiledMemory(), programThreads()),
};

/** The engine that is asked for; WebAssembly, with a message on the console, where native code cannot be had. */
export function engineNamed(name: EngineName): Engine {
  return name === 'native' ? nativeOrWasm() : wasm;
}

/** Fewer entries are copied by JavaScript before native code is called. */
const FEWEST_COPIED = 1024;

let native: Engine | undefined;

function nativeOrWasm(): Engine {
  native ??= findNative();
  return native;
}

function findNative(): Engine {
  const found = findNativeEngine();
  if (found instanceof NativeFailure) return withoutNative(found);
  const copying = found.copying(programThreads());
  if (copying instanceof NativeFailure) return withoutNative(copying);
  return {
    name: 'C',
    tile: found.tile,
    copy: (target, source) => {
      if (target.length < FEWEST_COPIED || dtypeOf(target) !== dtypeOf(source)) target.set(source);
      else copying(target, source);
    },
    build(segments) {
      const { memory } = compiledMemory();
      let bytes = new Uint8Array(memory.buffer);
      const current = (): Uint8Array => {
        if (bytes.buffer !== memory.buffer) bytes = new Uint8Array(memory.buffer);
        return bytes;
      };
      const built = found.build(segments, current, programThreads());
      return built instanceof NativeFailure ? withoutNative(built).build(segments) : built;
    },
  };
}

function withoutNative(failure: NativeFailure): Engine {
  console.warn(`${failure.message}\nThe program runs as WebAssembly.`);
  return wasm;
}
