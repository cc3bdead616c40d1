import { resolve } from 'node:path';
import { expect, test } from 'vitest';
import { versus } from './versus.ts';

test('a checkout compared with itself: a line for each part of a workload', async () => {
  const here = resolve(import.meta.dirname, '../..');
  const lines = (await versus(here, 'rings-mlp', 'compiled')).split('\n');
  expect(lines[0]).toBe(`here / ${here}`);
  expect(lines[1]).toMatch(/^rings-mlp compiled: best [\d.]+ \/ [\d.]+ ms = [\d.]+, .*median/);
  expect(lines.length).toBe(2);
});
