import { GradtapeError } from '@gradtape/autograd';
import { appendRecord, type Json, keyOf, readRecords, type SweepRecord } from './records.ts';
import { runOne, type SweepRun } from './run-one.ts';
import { startWorker } from './worker-process.ts';

/** How far a sweep is. */
export interface SweepProgress {
  /** How many configurations are done, those found in the file included. */
  readonly done: number;
  readonly total: number;
  /** What was done last. */
  readonly record: SweepRecord;
}

export interface SweepOptions {
  /** Where each record is appended as a line of JSON. What it has already is not run again. Default: nowhere. */
  readonly file?: string;
  /** How many processes run. They need a module instead of a function. Default: 1 for a module; a function runs in this process. */
  readonly workers?: number;
  /** Whether configurations that failed before are run again. Default: false. */
  readonly retryErrors?: boolean;
  readonly onProgress?: (progress: SweepProgress) => void;
}

/**
 * Runs a training for each of many configurations. Each begins with `manualSeed` of a seed that is made of the configuration
 * itself: so results are the same in any order, in any number of processes, and beside any others. What a run throws is recorded,
 * and the sweep goes on.
 *
 * With a file it can be interrupted at any moment and called again: it goes on with what is missing.
 *
 * @param run - a function, called in this process; or the address of a module whose default export is one, for others:
 * `new URL('./run.ts', import.meta.url)`.
 * @returns the records, in the order of the configurations.
 * @throws GradtapeError for two equal configurations, workers without a module, and a file that is none of a sweep's.
 * @example
 * const records = await sweep(
 *   [{ lr: 0.1 }, { lr: 10 }].map((each) => ({ ...each, steps: 20 })),
 *   ({ lr, steps }) => {
 *     let w = 1;
 *     for (let k = 0; k < steps; k++) w -= lr * 2 * w;
 *     if (Math.abs(w) > 1) throw new Error('diverged');
 *     return { w };
 *   },
 * );
 * records[0]?.result; // { w: 0.01152921504606847 }
 * records[1]?.error; // 'Error: diverged'
 */
export async function sweep<const Configuration extends Json>(
  configurations: readonly Configuration[],
  run: SweepRun<Configuration> | URL,
  { file, workers, retryErrors = false, onProgress }: SweepOptions = {},
): Promise<SweepRecord[]> {
  checkWorkers(run, workers);
  checkDistinct(configurations);
  const known = new Map<string, SweepRecord>();
  for (const record of file === undefined ? [] : await readRecords(file)) {
    if (record.error === undefined || !retryErrors) known.set(keyOf(record.configuration), record);
  }
  const waiting = configurations.filter((configuration) => !known.has(keyOf(configuration)));
  let done = configurations.length - waiting.length;
  const finish = async (record: SweepRecord): Promise<void> => {
    known.set(keyOf(record.configuration), record);
    if (file !== undefined) await appendRecord(file, record);
    onProgress?.({ done: ++done, total: configurations.length, record });
  };
  if (run instanceof URL) await runInWorkers(waiting, run, workers ?? 1, finish);
  else for (const configuration of waiting) await finish(await runOne(run, configuration));
  return configurations.flatMap((configuration) => known.get(keyOf(configuration)) ?? []);
}

/** Each worker takes the next configuration as soon as it is free. */
async function runInWorkers(
  configurations: readonly Json[],
  module: URL,
  workers: number,
  finish: (record: SweepRecord) => Promise<void>,
): Promise<void> {
  const queue = configurations.values();
  const running = Array.from({ length: Math.min(workers, configurations.length) }, () => startWorker(module));
  try {
    await Promise.all(
      running.map(async (worker) => {
        for (const configuration of queue) await finish(await worker.run(configuration));
      }),
    );
  } finally {
    for (const worker of running) worker.stop();
  }
}

function checkWorkers(run: unknown, workers: number | undefined): void {
  const isModule = run instanceof URL;
  if (workers === undefined || (Number.isInteger(workers) && workers >= 1 && (isModule || workers === 1))) return;
  throw new GradtapeError('sweep: these workers cannot run', {
    got: `workers = ${workers}, with ${isModule ? 'a module' : 'a function'}`,
    needs: 'a whole number from 1, and a module for more than this process',
    fix: "a function cannot go to another process: export it as default from a module, and give new URL('./run.ts', import.meta.url)",
  });
}

function checkDistinct(configurations: readonly Json[]): void {
  const keys = configurations.map(keyOf);
  const repeated = keys.find((key, i) => keys.indexOf(key) < i);
  if (repeated === undefined) return;
  throw new GradtapeError('sweep: a configuration occurs twice', {
    got: repeated,
    needs: 'configurations that differ',
    fix: 'to repeat a training, give each a seed of its own as a field: { lr: 0.1, seed: 2 }',
  });
}
