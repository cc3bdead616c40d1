import type { Compiled, ProgramExplanation } from '@gradtape/autograd/compile';
import type { Engine, Run } from './engines.ts';
import { measurePeaks, type Peaks } from './peaks.ts';
import { runOn } from './run-on.ts';
import type { Workload } from './timing.ts';

const MOST_STAGES = 25;

/** Where the time of a workload's program goes: each stage's share, and how near it comes to what the machine can do. */
export function explainWorkload(make: (run: Run) => Workload[], engine: Exclude<Engine, 'eager'>): string {
  const compiled: Compiled<(...values: never[]) => unknown>[] = [];
  const workloads = make(runOn(engine, (step) => compiled.push(step)));
  for (const workload of workloads) for (const i of [0, 1]) workload.step(i);
  const peaks = measurePeaks({ engine: engine === 'native' ? 'native' : 'wasm' });
  return compiled.map((step, k) => table(workloads[k]?.name ?? '', step.explain(), peaks)).join('\n\n');
}

function table(name: string, explanation: ProgramExplanation, peaks: Peaks): string {
  const { stages, times } = explanation;
  const total = times.reduce((sum, time) => sum + time, 0);
  const byTime = stages.map((stage, k) => ({ stage, time: times[k] as number })).sort((a, b) => b.time - a.time);
  const bounds = stages.map(({ operations, bytes }) => shortest(operations, bytes, peaks));
  const rows = byTime
    .slice(0, MOST_STAGES)
    .map(({ stage, time }) => [
      `${stage.stage}`,
      stage.kind,
      (time * 1000).toFixed(1),
      percent(time / total),
      stage.operations === 0 ? '' : (stage.operations / time / 1e6).toFixed(1),
      (stage.bytes / time / 1e6).toFixed(1),
      percent(shortest(stage.operations, stage.bytes, peaks) / time),
      stage.title.slice(0, 60),
    ]);
  const rest = byTime.slice(MOST_STAGES).reduce((sum, { time }) => sum + time, 0);
  const headings = ['stage', 'kind', 'µs', 'share', 'GFLOP/s', 'GB/s', 'of peak', 'primitives'];
  return [
    `${name}: ${total.toFixed(3)} ms in ${stages.length} stages, each alone on one thread; at the machine's peak ${bounds.reduce((sum, bound) => sum + bound, 0).toFixed(3)} ms`,
    `peaks: a product of 512 × 512 ${(peaks.operations / 1e6).toFixed(1)} GFLOP/s; a copy of 32 kB ${(peaks.copied(2 ** 15) / 1e6).toFixed(1)} GB/s, of 8 MB ${(peaks.copied(2 ** 23) / 1e6).toFixed(1)} GB/s`,
    aligned([headings, ...rows]),
    ...(rest > 0 ? [`${byTime.length - MOST_STAGES} more stages: ${(rest * 1000).toFixed(1)} µs`] : []),
  ].join('\n');
}

/** What a stage would take at the peak of the machine: arithmetic or memory, whichever takes longer. */
function shortest(operations: number, bytes: number, peaks: Peaks): number {
  return Math.max(operations / peaks.operations, bytes === 0 ? 0 : bytes / peaks.copied(bytes));
}

function percent(share: number): string {
  return `${(100 * share).toFixed(1)} %`;
}

function aligned(rows: readonly (readonly string[])[]): string {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => (row[column] as string).length)));
  const last = widths.length - 1;
  return rows
    .map((row) =>
      row
        .map((cell, k) =>
          k === 1 || k === last ? cell.padEnd(widths[k] as number) : cell.padStart(widths[k] as number),
        )
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}
