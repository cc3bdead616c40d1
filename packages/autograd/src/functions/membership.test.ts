import fc from 'fast-check';
import { expect, test } from 'vitest';
import { tensor, zeros } from '../index.ts';
import { isin } from './membership.ts';

test('asks of each element whether it is among the others', () => {
  const some = fc.array(fc.integer({ min: 0, max: 9 }), { maxLength: 12 });
  fc.assert(
    fc.property(some, some, fc.boolean(), (elements, others, invert) => {
      const found = isin(tensor(elements, { dtype: 'int32' }), tensor(others), { invert, assumeUnique: false });
      expect([...found.toTypedArray()].map(Boolean)).toEqual(elements.map((x) => others.includes(x) !== invert));
    }),
  );
});

test('of any shapes, and of numbers', () => {
  const x = tensor([
    [1, 2],
    [3, 4],
  ]);
  expect(isin(x, x.t()).shape).toEqual([2, 2]);
  expect(isin(x, 2).toArray()).toEqual([
    [false, true],
    [false, false],
  ]);
  expect(isin(3, x).item()).toBe(1);
  expect(isin(zeros([0, 3]), x).shape).toEqual([0, 3]);
});

test('needs a tensor', () => {
  expect(() => isin(1, 2)).toThrowErrorMatchingInlineSnapshot(`
    [GradtapeError: isin: neither operand is a tensor
      got:   number and number
      needs: a tensor of elements, of test elements, or both
      fix:   wrap data in tensor(…)]
  `);
});
