import fc from 'fast-check';
import { expect, test } from 'vitest';
import { symmetricEigen } from './symmetric-eigen.ts';
import { symmetrize } from './symmetrize.ts';
import { distance, largest, scattered, squares, times, transposed } from './test-matrices.ts';

const EPSILON = 2 ** -52;

/** ‖A V - V Λ‖ and ‖Vᵀ V - 1‖ are some roundings, and the eigenvalues rise. */
function expectDecomposition(a: Float64Array, size: number): void {
  const { eigenvalues, eigenvectors: rows } = symmetricEigen(a.slice(), size);
  const v = transposed(rows, size, size);
  const scaled = v.map((entry, at) => entry * eigenvalues[at % size]);
  const allowed = 8 * EPSILON * Math.max(1, size);
  expect(distance(times(a, v, size, size, size), scaled)).toBeLessThanOrEqual(allowed * largest(a));
  const identity = v.map((_, at) => (at % (size + 1) === 0 ? 1 : 0));
  expect(distance(times(rows, v, size, size, size), identity)).toBeLessThanOrEqual(allowed);
  expect([...eigenvalues]).toEqual([...eigenvalues].sort((x, y) => x - y));
}

test('A V = V Λ, V orthogonal', () => {
  fc.assert(
    fc.property(squares, ({ size, entries }) => expectDecomposition(symmetrize(entries, size), size)),
    { numRuns: 60 },
  );
});

test('of few eigenvalues that repeat, of diagonals, and of entries that are far apart in size', () => {
  const kinds = fc.constantFrom<(entry: number) => number>(
    Math.round,
    () => 1,
    () => 0,
    (entry) => 2 ** Math.round(30 * entry),
    (entry) => (Math.abs(entry) < 0.7 ? 0 : Math.sign(entry)),
  );
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 20 }), fc.nat(), kinds, fc.boolean(), (size, seed, kind, diagonal) => {
      const drawn = scattered(size * size, seed).map(kind);
      const entries = diagonal ? drawn.map((entry, at) => (at % (size + 1) === 0 ? entry : 0)) : drawn;
      expectDecomposition(symmetrize(entries, size), size);
    }),
  );
});

test.each([2 ** -1000, 2 ** 1000])('squares of entries near %d neither vanish nor overflow', (scale) => {
  const a = symmetrize(scattered(25, 3), 5);
  const plain = symmetricEigen(a.slice(), 5);
  const { eigenvalues, eigenvectors } = symmetricEigen(
    a.map((entry) => entry * scale),
    5,
  );
  expect([...eigenvalues]).toEqual([...plain.eigenvalues].map((value) => value * scale));
  expect([...eigenvectors]).toEqual([...plain.eigenvectors]);
});

test('of the second difference, whose eigenvalues are 2 - 2 cos(π k / (n + 1))', () => {
  const size = 40;
  const a = Float64Array.from({ length: size * size }, (_, at) => {
    const apart = Math.abs(Math.floor(at / size) - (at % size));
    return apart === 0 ? 2 : apart === 1 ? -1 : 0;
  });
  const { eigenvalues } = symmetricEigen(a, size);
  const expected = eigenvalues.map((_, k) => 2 - 2 * Math.cos((Math.PI * (k + 1)) / (size + 1)));
  expect(distance(eigenvalues, expected)).toBeLessThan(1e-14);
});

test('the signs of eigenvectors are those of LAPACK', () => {
  // By NumPy 2.4.6, numpy.linalg.eigh.
  const { eigenvectors } = symmetricEigen(Float64Array.of(4, 1, -2, 1, 2, 0, -2, 0, 3), 3);
  const expected = [
    -0.5773502691896255, 0.5773502691896257, -0.5773502691896257, 0.21132486540518702, 0.7886751345948128,
    0.5773502691896258, -0.788675134594813, -0.21132486540518713, 0.5773502691896257,
  ];
  expect(distance(eigenvectors, Float64Array.from(expected))).toBeLessThan(1e-14);
});
