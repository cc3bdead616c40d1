import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, expect, test } from 'vitest';

const command = fileURLToPath(new URL('main.ts', import.meta.url));
let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'gradtape-test-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

/** Runs the test command on a folder with these test files. */
function runTests(files: Record<string, string>): { lastLine: string | undefined; status: number | null } {
  for (const [name, source] of Object.entries(files)) writeFileSync(join(folder, name), source);
  const args = ['--import', 'tsx', command, '--root', folder, '--globals'];
  const { stdout, status } = spawnSync(process.execPath, args, { encoding: 'utf8' });
  return { lastLine: stdout.trimEnd().split('\n').at(-1), status };
}

test('counts what passed and closes with status 0', () => {
  const run = runTests({ 'a.test.js': `test('a', () => {}); describe('b', () => { test('c', () => {}); });` });
  expect(run).toEqual({ lastLine: '2 passed, 0 failed', status: 0 });
});

test('counts each kind of failure once', () => {
  const run = runTests({
    'assertion.test.js': `test('a', () => expect(1).toBe(2));`,
    'load.test.js': `import './missing.js';`,
    'hook.test.js': `describe('b', () => { afterAll(() => { throw new Error('hook'); }); test('c', () => {}); });`,
    'rejection.test.js': `test('d', () => { Promise.reject(new Error('nobody handles this')); });`,
  });
  expect(run).toEqual({ lastLine: '2 passed, 4 failed', status: 1 });
});

test('fails when there is no test at all', () => {
  expect(runTests({})).toEqual({ lastLine: '0 passed, 0 failed', status: 1 });
});
