import { expect, test } from 'vitest';
import { address, procedureSources, type WrittenProcedure } from './procedure-sources.ts';

const parameters = ['char *const restrict M', 'const I p0'];
const add = (name: string, from: number, to: number, step = 4): WrittenProcedure => ({
  name,
  parameters,
  body: `add(M + ${address(from)}, M + ${address(to)}, M + ${address(to)}, p0 * ${address(step)});`,
});

test('procedures that differ in addresses share a function, which takes each address that differs once', () => {
  const source = procedureSources([add('one', 100_000, 200_000), add('two', 100_000, 300_000)]);
  expect(source).toMatchInlineSnapshot(`
    "static __attribute__((noinline)) void one_and_others(char *const restrict M, const I p0, const I a0) {
    add(M + 100000, M + a0, M + a0, p0 * 4);
    }

    static __attribute__((unused)) void one(char *const restrict M, const I p0) {
    one_and_others(M, p0, 200000);
    }

    static __attribute__((unused)) void two(char *const restrict M, const I p0) {
    one_and_others(M, p0, 300000);
    }
    "
  `);
});

test('another step, other parameters or another operation is another function', () => {
  const one = add('one', 100_000, 200_000);
  const others = [
    add('step', 100_000, 200_000, 8),
    { ...one, name: 'parameters', parameters: [...parameters, 'const I p1'] },
    { ...one, name: 'operation', body: one.body.replace('add', 'sub') },
  ];
  for (const other of others) expect(procedureSources([one, other])).not.toContain('_and_others');
});

test('addresses that are alike in one procedure and not in another are two numbers', () => {
  const source = procedureSources([
    add('one', 100_000, 100_000),
    add('two', 100_000, 300_000),
    add('three', 400_000, 1),
  ]);
  expect(source).toContain('add(M + 100000, M + a0, M + a0, p0 * 4);');
  expect(source).toContain('add(M + 400000, M + 1, M + 1, p0 * 4);');
  expect(source).not.toContain('@');
});
