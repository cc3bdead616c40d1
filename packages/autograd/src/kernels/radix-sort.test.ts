import fc from 'fast-check';
import { expect, test } from 'vitest';
import { newStorage } from '../core/dtype.ts';
import { RadixSort } from './radix-sort.ts';
import { compare } from './sort.ts';

test('gives the order that comparing gives, equal numbers as they stand', () => {
  const special = fc.constantFrom(NaN, Infinity, -Infinity, 0, -0, 1, -1, 2 ** 31 - 1, -(2 ** 31), 2 ** -149, 5e-324);
  const lists = fc.array(fc.oneof(special, fc.double(), fc.integer({ min: -3000, max: 3000 })), { maxLength: 60 });
  fc.assert(
    fc.property(
      lists,
      fc.constantFrom('float32', 'float64', 'int32', 'bool'),
      fc.boolean(),
      (list, dtype, descending) => {
        const numbers = newStorage(dtype, list.length);
        numbers.set(dtype === 'bool' ? list.map((entry) => Number(entry > 0)) : list);
        const radix = new RadixSort(dtype, list.length);
        // A second call must not be disturbed by the first.
        radix.orderOf(numbers.slice().reverse(), !descending);
        const places = Array.from(numbers, (_, i) => i);
        const sign = descending ? -1 : 1;
        expect([...radix.orderOf(numbers, descending)]).toEqual(
          places.toSorted((i, j) => sign * compare(numbers[i], numbers[j]) || i - j),
        );
      },
    ),
    { numRuns: 300 },
  );
});
