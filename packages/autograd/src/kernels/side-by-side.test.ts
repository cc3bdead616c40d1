import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type Block, spansOf, widthOf } from './side-by-side.ts';

const storages = [new Float32Array(1), new Float32Array(1)];

/** Few values of each, so that blocks often lie side by side. */
const blocks: fc.Arbitrary<readonly Block[]> = fc.record({ rows: fc.nat(3), columns: fc.nat(3) }).chain((size) =>
  fc.array(
    fc.record({
      storage: fc.constantFrom(...storages),
      from: fc.nat(6),
      rows: fc.constant(size.rows),
      columns: fc.constant(size.columns),
      rowStep: fc.constantFrom(-8, 0, 8),
      columnStep: fc.constantFrom(0, 1, 1, 1, 2),
    }),
    { maxLength: 6 },
  ),
);

/** The places of a block's entries in its array. */
function placesOf({ from, rows, columns, rowStep, columnStep }: Block): readonly number[] {
  return Array.from({ length: rows * columns }, (_, i) => {
    return from + Math.floor(i / columns) * rowStep + (i % columns) * columnStep;
  });
}

test('spans hold all blocks in their order, and those of one lie apart within its rows', () => {
  fc.assert(
    fc.property(blocks, fc.boolean(), (drawn, isWorth) => {
      const spans = spansOf(drawn, () => isWorth);
      expect(spans.flat()).toEqual(drawn);
      if (!isWorth) expect(spans).toHaveLength(drawn.length);
      for (const span of spans.filter(({ length }) => length > 1)) {
        const places = span.flatMap(placesOf);
        const inRows = places.map((place) => (place - span[0].from) % span[0].rowStep);
        expect(new Set(places).size).toBe(places.length);
        expect(new Set(span.map(({ storage }) => storage)).size).toBe(1);
        expect(inRows.every((place) => place >= 0 && place < widthOf(span))).toBe(true);
      }
    }),
  );
});

test('gates that fill the rows of one array are one span', () => {
  const [storage] = storages;
  const gates = [0, 1, 2].map((k) => ({ storage, from: 5 + 4 * k, rows: 2, columns: 4, rowStep: 12, columnStep: 1 }));
  const apart = { ...gates[0], storage: storages[1] };
  const shape = (list: readonly Block[]) => spansOf(list, () => true).map((span) => [span.length, widthOf(span)]);
  expect(shape(gates)).toEqual([[3, 12]]);
  expect(shape([gates[0], gates[2], apart])).toEqual([
    [2, 12],
    [1, 4],
  ]);
  expect(shape([gates[1], gates[0], gates[2]])).toEqual([
    [1, 4],
    [2, 12],
  ]);
});
