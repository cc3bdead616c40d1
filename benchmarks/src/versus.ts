import { resolve } from 'node:path';
import { performance } from 'node:perf_hooks';
import { pathToFileURL } from 'node:url';
import type { Engine } from './engines.ts';
import type { Workload } from './timing.ts';

/** Steps of a turn that are timed, after one that is not; and how often each checkout takes its turn. */
const STEPS = 10;
const TURNS = 30;

/** Which of the times, sorted, are compared. */
const QUANTILES = { best: 0, tenth: 0.1, quarter: 0.25, median: 0.5 } as const;

/**
 * The steps of a workload in this checkout and in another one, in turns in one process: on a busy machine that tells
 * differences of 2 %, where processes one after the other tell 10.
 *
 * @param other The folder of the other checkout, with its packages installed.
 */
export async function versus(other: string, name: string, engine: Engine): Promise<string> {
  const folders = { other: resolve(other), here: resolve(import.meta.dirname, '../..') };
  const [before, now] = [await workloadsOf(folders.other, name, engine), await workloadsOf(folders.here, name, engine)];
  const lines = now.map((workload, part) => {
    const [old, next] = inTurns([before[part] as Workload, workload]) as [number[], number[]];
    const figures = Object.entries(QUANTILES).map(([word, share]) => {
      const [a, b] = [old, next].map((times) => times[Math.floor(share * times.length)] as number) as [number, number];
      return `${word} ${b.toFixed(3)} / ${a.toFixed(3)} ms = ${(b / a).toFixed(3)}`;
    });
    return `${workload.name} ${engine}: ${figures.join(', ')}`;
  });
  return [`here / ${folders.other}`, ...lines].join('\n');
}

async function workloadsOf(folder: string, name: string, engine: Engine): Promise<readonly Workload[]> {
  const load = (path: string): Promise<unknown> => import(pathToFileURL(resolve(folder, 'benchmarks/src', path)).href);
  const { workloads } = (await load('workloads/index.ts')) as typeof import('./workloads/index.ts');
  const { runOn } = (await load('run-on.ts')) as typeof import('./run-on.ts');
  return workloads[name]?.(runOn(engine)) ?? [];
}

/** The times of the steps of each workload, sorted. */
function inTurns(contestants: readonly Workload[]): readonly number[][] {
  const times: number[][] = contestants.map(() => []);
  let step = 0;
  for (let turn = 0; turn < TURNS; turn++) {
    for (const [k, contestant] of contestants.entries()) {
      for (let i = 0; i <= STEPS; i++) {
        const start = performance.now();
        contestant.step(step + i);
        if (turn > 0 && i > 0) times[k]?.push(performance.now() - start);
      }
    }
    step += STEPS + 1;
  }
  return times.map((list) => list.sort((a, b) => a - b));
}
