import { platform } from './platform.ts';
import type { Json, SweepRecord } from './records.ts';

/** A process that runs one configuration at a time. */
export interface SweepWorker {
  run(configuration: Json): Promise<SweepRecord>;
  stop(): void;
}

/**
 * A process for a module, with the flags of this one, so that it loads what this one loads. One that dies takes its configuration with
 * it, and another is started for the next.
 */
export function startWorker(module: URL): SweepWorker {
  const { processes, url } = platform('processes');
  const entry = url.fileURLToPath(import.meta.resolve('@gradtape/train/sweep-worker'));
  const start = () => processes.fork(entry, [module.href]);
  let worker: ReturnType<typeof start> | undefined;
  return {
    run(configuration) {
      worker ??= start();
      const current = worker;
      return new Promise((resolve) => {
        const died = (error: string): void => {
          worker = undefined;
          resolve({ configuration, error });
        };
        current.removeAllListeners();
        current.once('message', (record) => resolve(record as SweepRecord));
        current.once('error', (error) => died(String(error)));
        current.once('exit', (code, signal) => died(`the worker ended with ${signal ?? `code ${code}`}`));
        current.send(configuration as object);
      });
    },
    stop() {
      worker?.removeAllListeners();
      worker?.kill();
    },
  };
}
