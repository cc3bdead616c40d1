import fc from 'fast-check';
import { expect, test } from 'vitest';
import { entry, reductions } from './test-reductions.ts';
import { type Runs, vectorReduce } from './vector-reduce.ts';

/** Runs of any length, some of them with others between, or the same again and again; 8192 entries and more. */
const drawn = fc
  .record({
    inner: fc.integer({ min: 1, max: 300 }),
    outer: fc.integer({ min: 1, max: 40 }),
    columnsFirst: fc.boolean(),
    gap: fc.integer({ min: 0, max: 3 }),
    isRepeated: fc.boolean(),
    from: fc.nat({ max: 9 }),
    entries: fc.array(entry, { minLength: 1, maxLength: 90 }),
  })
  .map(({ inner, outer, columnsFirst, gap, isRepeated, ...rest }) => {
    const columns = Math.ceil(8192 / (inner * outer));
    const step = inner + Math.min(gap, Math.floor(inner / 2));
    const steps = columnsFirst ? [step * outer, step] : [step, step * columns];
    const runs: Runs = { columns, columnStep: steps[0], outer, outerStep: steps[1], inner };
    // One run that is read by all columns would be too little to be copied for them.
    return { runs: isRepeated && outer > 1 ? { ...runs, columnStep: 0, outerStep: step } : runs, ...rest };
  });

test.each(reductions)('the %s of runs in any places', (_, combine, initial, join) => {
  const reduce = vectorReduce(combine, initial);
  fc.assert(
    fc.property(drawn, ({ runs, from, entries }) => {
      const { columns, columnStep, outer, outerStep, inner } = runs;
      const length = from + (columns - 1) * columnStep + (outer - 1) * outerStep + inner;
      const x = Float32Array.from({ length }, (_, i) => entries[i % entries.length]);
      const expected = Array.from({ length: columns }, (_, column) => {
        let result: number = initial;
        for (let i = 0; i < outer; i++) {
          const start = from + column * columnStep + i * outerStep;
          for (let j = start; j < start + inner; j++) result = join(result, x[j]);
        }
        return result;
      });
      const y = new Float64Array(columns + 2).fill(7);
      expect(reduce(x, from, runs, y, 1)).toBe(true);
      expect([...y]).toEqual([7, ...expected, 7]);
    }),
    { numRuns: 100 },
  );
});

test('other dtypes, few entries, backwards and far apart are left to others', () => {
  const reduce = vectorReduce(reductions[0][1], 0);
  const runs = { columns: 2, columnStep: 5000, outer: 1, outerStep: 0, inner: 5000 };
  const x = new Float32Array(100_000);
  const y = new Float32Array(2);
  expect(reduce(x, 0, runs, y, 0)).toBe(true);
  expect(reduce(new Float64Array(x), 0, runs, y, 0)).toBe(false);
  expect(reduce(x, 0, { ...runs, inner: 2000 }, y, 0)).toBe(false);
  expect(reduce(x, 5000, { ...runs, columnStep: -5000 }, y, 0)).toBe(false);
  expect(reduce(x, 0, { ...runs, columnStep: 50_000 }, y, 0)).toBe(false);
});
