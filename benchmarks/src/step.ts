// Runs one workload on an engine: `pnpm --silent step native mnist-mlp`. Prints a RESULT line, which whoever compares
// contestants reads. `step explain mnist-mlp [native]` prints instead where the time of its program goes, and
// `step versus ../other mnist-mlp [native]` how its steps compare with those of another checkout. Steps run on the newest
// Node there is.
import { spawnSync } from 'node:child_process';
import { performance } from 'node:perf_hooks';
import { fileURLToPath } from 'node:url';
import { onNewestNode } from '../../tools/node24/newest-node.ts';
import { engines, isEngine, nodeOptionsOf } from './engines.ts';

const [mode = '', ...rest] = process.argv.slice(2);
const [other, name = '', engine = 'compiled'] = mode === 'versus' ? rest : [undefined, ...rest];
const runsOn = isEngine(mode) ? mode : engine;
const nodeOptions = isEngine(runsOn) ? nodeOptionsOf(runsOn) : [];
const [node, ...args] = onNewestNode(fileURLToPath(import.meta.url), nodeOptions);
if (node !== process.execPath || nodeOptions.some((option) => !process.execArgv.includes(option))) {
  process.exit(spawnSync(node, [...args, ...process.argv.slice(2)], { stdio: 'inherit' }).status ?? 1);
}

const imported = performance.now();
await import('@gradtape/autograd');
const import_ms = performance.now() - imported;
const { workloads } = await import('./workloads/index.ts');
const make = workloads[name];

if (make !== undefined && isEngine(mode)) {
  const { measure } = await import('./timing.ts');
  const { runOn } = await import('./run-on.ts');
  for (const workload of make(runOn(mode))) measure(workload, { peer: 'gradtape', variant: mode, import_ms });
  if (name === 'scalar-tape') console.log('OPS 10288');
} else if (make !== undefined && mode === 'explain' && isEngine(engine) && engine !== 'eager') {
  const { explainWorkload } = await import('./explain-workload.ts');
  console.log(explainWorkload(make, engine));
} else if (make !== undefined && other !== undefined && isEngine(engine)) {
  const { versus } = await import('./versus.ts');
  console.log(await versus(other, name, engine));
  process.exit(0);
} else {
  console.error(`usage: pnpm --silent step ENGINE WORKLOAD
       pnpm --silent step explain WORKLOAD [ENGINE]
       pnpm --silent step versus OTHER-CHECKOUT WORKLOAD [ENGINE]
engines: ${engines.join(', ')}
workloads: ${Object.keys(workloads).join(', ')}`);
  process.exit(2);
}
