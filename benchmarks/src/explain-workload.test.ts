import { expect, test } from 'vitest';
import { explainWorkload } from './explain-workload.ts';
import { workloads } from './workloads/index.ts';

test('the table of a workload has a row for each stage, and shares of the whole', () => {
  const make = workloads['rings-mlp'];
  const [heading = '', peaks = '', names = '', ...rows] = explainWorkload(
    make as NonNullable<typeof make>,
    'compiled',
  ).split('\n');
  const stages = Number(/in (\d+) stages/.exec(heading)?.[1]);
  expect(heading).toMatch(/^rings-mlp: \d+\.\d{3} ms in/);
  expect(peaks).toMatch(/^peaks: a product of .* GFLOP\/s; a copy of .* GB\/s/);
  expect(names.split(/ {2,}/)).toContain('of peak');
  expect(stages).toBeGreaterThan(5);
  const shares = rows.flatMap((row) => [...row.matchAll(/(\d+\.\d) %/g)].slice(0, 1).map(([, share]) => Number(share)));
  expect(shares.length).toBe(Math.min(stages, 25));
  expect([...shares].sort((a, b) => b - a)).toEqual(shares);
  const total = shares.reduce((sum, share) => sum + share, 0);
  expect(total).toBeGreaterThan(50);
  expect(total).toBeLessThanOrEqual(100 + 0.05 * shares.length);
});
