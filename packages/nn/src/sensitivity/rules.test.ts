import { describe, expect, test } from 'vitest';
import { hold } from './checks/check.ts';
import { checks } from './checks/index.ts';
import * as every from './every.ts';
import { rules } from './rules.ts';

describe('the collection', () => {
  test('holds every rule under the name that leads to it', () => {
    expect(rules.size).toBeGreaterThan(60);
    for (const [name, rule] of rules) {
      expect(rule.name).toBe(name);
      const found = name.split('.').reduce<unknown>((value, key) => (value as Record<string, unknown>)[key], every);
      expect(found, name).toBe(rule);
    }
  });

  test('says what each states and where, in LaTeX that is closed and stands in a table', () => {
    for (const { name, statement, place, shapes } of rules.values()) {
      expect(statement.split('{').length, name).toBe(statement.split('}').length);
      expect(statement + place, name).not.toMatch(/[|$\n]/);
      // Markdown would take the backslash away.
      expect(statement, name).not.toMatch(/\\[^a-zA-Z]/);
      expect(shapes, name).toContain(' -> ');
      for (const section of place.split('; '))
        expect(section, name).toMatch(/^(感知机|多层感知机|反向传播|层分解|训练技巧)/);
    }
  });
});

test('every rule is checked', () => {
  const checked = Object.values(checks).flatMap((list) => list.map(({ rule }) => rule.name));
  expect([...checked].sort()).toEqual([...rules.keys()].sort());
});

describe.each(Object.entries(checks))('%s', (_, list) => {
  const cases = list.flatMap((check) =>
    check.dtypes.map((dtype) => [check.rule.name, check.against, dtype, check] as const),
  );
  test.each(cases)('%s is what %s says, in %s', (_name, _against, dtype, check) => hold(check, dtype));
});
