// Each case that PyTorch computed, as a test of its own.
import { describe, expect, test } from 'vitest';
import { absent } from './absent.ts';
import { readFamilies } from './format.ts';
import { find } from './names.ts';
import { absentFrom, runCase } from './run.ts';

const families = readFamilies();
const cases = [...families.values()].flat();

test('what is absent is listed', () => {
  expect([...new Set(cases.flatMap(absentFrom))].filter((name) => !absent.includes(name))).toEqual([]);
});

test('what is listed as absent does not exist', () => {
  expect(absent.filter((name) => find(name) !== undefined)).toEqual([]);
});

describe.each([...families])('%s', (_, family) => {
  const present = family.filter((reference) => absentFrom(reference).length === 0);

  test('is not empty', () => expect(family.length).toBeGreaterThan(0));

  test.each(present.map((reference) => [reference.name, reference] as const))('%s', (_name, reference) => {
    expect(runCase(reference)).toMatchObject({ complaints: [], state: 'passed' });
  });
});
