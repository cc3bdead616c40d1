import type { ProgramView } from './program-view.ts';

/** Milliseconds that all stages together are measured, about. */
const BUDGET = 1000;
/** Work that is shorter than this is measured several times in one. */
const SHORTEST = 0.2;
const FEWEST = 3;
const MOST = 25;

/**
 * How many milliseconds each chain of stages takes: each of its kernels is run alone, on one thread, many times in a
 * row; the median counts.
 *
 * @param now A clock, in milliseconds.
 */
export function stageTimes(program: ProgramView, now: () => number): readonly number[] {
  const times = program.chains.map(() => 0);
  const chainOf = new Map(
    program.chains.flatMap(({ stages }, chain) => stages.map((stage) => [stage, chain] as const)),
  );
  const budget = BUDGET / Math.max(1, program.kernels.length + program.evaluated);
  program.rehearse((stage, work) => {
    const chain = chainOf.get(stage) as number;
    times[chain] = (times[chain] as number) + median(work, budget, now);
  });
  return times;
}

function median(work: () => void, budget: number, now: () => number): number {
  const once = duration(work, 1, now);
  const times = Math.max(1, Math.ceil(SHORTEST / Math.max(once, SHORTEST / 256)));
  const batches = Math.min(MOST, Math.max(FEWEST, Math.floor(budget / Math.max(once * times, SHORTEST))));
  const samples = Array.from({ length: batches }, () => duration(work, times, now)).sort((a, b) => a - b);
  return samples[Math.floor(samples.length / 2)] as number;
}

function duration(work: () => void, times: number, now: () => number): number {
  const start = now();
  for (let time = 0; time < times; time++) work();
  return (now() - start) / times;
}
