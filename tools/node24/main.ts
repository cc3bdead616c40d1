// Runs the test command on Node 24, which has what Node 20 lacks: relaxed SIMD. With `--wide` tests run where V8 pairs vectors of
// WebAssembly, and optimizes all code at once: only then does it pair them. Other arguments are passed on.
// The binary is an optional dependency of this folder, not of the root, where it would shadow `node` for every script.
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { PAIR_VECTORS } from './newest-node.ts';

const node24 = fileURLToPath(new URL('node_modules/node24/bin/node', import.meta.url));
const test = fileURLToPath(new URL('../test/main.ts', import.meta.url));

if (process.platform !== 'linux' || process.arch !== 'x64') {
  console.error(
    `Node 24 comes for linux-x64 only, this is ${process.platform}-${process.arch}: use a Node 24 of yours.`,
  );
  process.exit(1);
}
const passedOn = process.argv.slice(2).filter((argument) => argument !== '--wide');
const isWide = passedOn.length < process.argv.length - 2;
const env = { ...process.env, GRADTAPE_TEST_NODE_ARGS: isWide ? `${PAIR_VECTORS} --no-liftoff` : '' };
const { status, error } = spawnSync(node24, ['--import', 'tsx', test, ...passedOn], { env, stdio: 'inherit' });
if (error !== undefined) throw error;
process.exit(status ?? 1);
