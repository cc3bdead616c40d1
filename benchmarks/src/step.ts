// Runs one workload: `pnpm --silent step eager mnist-mlp`. Prints a RESULT line, which whoever compares contestants reads.
import { performance } from 'node:perf_hooks';
import type { Engine } from './engines.ts';

const imported = performance.now();
await import('@gradtape/autograd');
const import_ms = performance.now() - imported;
const { workloads } = await import('./workloads/index.ts');
const { measure } = await import('./timing.ts');
const { engines } = await import('./engines.ts');

const [mode, name] = process.argv.slice(2) as [Engine, string];
const make = workloads[name as keyof typeof workloads];
if (!(mode in engines) || make === undefined) {
  console.error(
    `usage: pnpm --silent step ${Object.keys(engines).join('|')} WORKLOAD\nworkloads: ${Object.keys(workloads).join(', ')}`,
  );
  process.exit(2);
}
for (const workload of make(engines[mode])) measure(workload, { peer: 'gradtape', variant: mode, import_ms });
if (name === 'scalar-tape') console.log('OPS 10288');
