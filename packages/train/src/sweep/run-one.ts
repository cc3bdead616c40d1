import { manualSeed } from '@gradtape/autograd';
import { type Json, type SweepRecord, seedOf } from './records.ts';

/** Trains with one configuration, and gives what is to be kept of it. */
export type SweepRun<Configuration extends Json = Json> = (configuration: Configuration) => Json | Promise<Json>;

/** Runs one configuration, from the random numbers that are its own. */
export async function runOne<Configuration extends Json>(
  run: SweepRun<Configuration>,
  configuration: Configuration,
): Promise<SweepRecord> {
  manualSeed(seedOf(configuration));
  try {
    // As JSON has it, so that a result is the same whether it was just computed or read again.
    return { configuration, result: JSON.parse(JSON.stringify(await run(configuration)) ?? 'null') };
  } catch (error) {
    return { configuration, error: error instanceof Error ? `${error.name}: ${error.message}` : String(error) };
  }
}
