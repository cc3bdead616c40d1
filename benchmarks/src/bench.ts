// Runs the workloads and prints a table: `pnpm bench [WORKLOAD …] [--engine eager,compiled,native] [--rounds 3]`. Where PYTHON
// names a Python that has torch, PyTorch runs five of them, too, interleaved. Where PEERS names a folder with a runner of
// peers (`run.mjs`, which takes `--candidate 'name=command'`), the other workloads enter there instead, beside the peers;
// what follows `--` is passed on to it.
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { type Contestant, onEngine, torch, torchModels } from './contestants.ts';
import { engines, isEngine } from './engines.ts';
import { workloads } from './workloads/index.ts';

interface Result {
  readonly workload: string;
  readonly median_ms: number;
  readonly min_ms: number;
  readonly loss_at_1_11_51: readonly number[];
  readonly rss_mb: number;
  readonly flops?: number;
}

/** What a contestant's rounds come to. */
interface Row {
  readonly name: string;
  readonly median: number;
  readonly columns: readonly string[];
  readonly note: string;
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

const { PEERS: peers, PYTHON: python } = process.env;
const elsewhere =
  peers !== undefined && existsSync(join(peers, 'run.mjs')) ? chosen.filter((name) => !torchModels.has(name)) : [];
const status = peers !== undefined && elsewhere.length > 0 ? runPeers(peers, elsewhere) : 0;

const here = chosen.filter((name) => !elsewhere.includes(name));
const contestants = [...chosenEngines.map(onEngine), ...(python === undefined ? [] : torch(python))];
if (here.length > 0) {
  const titles = ['median ms', 'best ms', 'RSS MB', '× torch'].map((title) => title.padStart(10));
  console.log('workload'.padEnd(22), 'contestant'.padEnd(14), ...titles, ' loss after step 1, 11, 51');
}
for (const name of here) compare(name);
process.exit(status);

function exitWith(unknown: string): never {
  console.error(
    `there is no ${unknown}; workloads: ${Object.keys(workloads).join(', ')}; engines: ${engines.join(', ')}`,
  );
  process.exit(2);
}

function runPeers(folder: string, names: readonly string[]): number {
  const candidates = chosenEngines
    .map(onEngine)
    .flatMap(({ name, command }) => ['--candidate', `gradtape ${name}=${command.join(' ')}`]);
  const passedOn = end < 0 ? [] : args.slice(end + 1);
  const rest = ['--only', names.join(), '--rounds', values.rounds, ...passedOn];
  const runner = [join(folder, 'run.mjs'), ...candidates, ...rest];
  return spawnSync(process.execPath, runner, { stdio: 'inherit' }).status ?? 1;
}

/** Interleaved, as machines change from minute to minute. */
function compare(name: string): void {
  const among = contestants.filter(({ workloads: known }) => known === undefined || known.has(name));
  const rounds = Array.from({ length: Number(values.rounds) }, () => among.map((each) => run(each, name)));
  const parts = new Set(rounds.flat(2).map(({ workload }) => workload));
  for (const part of parts) {
    const rows = among.map((contestant, k) =>
      rowOf(
        contestant,
        rounds.flatMap((round) => round[k] ?? []).filter(({ workload }) => workload === part),
      ),
    );
    const fastest = Math.min(...rows.flatMap(({ name, median }) => (name.startsWith('torch') ? [median] : [])));
    for (const { name, median, columns, note } of rows) {
      const ratio = Number.isFinite(fastest) ? (median / fastest).toFixed(2) : '';
      console.log(part.padEnd(22), name.padEnd(14), ...columns, ratio.padStart(10), ` ${note}`);
    }
  }
}

/** One process for each run, as for any peer. */
function run({ command: [program = '', ...rest], after }: Contestant, name: string): Result[] {
  const { stdout, status, stderr } = spawnSync(program, [...rest, name, ...after], { encoding: 'utf8' });
  if (status !== 0) throw new Error(`${name} failed:\n${stderr}`);
  return stdout
    .split('\n')
    .flatMap((line) => (line.startsWith('RESULT ') ? [JSON.parse(line.slice(7)) as Result] : []));
}

function rowOf({ name }: Contestant, rounds: readonly Result[]): Row {
  const middle = (pick: (result: Result) => number): number => {
    const sorted = rounds.map(pick).sort((a, b) => a - b);
    return sorted[sorted.length >> 1] as number;
  };
  const median = middle((r) => r.median_ms);
  const [{ flops, loss_at_1_11_51: losses }] = rounds as [Result];
  const note =
    flops === undefined
      ? losses.map((loss) => loss.toFixed(4)).join(', ')
      : `${(flops / median / 1e6).toFixed(1)} GFLOP/s`;
  const best = Math.min(...rounds.map((r) => r.min_ms));
  const columns = [median.toFixed(3), best.toFixed(3), middle((r) => r.rss_mb).toFixed(0)];
  return { name, median, columns: columns.map((text) => text.padStart(10)), note };
}
