import { expect, test } from 'vitest';
import type { Engine } from './engines.ts';
import { runOn } from './run-on.ts';
import { workloads } from './workloads/index.ts';

/** How many steps are compared; fewer where a step is long. */
const steps: Readonly<Record<string, number>> = {
  'rings-mlp': 12,
  'mnist-mlp': 12,
  lenet: 12,
  'conv-batch-norm': 2,
  lstm: 2,
  gru: 2,
  'transformer-encoder': 2,
  autoencoder: 2,
};

function lossesOf(name: string, engine: Engine, count: number): number[] {
  const [workload] = workloads[name]?.(runOn(engine)) ?? [];
  return Array.from({ length: count }, (_, i) => {
    workload?.step(i);
    return workload?.loss() ?? Number.NaN;
  });
}

test.each(Object.entries(steps))('%s has the same losses on every engine, in three digits', (name, count) => {
  const [eager, compiled] = [lossesOf(name, 'eager', count), lossesOf(name, 'compiled', count)];
  for (const [i, loss] of eager.entries()) expect(Math.abs((compiled[i] as number) - loss)).toBeLessThan(5e-4);
  expect(new Set(eager).size).toBe(count);
});
