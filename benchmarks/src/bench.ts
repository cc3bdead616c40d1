// Runs the workloads and prints a table: `pnpm bench [WORKLOAD …] [--engine eager,compiled,native] [--rounds 3]`. Where PEERS
// names a folder with a runner of peers (`run.mjs`, which takes `--candidate 'name=command'`), the workloads enter there
// instead, beside the peers; what follows `--` is passed on to it.
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { type Engine, engines, isEngine } from './engines.ts';
import { onNewestNode, onThisNode } from './newest-node.ts';
import { workloads } from './workloads/index.ts';

interface Result {
  readonly workload: string;
  readonly variant: string;
  readonly median_ms: number;
  readonly min_ms: number;
  readonly loss_at_1_11_51: readonly number[];
  readonly rss_mb: number;
  readonly flops?: number;
}

const args = process.argv.slice(2);
const end = args.indexOf('--');
const { values, positionals } = parseArgs({
  args: end < 0 ? args : args.slice(0, end),
  allowPositionals: true,
  options: { rounds: { type: 'string', default: '3' }, engine: { type: 'string', default: engines.join() } },
});
const chosen = positionals.length > 0 ? positionals : Object.keys(workloads);
const chosenEngines = values.engine.split(',').map((engine) => (isEngine(engine) ? engine : exitWith(engine)));
const unknown = chosen.filter((name) => !(name in workloads));
if (unknown.length > 0) exitWith(unknown.join(', '));

const peers = process.env.PEERS;
if (peers !== undefined && existsSync(join(peers, 'run.mjs'))) {
  const candidates = chosenEngines.flatMap((engine) => [
    '--candidate',
    `gradtape ${engine}=${command(engine).join(' ')}`,
  ]);
  const passedOn = end < 0 ? [] : args.slice(end + 1);
  const rest = ['--only', chosen.join(), '--rounds', values.rounds, ...passedOn];
  const { status } = spawnSync(process.execPath, [join(peers, 'run.mjs'), ...candidates, ...rest], {
    stdio: 'inherit',
  });
  process.exit(status ?? 1);
}

console.log(
  'workload'.padEnd(22),
  'engine'.padEnd(8),
  'median ms'.padStart(10),
  'best ms'.padStart(10),
  'RSS MB'.padStart(8),
  ' loss after step 1, 11, 51',
);
for (const name of chosen) {
  // Interleaved, as machines change from minute to minute.
  const results = Array.from({ length: Number(values.rounds) }, () =>
    chosenEngines.flatMap((engine) => run(engine, name)),
  ).flat();
  for (const workload of new Set(results.map((result) => result.workload))) {
    for (const engine of chosenEngines) {
      print(results.filter((result) => result.workload === workload && result.variant === engine));
    }
  }
}

function exitWith(unknown: string): never {
  console.error(
    `there is no ${unknown}; workloads: ${Object.keys(workloads).join(', ')}; engines: ${engines.join(', ')}`,
  );
  process.exit(2);
}

/** What runs a step on an engine: compiled code on the newest Node there is. */
function command(engine: Engine): readonly string[] {
  const step = fileURLToPath(new URL('step.ts', import.meta.url));
  return [...(engine === 'eager' ? onThisNode(step) : onNewestNode(step)), engine];
}

/** One process for each run, as for any peer. */
function run(engine: Engine, name: string): Result[] {
  const [node = '', ...rest] = command(engine);
  const { stdout, status, stderr } = spawnSync(node, [...rest, name], { encoding: 'utf8' });
  if (status !== 0) throw new Error(`${name} failed:\n${stderr}`);
  return stdout
    .split('\n')
    .flatMap((line) => (line.startsWith('RESULT ') ? [JSON.parse(line.slice(7)) as Result] : []));
}

function print(rounds: readonly Result[]): void {
  const median = (pick: (result: Result) => number): number => {
    const sorted = rounds.map(pick).sort((a, b) => a - b);
    return sorted[sorted.length >> 1] as number;
  };
  const [first] = rounds as [Result];
  const time = median((r) => r.median_ms);
  const note =
    first.flops === undefined
      ? first.loss_at_1_11_51.map((loss) => loss.toFixed(4)).join(', ')
      : `${(first.flops / time / 1e6).toFixed(1)} GFLOP/s`;
  const columns = [
    time.toFixed(3).padStart(10),
    Math.min(...rounds.map((r) => r.min_ms))
      .toFixed(3)
      .padStart(10),
    median((r) => r.rss_mb)
      .toFixed(0)
      .padStart(8),
  ];
  console.log(first.workload.padEnd(22), first.variant.padEnd(8), ...columns, ` ${note}`);
}
