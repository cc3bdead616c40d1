import fc from 'fast-check';
import { expect, test } from 'vitest';
import { adopt } from '../core/allocate.ts';
import { sortingOrder } from './sort.ts';
import { roomToSort, writeSortingOrder } from './sort-loops.ts';
import { runOnBlocks } from './test-block.ts';

const entry = fc.oneof(
  fc.constantFrom(Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, 0, -0, 1, -1),
  fc.integer({ min: -9, max: 9 }),
  fc.float(),
);
type Kind = readonly ['float32' | 'float64', number];
const kinds: readonly Kind[] = [
  ['float32', 4],
  ['float32', 16],
  ['float64', 2],
];

function agree(kind: Kind, entries: readonly number[], descending: boolean): void {
  const size = entries.length;
  const x = adopt(kind[0] === 'float32' ? Float32Array.from(entries) : Float64Array.from(entries), [size]);
  const line = { sizes: [size], entries };
  const order = runOnBlocks(
    (w, work) => writeSortingOrder(w, work, descending),
    [line],
    [size],
    roomToSort(size),
    kind,
  );
  expect([...order]).toEqual([...sortingOrder(x, 0, descending).toTypedArray()]);
}

test.each(kinds)('lines of %s in %i lanes are sorted as eager code sorts them', (...kind) => {
  const line = fc.oneof(fc.array(entry, { maxLength: 45 }), fc.array(entry, { minLength: 38, maxLength: 120 }));
  fc.assert(
    fc.property(line, fc.boolean(), (entries, descending) => agree(kind, entries, descending)),
    { numRuns: 60 },
  );
});

test('so is a long one', () => {
  const entries = Array.from({ length: 4200 }, (_, i) => Math.fround(Math.sin(i * i) * 2 ** (i % 7)));
  agree(['float32', 4], entries, false);
});
