import { expect, test } from 'vitest';
import { callSite, describeCallSite } from './call-site.ts';

function withStack(...lines: readonly string[]): Error {
  return Object.assign(new Error(), { stack: lines.join('\n') });
}

/** A frame inside this package, in the form of an engine. */
const here = import.meta.url.replace('.test', '');

test('tells the calls outside this package, in the words of the engine', () => {
  const v8 = withStack(
    'Error',
    `    at callSite (${here}:20:16)`,
    '    at loss (file:///app/main.ts:3:12)',
    '    at file:///app/main.ts:9:1',
    '    at ModuleJob.run (node:internal/modules/esm/module_job:325:25)',
  );
  expect(describeCallSite(v8)).toEqual(['loss (file:///app/main.ts:3:12)', 'file:///app/main.ts:9:1']);
  const firefox = withStack(`callSite@${here}:20:16`, 'loss@https://app/main.js:3:12', '@https://app/main.js:9:1');
  expect(describeCallSite(firefox)).toEqual(['loss@https://app/main.js:3:12', '@https://app/main.js:9:1']);
});

test('knows the paths of this package with backslashes, too', () => {
  const path = new URL(here).pathname.slice(1).replaceAll('/', '\\');
  const windows = withStack('Error', `    at callSite (${path}:20:16)`, '    at loss (C:\\app\\main.ts:3:12)');
  expect(describeCallSite(windows)).toEqual(['loss (C:\\app\\main.ts:3:12)']);
});

test('tells every call where all of them are in one file, and no more than asked', () => {
  const bundled = withStack(
    'Error',
    `    at bind (${here}:1:1)`,
    `    at log (${here}:1:90)`,
    `    at loss (${here}:1:900)`,
  );
  expect(describeCallSite(bundled)).toHaveLength(3);
  expect(describeCallSite(bundled, 1)).toEqual([`bind (${here}:1:1)`]);
});

test('says nothing where the engine keeps no stack', () => {
  expect(describeCallSite(Object.assign(new Error(), { stack: undefined }))).toEqual([]);
});

test('remembers how the program came here, deeper than errors do', async () => {
  const program = 'export function descend(depth, reach) { return depth === 0 ? reach() : descend(depth - 1, reach); }';
  const { descend } = await import(/* @vite-ignore */ `data:text/javascript,${encodeURIComponent(program)}`);
  const before = Error.stackTraceLimit;
  const site: Error = descend(30, callSite);
  expect(Error.stackTraceLimit).toBe(before);
  const calls = describeCallSite(site, 100);
  expect(calls.length).toBeGreaterThan(30);
  expect(calls[0]).toMatch(/^descend \(data:.*:1:\d+\)$/);
});
