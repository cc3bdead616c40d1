import fc from 'fast-check';
import { expect, test } from 'vitest';
import { tileFor, widthsOf } from './tile.ts';

test('a lower tile is for few rows only, where less of it hangs over the edge', () => {
  const tile = { rows: 6, vectors: 2, lowRows: 4, depths: 8 };
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 1000 }), (rows) => {
      const chosen = tileFor(tile, rows);
      const covered = (height: number): number => Math.ceil(rows / height) * height;
      if (chosen === tile) expect(covered(4)).toBeGreaterThan(0.9 * covered(6));
      else
        expect([chosen, covered(4) < covered(6), rows < 60]).toEqual([{ rows: 4, vectors: 2, depths: 8 }, true, true]);
    }),
  );
  const lower = [1, 4, 8, 16, 20, 32].map((rows) => tileFor(tile, rows).rows);
  expect(lower).toEqual([4, 4, 4, 4, 4, 4]);
  expect([6, 12, 64, 1024].map((rows) => tileFor(tile, rows))).toEqual([tile, tile, tile, tile]);
  expect(tileFor({ rows: 8, vectors: 2 }, 9)).toEqual({ rows: 8, vectors: 2 });
});

test('only the widths are written that some strip of C has, however many whole tiles a call leaves out', () => {
  const tile = { rows: 6, vectors: 3 };
  const lanes = 4;
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 60 }), (columns) => {
      const rest = columns % 12;
      const [isNarrow, isWide] = [rest > 0 && rest <= 8, columns >= 12 || rest > 8];
      const expected = isNarrow && isWide ? 'either' : isNarrow ? 'narrow' : 'wide';
      expect(widthsOf(tile, lanes, columns)).toBe(expected);
    }),
  );
  expect(widthsOf(tile, lanes, undefined)).toBe('either');
  expect(widthsOf({ rows: 6, vectors: 1 }, lanes, 3)).toBe('either');
});
