import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** The Node that a side package of the workspace brings, newer than the oldest that gradtape runs on; on linux-x64 only. */
const sidePackage = fileURLToPath(new URL('node_modules/node24/bin/node', import.meta.url));
const CONDITION = '--conditions=@gradtape/source';

/** Has V8 compute pairs of vectors in registers of twice the width: see docs/compile.md. Only a new Node for x64 knows it. */
export const PAIR_VECTORS = '--experimental-wasm-revectorize';

/** The command that runs a TypeScript file of the workspace on the newest Node there is, which gets some options. */
export function onNewestNode(
  file: string,
  options: readonly string[] = [],
): readonly [node: string, ...args: string[]] {
  if (isNew(process.version)) return [process.execPath, ...options, CONDITION, file];
  if (process.platform === 'linux' && process.arch === 'x64' && existsSync(sidePackage)) {
    return [sidePackage, ...options, CONDITION, file];
  }
  return [process.execPath, ...options, ...process.execArgv, file];
}

/** Whether a Node has what compiled code gains from, relaxed SIMD, and reads TypeScript itself. */
function isNew(version: string): boolean {
  return Number(/^v(\d+)/.exec(version)?.[1]) >= 24;
}
