import fc from 'fast-check';
import { expect, test } from 'vitest';
import { adopt, constant, view } from './allocate.ts';
import { describeValues, valueRangeOf } from './value-range.ts';

const vector = (...entries: number[]) => adopt(Float64Array.from(entries), [entries.length]);

test('the range holds every finite entry, and counts the others', () => {
  const entry = fc.oneof(fc.double(), fc.constantFrom(Number.NaN, Infinity, -Infinity, -0));
  fc.assert(
    fc.property(fc.array(entry), (entries) => {
      const finite = entries.filter(Number.isFinite);
      const { low, high, nans, infinities } = valueRangeOf(vector(...entries));
      expect([low, high].map((x) => x + 0)).toEqual([Math.min(...finite) + 0, Math.max(...finite) + 0]);
      expect(nans).toBe(entries.filter(Number.isNaN).length);
      expect(finite.length + nans + infinities).toBe(entries.length);
    }),
  );
});

test('only the entries of a view count', () => {
  const every = adopt(Float32Array.of(1, Number.NaN, 2, Number.NaN, 3, Number.NaN), [3, 2]);
  expect(describeValues(view(every, [3], [2], 0))).toBe('[3] float32, from 1 to 3');
});

test.each([
  [vector(), '[0] float64, no entries'],
  [vector(Number.NaN, Infinity, -Infinity), '[3] float64, no finite entry, 1 NaN, 2 infinite'],
  [vector(-1.234567, Number.NaN, 0.25), '[3] float64, from -1.2346 to 0.25, 1 NaN'],
  [constant(2, [], 'int32'), '[] int32, all 2'],
])('in words: %s', (x, words) => {
  expect(describeValues(x)).toBe(words);
});
