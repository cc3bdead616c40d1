import fc from 'fast-check';
import { expect, test } from 'vitest';
import { distance, largest, scattered, squares, times, triangleOf } from './test-matrices.ts';
import { solveTriangle } from './triangle.ts';

test.each([
  { upper: false, unit: false },
  { upper: false, unit: true },
  { upper: true, unit: false },
  { upper: true, unit: true },
])('solves a triangle, upper: $upper, unit: $unit, and reads nothing else', (triangle) => {
  fc.assert(
    fc.property(squares, fc.integer({ min: 0, max: 40 }), fc.nat(), ({ size, entries }, columns, seed) => {
      // Small numbers beside a diagonal of 2 and more, so that solutions do not grow.
      const a = entries.map((entry, at) => (at % (size + 1) === 0 ? 2 + entry : entry / Math.max(1, size)));
      const counted = triangleOf({ size, entries: a }, triangle.upper, triangle.unit);
      const read = a.map((entry, at) => (counted[at] === entry ? entry : Number.NaN));
      const b = scattered(size * columns, seed);
      const x = b.slice();
      const block = (matrix: Float64Array, rowStride: number) => ({ entries: matrix, offset: 0, rowStride });
      solveTriangle(block(read, size), block(x, columns), [size, columns], triangle);
      const residual = distance(times(counted, x, size, size, columns), b);
      expect(residual).toBeLessThanOrEqual(1e-14 * Math.max(1, largest(x)));
    }),
    { numRuns: 40 },
  );
});
