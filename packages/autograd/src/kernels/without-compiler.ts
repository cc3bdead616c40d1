import { vi } from 'vitest';

/** Runs a function as where a content security policy forbids source to be compiled; for tests. */
export function withoutCompiler<T>(run: () => T): T {
  vi.stubGlobal('Function', function refuse(): never {
    throw new EvalError('Refused to evaluate a string as JavaScript');
  });
  try {
    return run();
  } finally {
    vi.unstubAllGlobals();
  }
}
