import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test, vi } from 'vitest';
import type { EngineName } from './engines.ts';
import { NativeFailure } from './native/failure.ts';
import { findNativeEngine } from './native/native-engine.ts';

/**
 * The engines of this machine, for tests of each. What is built is kept in a folder of the test's own. Where there is no
 * native engine, a test says why; where there is one, another says that nothing fell back to WebAssembly.
 */
export function testEngines(): readonly EngineName[] {
  const folder = mkdtempSync(join(tmpdir(), 'gradtape-test-'));
  vi.stubEnv('XDG_CACHE_HOME', folder);
  const warn = vi.spyOn(console, 'warn');
  const found = findNativeEngine();
  afterAll(() => {
    const fellBack = warn.mock.calls.filter(([message]) => String(message).includes('runs as WebAssembly'));
    warn.mockRestore();
    vi.unstubAllEnvs();
    rmSync(folder, { recursive: true, force: true });
    if (!(found instanceof NativeFailure)) expect(fellBack).toEqual([]);
  });
  if (!(found instanceof NativeFailure)) return ['wasm', 'native'];
  test(`the native engine is not here: ${found.reason}`, () => {
    expect(['no compiler', 'no koffi']).toContain(found.reason);
  });
  return ['wasm'];
}
