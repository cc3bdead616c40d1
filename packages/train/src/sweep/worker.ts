// What a worker of a sweep runs: one configuration after the other, as they are sent.
import type { Json } from './records.ts';
import { runOne, type SweepRun } from './run-one.ts';

// Imported by anybody but a sweep, it does nothing.
const [, , module] = process.argv;
if (process.send !== undefined && module?.startsWith('file:')) answer(process, module);

/** Runs the default export of a module for each configuration that comes. */
function answer(worker: NodeJS.Process, module: string): void {
  const loaded: Promise<{ default: unknown }> = import(module);
  const run: SweepRun = async (configuration) => {
    const { default: found } = await loaded;
    if (typeof found === 'function') return found(configuration);
    throw new TypeError('the module of a sweep has no function as its default export');
  };
  worker.on('message', async (configuration: Json) => worker.send?.(await runOne(run, configuration)));
  worker.on('disconnect', () => worker.exit());
}
