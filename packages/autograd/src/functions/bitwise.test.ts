import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { tensor } from '../index.ts';
import { bitwiseAnd, bitwiseNot, bitwiseOr, bitwiseXor } from './bitwise.ts';

const whole = fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 });
const of = (x: number) => tensor([x], { dtype: 'int32' });

describe('of whole numbers bit by bit', () => {
  test.each([
    ['and', bitwiseAnd, (a: number, b: number) => a & b],
    ['or', bitwiseOr, (a: number, b: number) => a | b],
    ['xor', bitwiseXor, (a: number, b: number) => a ^ b],
  ] as const)('%s', (_, f, expected) => {
    fc.assert(
      fc.property(whole, whole, (a, b) => {
        expect(f(of(a), of(b)).item()).toBe(expected(a, b));
        expect(f(of(a), b).item()).toBe(expected(a, b));
      }),
    );
  });

  test('not', () => {
    fc.assert(
      fc.property(whole, (a) => {
        expect(bitwiseNot(of(a)).item()).toBe(~a);
      }),
    );
  });
});

test('of truth values as the logical operations', () => {
  const [a, b] = [tensor([true, true, false]), tensor([true, false, false])];
  expect(bitwiseAnd(a, b).toArray()).toEqual([true, false, false]);
  expect(bitwiseOr(a, b).toArray()).toEqual([true, true, false]);
  expect(bitwiseXor(a, b).toArray()).toEqual([false, true, false]);
  expect(bitwiseNot(b).toArray()).toEqual([false, true, true]);
});

test('broadcast, and truth values beside whole numbers are numbers', () => {
  const mixed = bitwiseOr(tensor([[true], [false]]), tensor([4, 2], { dtype: 'int32' }));
  expect(mixed.toArray()).toEqual([
    [5, 3],
    [4, 2],
  ]);
});

test('fractions have no bits', () => {
  expect(() => bitwiseAnd(tensor([1]), 1)).toThrowErrorMatchingInlineSnapshot(`
    [GradtapeError: bitwiseAnd: an operand has no bits to combine
      got:   dtype float32
      needs: whole numbers (int32) or truth values (bool)
      fix:   x.to('int32') first]
  `);
  expect(() => bitwiseOr(of(1), 0.5)).toThrowErrorMatchingInlineSnapshot(`
    [GradtapeError: bitwiseOr: an operand has no bits to combine
      got:   0.5
      needs: whole numbers (int32) or truth values (bool)
      fix:   x.to('int32') first]
  `);
  expect(() => bitwiseNot(tensor([1]))).toThrow(/bitwiseNot: an operand has no bits/);
});
