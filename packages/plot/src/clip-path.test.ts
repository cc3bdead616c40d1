import fc from 'fast-check';
import { expect, test } from 'vitest';
import { clipPath, type Place } from './clip-path.ts';

const coordinate = fc.oneof(
  fc.double({ min: -3, max: 3, noNaN: true }),
  fc.double({ min: -1e30, max: 1e30, noNaN: true }),
);
const place = fc.tuple(coordinate, coordinate);

test('what lies within stays as it is', () => {
  const inside: Place[] = [
    [0, 0],
    [0.5, -1],
    [1, 1],
  ];
  expect(clipPath(inside, [-1, 1], [-1, 1])).toEqual(inside);
});

test('what leaves ends at the border, and begins anew where it comes back', () => {
  const path: Place[] = [
    [0, 0],
    [2, 0],
    [2, 1],
    [0, 1],
  ];
  expect(clipPath(path, [-1, 1], [-1, 1])).toEqual([
    [0, 0],
    [1, 0],
    [Number.NaN, Number.NaN],
    [1, 1],
    [0, 1],
  ]);
});

test('nothing is drawn outside, and every point inside is', () => {
  fc.assert(
    fc.property(fc.array(place, { maxLength: 8 }), (path) => {
      const clipped = clipPath(path, [-1, 1], [-2, 2]);
      for (const [x, y] of clipped.filter(([x]) => !Number.isNaN(x))) {
        expect(Math.abs(x)).toBeLessThanOrEqual(1 + 1e-9);
        expect(Math.abs(y)).toBeLessThanOrEqual(2 + 1e-9);
      }
      const isInside = ([x, y]: Place): boolean => Math.abs(x) <= 1 && Math.abs(y) <= 2;
      for (const point of path.filter(isInside)) expect(clipped).toContainEqual(point);
    }),
  );
});
