import { execFileSync } from 'node:child_process';
import { appendFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { rand } from '@gradtape/autograd';
import { afterAll, beforeEach, expect, test } from 'vitest';
import run from './files-for-tests/run.ts';
import { type SweepRecord, sweep } from './index.ts';

const folder = mkdtempSync(join(tmpdir(), 'gradtape-sweep-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
let file: string;
let count = 0;
beforeEach(() => {
  file = join(folder, `records-${count++}.jsonl`);
});

const configurations = [1, 2, 3].map((size) => ({ size, lr: 0.1 }));
const draw = ({ size }: { readonly size: number }) => rand([size]).toArray() as number[];

test('gives each configuration random numbers of its own, in whatever order and company', async () => {
  const records = await sweep(configurations, draw);
  const backwards = await sweep(configurations.toReversed(), draw);
  const [alone] = await sweep([{ lr: 0.1, size: 2 }], draw);
  expect(backwards.toReversed()).toEqual(records);
  expect(alone.result).toEqual(records[1].result);
  expect(new Set(records.map(({ result }) => (result as number[])[0])).size).toBe(3);
});

test('goes on where it was interrupted, also in the middle of a line', async () => {
  const whole = await sweep(configurations, draw);
  let calls = 0;
  const counted = (configuration: { readonly size: number }) => {
    calls++;
    return draw(configuration);
  };
  await sweep(configurations.slice(0, 2), counted, { file });
  appendFileSync(file, '{"configuration":{"size":3,"l');
  const told: string[] = [];
  const resumed = await sweep(configurations, counted, {
    file,
    onProgress: ({ done, total, record }) => told.push(`${done}/${total} ${JSON.stringify(record.configuration)}`),
  });
  expect(resumed).toEqual(whole);
  expect(calls).toBe(3);
  expect(told).toEqual(['3/3 {"size":3,"lr":0.1}']);
  expect(
    readFileSync(file, 'utf8')
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line)),
  ).toEqual(whole);
});

test('records what a run throws, goes on, and tries again only if asked', async () => {
  let isBroken = true;
  const fragile = ({ size }: { readonly size: number }) => {
    if (isBroken && size === 2) throw new RangeError('too even');
    return size;
  };
  const first = await sweep(configurations, fragile, { file });
  expect(first.map(({ result, error }) => result ?? error)).toEqual([1, 'RangeError: too even', 3]);
  isBroken = false;
  expect(await sweep(configurations, fragile, { file })).toEqual(first);
  const again = await sweep(configurations, fragile, { file, retryErrors: true });
  expect(again.map(({ result }) => result)).toEqual([1, 2, 3]);
  expect(await sweep(configurations, fragile, { file })).toEqual(again);
});

test('waits for runs that are promises, one after the other; nothing returned is null', async () => {
  const order: number[] = [];
  const records = await sweep(configurations, async ({ size }) => {
    await new Promise((resolve) => setTimeout(resolve, 3 - size));
    order.push(size);
    return size === 1 ? (undefined as unknown as null) : [Number.NaN, size];
  });
  expect(order).toEqual([1, 2, 3]);
  expect(records.map(({ result }) => result)).toEqual([null, [null, 2], [null, 3]]);
});

test('processes give the results of this one; one that dies is replaced', async () => {
  const script = fileURLToPath(new URL('./files-for-tests/sweep-in-processes.ts', import.meta.url));
  const fine = [1, 2, 3].map((size) => ({ size, kind: 'fine' }));
  const bad = ['exits', 'throws'].map((kind) => ({ size: 1, kind }));
  const output = execFileSync(
    process.execPath,
    ['--import', 'tsx', '--conditions=@gradtape/source', script, JSON.stringify([...bad, ...fine])],
    { encoding: 'utf8' },
  );
  const records: SweepRecord[] = JSON.parse(output);
  expect(records.slice(0, 2).map(({ error }) => error)).toEqual([
    'the worker ended with code 3',
    'RangeError: no such kind',
  ]);
  expect(records.slice(2)).toEqual(await sweep(fine, run));
});

test('what it cannot do is named', async () => {
  await expect(
    sweep(
      [
        { a: 1, b: 2 },
        { b: 2, a: 1 },
      ],
      () => 0,
    ),
  ).rejects.toThrowErrorMatchingInlineSnapshot(`
    [GradtapeError: sweep: a configuration occurs twice
      got:   {"a":1,"b":2}
      needs: configurations that differ
      fix:   to repeat a training, give each a seed of its own as a field: { lr: 0.1, seed: 2 }]
  `);
  await expect(sweep([1], () => 0, { workers: 2 })).rejects.toThrowErrorMatchingInlineSnapshot(`
    [GradtapeError: sweep: these workers cannot run
      got:   workers = 2, with a function
      needs: a whole number from 1, and a module for more than this process
      fix:   a function cannot go to another process: export it as default from a module, and give new URL('./run.ts', import.meta.url)]
  `);
  const module = new URL('./files-for-tests/run.ts', import.meta.url);
  await expect(sweep([1], module, { workers: 0.5 })).rejects.toThrowErrorMatchingInlineSnapshot(`
    [GradtapeError: sweep: these workers cannot run
      got:   workers = 0.5, with a module
      needs: a whole number from 1, and a module for more than this process
      fix:   a function cannot go to another process: export it as default from a module, and give new URL('./run.ts', import.meta.url)]
  `);
  writeFileSync(file, 'hello\n');
  const message = (error: unknown): string => String(error).replaceAll(folder, '<folder>');
  expect(await sweep([1], () => 0, { file }).catch(message)).toMatchInlineSnapshot(`
    "GradtapeError: sweep: line 1 of '<folder>/records-5.jsonl' is no record
      got:   hello
      needs: {"configuration":…,"result":…} on each line, as sweep writes it
      fix:   give the sweep a file of its own, or take the line out"
  `);
  const nowhere = join(folder, 'none', 'records.jsonl');
  expect(await sweep([1], () => 0, { file: nowhere }).catch(message)).toMatchInlineSnapshot(`
    "GradtapeError: sweep: '<folder>/none/records.jsonl' cannot be used
      got:   no such folder
      needs: a file that can be read and written, or a folder in which to make it
      fix:   make the folder first: await mkdir(folder, { recursive: true })"
  `);
});
