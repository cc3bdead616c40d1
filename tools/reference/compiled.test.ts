// Each case that PyTorch computed, compiled to WebAssembly, as a test of its own.
import { describe, expect, test } from 'vitest';
import { readFamilies } from './format.ts';
import { absentFrom, canBeCompiled, runCase } from './run.ts';

const families = [...readFamilies()].map(
  ([family, cases]) =>
    [family, cases.filter((reference) => absentFrom(reference).length === 0 && canBeCompiled(reference))] as const,
);

describe.each(families.filter(([, cases]) => cases.length > 0))('%s', (_, cases) => {
  test.each(cases.map((reference) => [reference.name, reference] as const))('%s', (_name, reference) => {
    expect(runCase(reference, 'wasm')).toMatchObject({ complaints: [], state: 'passed' });
  });
});
