import type { TestModule } from 'vitest/node';

export interface Outcomes {
  passed: number;
  failed: number;
}

/**
 * Counts tests. A failure outside any test (a file that cannot be imported, a hook that throws, an unhandled
 * rejection) counts as one failure, so that nothing that went wrong can hide behind "0 failed".
 */
export function countOutcomes(modules: Iterable<TestModule>, unhandledErrors: readonly unknown[]): Outcomes {
  const outcomes: Outcomes = { passed: 0, failed: unhandledErrors.length };
  for (const module of modules) {
    if (module.errors().length > 0) outcomes.failed += 1;
    for (const suite of module.children.allSuites()) {
      if (suite.errors().length > 0) outcomes.failed += 1;
    }
    for (const test of module.children.allTests()) {
      const { state } = test.result();
      if (state === 'passed') outcomes.passed += 1;
      else if (state !== 'skipped') outcomes.failed += 1;
    }
  }
  return outcomes;
}
