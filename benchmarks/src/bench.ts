// Runs the workloads and prints a table: `pnpm bench [WORKLOAD …] [--rounds 3]`. Where PEERS names a folder with a runner
// of peers (`run.mjs`, which takes `--candidate 'name=command'`), the workloads enter there instead, beside the peers.
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { workloads } from './workloads/index.ts';

interface Result {
  readonly workload: string;
  readonly median_ms: number;
  readonly min_ms: number;
  readonly loss_at_1_11_51: readonly number[];
  readonly rss_mb: number;
  readonly flops?: number;
}

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { rounds: { type: 'string', default: '3' } },
});
const chosen = positionals.length > 0 ? positionals : Object.keys(workloads);
const unknown = chosen.filter((name) => !(name in workloads));
if (unknown.length > 0) {
  console.error(`no workload ${unknown.join(', ')}; there are ${Object.keys(workloads).join(', ')}`);
  process.exit(2);
}

const step = [...process.execArgv, fileURLToPath(new URL('step.ts', import.meta.url)), 'eager'];
const peers = process.env.PEERS;
if (peers !== undefined && existsSync(join(peers, 'run.mjs'))) {
  const candidate = `gradtape=${[process.execPath, ...step].join(' ')}`;
  const runner = [
    join(peers, 'run.mjs'),
    '--candidate',
    candidate,
    '--only',
    chosen.join(','),
    '--rounds',
    values.rounds,
  ];
  process.exit(spawnSync(process.execPath, runner, { stdio: 'inherit' }).status ?? 1);
}

console.log(
  'workload'.padEnd(22),
  'median ms'.padStart(10),
  'best ms'.padStart(10),
  'RSS MB'.padStart(8),
  ' loss after step 1, 11, 51',
);
for (const name of chosen) {
  const rounds = Array.from({ length: Number(values.rounds) }, () => run(name));
  for (const { workload } of rounds[0] ?? []) print(rounds.flat().filter((result) => result.workload === workload));
}

/** One process for each run, as for any peer. */
function run(name: string): Result[] {
  const { stdout, status, stderr } = spawnSync(process.execPath, [...step, name], { encoding: 'utf8' });
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
  console.log(first.workload.padEnd(22), ...columns, ` ${note}`);
}
