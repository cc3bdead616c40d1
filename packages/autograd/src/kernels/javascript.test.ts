import { describe, expect, test } from 'vitest';
import { compileSource, javaScriptMath } from './javascript.ts';
import { numbers } from './numbers.ts';
import type { ScalarMath } from './scalar-math.ts';
import { withoutCompiler } from './without-compiler.ts';

type Operation = Exclude<keyof ScalarMath<number>, 'constant'>;

const operations = (Object.keys(numbers) as (Operation | 'constant')[]).filter((name) => name !== 'constant');
const samples = [Number.NaN, Infinity, -Infinity, 0, -0, 1, -1, 0.5, -0.5, 1.5, 2.5, -2.5, 3, -7, 0.1, 1e-300, 1e300];

function apply<T>(m: ScalarMath<T>, name: Operation, operands: readonly T[]): T {
  const operation: (...operands: T[]) => T = m[name];
  return operation(...operands);
}

function compile(parameters: readonly string[], value: (m: ScalarMath<string>) => string): (...x: number[]) => unknown {
  const math = javaScriptMath();
  const result = value(math);
  const made = compileSource(parameters.join(', '), `${math.statements.join('\n')} return ${result};`);
  return made as (...x: number[]) => unknown;
}

describe('the source computes what the numbers compute, bit for bit', () => {
  test.each(operations)('%s', (name) => {
    const names = ['a', 'b', 'c'].slice(0, numbers[name].length);
    const compiled = compile(names, (m) => apply(m, name, names));
    const operands = names.reduce<number[][]>(
      (lists) => lists.flatMap((list) => samples.map((x) => list.concat(x))),
      [[]],
    );
    for (const list of operands) expect([list, compiled(...list)]).toEqual([list, apply(numbers, name, list)]);
  });

  test.each(samples)('the constant %s', (value) => {
    expect(compile([], (m) => m.constant(value))()).toBe(value);
    expect(compile([], (m) => m.neg(m.constant(value)))()).toBe(-value);
    expect(compile([], (m) => m.sub(m.constant(1), m.constant(value)))()).toBe(1 - value);
  });

  test('what is kept is computed once', () => {
    const math = javaScriptMath();
    const sum = math.share(math.add('a', 'b'));
    expect(math.mul(sum, sum)).toBe('(t0 * t0)');
    expect(math.statements).toEqual(['const t0 = (a + b);']);
    expect(math.share('a')).toBe('a');
    expect(compile(['a', 'b'], (m) => m.share(m.mul(m.share(m.add('a', 'b')), 'a')))(2, 3)).toBe(10);
  });
});

test('where source may not be compiled there is none; other errors are not hidden', () => {
  expect(withoutCompiler(() => compileSource('a', 'return a;'))).toBeUndefined();
  expect(() => compileSource('a', 'return (;')).toThrow(SyntaxError);
});
