import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { runExample } from '../run-example.ts';

let out: string;
beforeAll(async () => {
  out = await mkdtemp(join(tmpdir(), 'gradtape-rings-'));
});
afterAll(() => rm(out, { recursive: true }));

test('the documents’ experiment ends with more than 95 % of the points in their ring, either way', async () => {
  const { code, output, errors } = await runExample('rings/main.ts', ['--out', out]);
  expect([code, errors]).toEqual([0, '']);
  const last = [...output.matchAll(/^Epoch 50: loss=\d\.\d{4}, acc=(\d+\.\d{2})%$/gm)].map(([, percent]) =>
    Number(percent),
  );
  expect(last).toHaveLength(2);
  for (const percent of last) expect(percent).toBeGreaterThan(95);
});

test('the same seed gives the same lines and the same picture; another seed others', async () => {
  const picture = join(out, 'decision-boundary.svg');
  const run = async (seed: string): Promise<[string, string]> => {
    const small = ['--points', '150', '--epochs', '5', '--seed', seed, '--out', out];
    const { output } = await runExample('rings/main.ts', small);
    return [output, await readFile(picture, 'utf8')];
  };
  const first = await run('1');
  expect(await run('1')).toEqual(first);
  const other = await run('2');
  expect(other[0]).not.toBe(first[0]);
  expect(other[1]).not.toBe(first[1]);
});

test('a flag that there is not ends it with exit code 2', async () => {
  const { code, output, errors } = await runExample('rings/main.ts', ['--epoch', '3']);
  expect([code, output]).toEqual([2, '']);
  expect(errors).toContain('rings --help shows the flags');
});
