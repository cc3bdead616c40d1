import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect } from 'vitest';
import { NativeFailure } from './failure.ts';
import { type Machine, NativeEngine } from './native-engine.ts';
import { findNativeLibraries } from './native-libraries.ts';
import { ownSurroundings, type Surroundings } from './surroundings.ts';

/** This machine with a cache folder of its own, removed when the tests of the file are done. */
export function testSurroundings(): Surroundings & { readonly cache: string } {
  const folder = mkdtempSync(join(tmpdir(), 'gradtape-test-'));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  const environment = { ...ownSurroundings.environment, XDG_CACHE_HOME: folder };
  return { ...ownSurroundings, environment, cache: join(folder, 'gradtape') };
}

/** Does the check with an engine; on a machine without a compiler, checks that the engine says so. */
export function withEngine(surroundings: Surroundings, machine: Machine, check: (engine: NativeEngine) => void): void {
  const libraries = findNativeLibraries(surroundings);
  if (!(libraries instanceof NativeFailure)) {
    check(new NativeEngine(libraries, machine));
    return;
  }
  expect(libraries.reason).toBe('no compiler');
  expect(libraries.message).toContain('no C compiler that runs');
}

/** What cannot fail here. */
export function expectBuilt<T>(result: T | NativeFailure): T {
  if (result instanceof NativeFailure) throw result;
  return result;
}
