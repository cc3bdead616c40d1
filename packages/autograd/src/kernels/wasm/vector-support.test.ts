import { afterEach, beforeEach, expect, test } from 'vitest';
import { vectorSupport } from './vector-support.ts';

let before: string[] = [];
beforeEach(() => {
  before = process.execArgv.splice(0);
});
afterEach(() => {
  process.execArgv.splice(0, process.execArgv.length, ...before);
});

test.each([
  [[], false],
  [['--experimental-wasm-revectorize'], true],
  [['--no-liftoff', '--experimental_wasm_revectorize'], true],
  [['--no-experimental-wasm-revectorize', '--trace-wasm-revectorize'], false],
])('vectors are written in pairs where Node was told to pair them: %j', (options, wide) => {
  process.execArgv.push(...options);
  expect(vectorSupport()?.wide).toBe(wide);
});
