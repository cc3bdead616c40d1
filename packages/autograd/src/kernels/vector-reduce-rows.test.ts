import fc from 'fast-check';
import { expect, test } from 'vitest';
import { withCopiesNear } from './test-near.ts';
import { entry, reductions } from './test-reductions.ts';
import { type Rows, vectorReduceRows } from './vector-reduce-rows.ts';

/** Groups of rows of any length, others between them; 8192 entries and more, also more than are copied at a time. */
const drawn = fc
  .record({
    columns: fc.oneof(fc.integer({ min: 1, max: 9 }), fc.integer({ min: 10, max: 600 }), fc.constant(9000)),
    outer: fc.integer({ min: 1, max: 5 }),
    gap: fc.integer({ min: 0, max: 3 }),
    isLarge: fc.boolean(),
    isBackwards: fc.boolean(),
    entries: fc.array(entry, { minLength: 1, maxLength: 90 }),
  })
  .map(({ columns, outer, gap, isLarge, isBackwards, entries }) => {
    const inner = Math.ceil((isLarge ? 40_000 : 8192) / (columns * outer));
    const innerStep = columns + Math.min(gap, columns);
    const group = inner * innerStep + gap;
    const rows: Rows = { columns, outer, outerStep: isBackwards ? -group : group, inner, innerStep };
    return { rows, from: gap + (isBackwards ? (outer - 1) * group : 0), length: gap + outer * group, entries };
  });

test.each(reductions)('the %s of rows in any places', (_, combine, initial, join) => {
  const reduce = vectorReduceRows(combine, initial);
  fc.assert(
    fc.property(drawn, ({ rows, from, length, entries }) => {
      const { columns, outer, outerStep, inner, innerStep } = rows;
      const x = Float32Array.from({ length }, (_, i) => entries[i % entries.length]);
      const expected = new Float64Array(columns).fill(initial);
      for (let i = 0; i < outer * inner; i++) {
        const start = from + Math.floor(i / inner) * outerStep + (i % inner) * innerStep;
        for (let c = 0; c < columns; c++) expected[c] = join(expected[c], x[start + c]);
      }
      withCopiesNear((copyNear) => {
        for (const place of [x, copyNear(x)]) {
          const y = new Float64Array(columns + 2).fill(7);
          expect(reduce(place, from, rows, y, 1)).toBe(true);
          expect(y).toEqual(Float64Array.of(7, ...expected, 7));
        }
      });
    }),
    { numRuns: 40 },
  );
});

test('other dtypes, few entries and rows that overlap, run backwards or lie far apart are left to others', () => {
  const reduce = vectorReduceRows(reductions[0][1], 0);
  const rows: Rows = { columns: 8192, outer: 1, outerStep: 0, inner: 2, innerStep: 8192 };
  const x = new Float32Array(40_000);
  const y = new Float64Array(8192);
  expect(reduce(x, 0, rows, y, 0)).toBe(true);
  expect(reduce(new Float64Array(x), 0, rows, y, 0)).toBe(false);
  expect(reduce(x, 0, { ...rows, columns: 4095 }, y, 0)).toBe(false);
  for (const innerStep of [-8192, 8191, 16_385]) expect(reduce(x, 0, { ...rows, innerStep }, y, 0)).toBe(false);
});
