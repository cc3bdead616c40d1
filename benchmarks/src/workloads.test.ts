import { expect, test } from 'vitest';
import type { Engine } from './engines.ts';
import { runOn } from './run-on.ts';
import { workloads } from './workloads/index.ts';

const STEPS = 12;

function lossesOf(name: string, engine: Engine): number[] {
  const [workload] = workloads[name]?.(runOn(engine)) ?? [];
  return Array.from({ length: STEPS }, (_, i) => {
    workload?.step(i);
    return workload?.loss() ?? Number.NaN;
  });
}

test.each(['rings-mlp', 'mnist-mlp', 'lenet'])('%s has the same losses on every engine, in three digits', (name) => {
  const [eager, compiled] = [lossesOf(name, 'eager'), lossesOf(name, 'compiled')];
  for (const [i, loss] of eager.entries()) expect(Math.abs((compiled[i] as number) - loss)).toBeLessThan(5e-4);
  expect(new Set(eager).size).toBe(STEPS);
});
