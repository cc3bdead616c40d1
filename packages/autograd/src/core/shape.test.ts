import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { GradtapeError } from './errors.ts';
import {
  broadcastShapes,
  checkShape,
  contiguousStrides,
  entriesOf,
  indexAt,
  normalizeDim,
  normalizeDims,
  type Shape,
  sameShape,
  showShape,
} from './shape.ts';

const shapes = fc.array(fc.integer({ min: 0, max: 4 }), { maxLength: 4 });

/** All indices of a shape, in reading order. */
function indicesOf(shape: Shape): number[][] {
  return shape.reduce<number[][]>(
    (shorter, size) => shorter.flatMap((index) => Array.from({ length: size }, (_, i) => index.concat(i))),
    [[]],
  );
}

describe('sizes', () => {
  test('the index of a place is the one that is read there', () => {
    fc.assert(
      fc.property(shapes, (shape) => {
        indicesOf(shape).forEach((index, place) => {
          expect(indexAt(place, shape)).toEqual(index);
        });
      }),
    );
  });

  test('a shape has as many entries as indices', () => {
    fc.assert(
      fc.property(shapes, (shape) => {
        expect(entriesOf(shape)).toBe(indicesOf(shape).length);
      }),
    );
  });

  test('contiguous strides count the indices in reading order', () => {
    fc.assert(
      fc.property(shapes, (shape) => {
        const strides = contiguousStrides(shape);
        const places = indicesOf(shape).map((index) => index.reduce((at, i, d) => at + i * strides[d], 0));
        expect(places).toEqual(places.map((_, i) => i));
      }),
    );
  });

  test('shapes are the same if they read the same', () => {
    fc.assert(
      fc.property(shapes, shapes, (a, b) => {
        expect(sameShape(a, b)).toBe(showShape(a) === showShape(b));
        expect(sameShape(a, [...a])).toBe(true);
      }),
    );
  });

  test('a shape that is taken over is checked, and copied', () => {
    const sizes = [2, 3];
    const taken = checkShape('zeros', sizes);
    sizes[0] = 7;
    expect(taken).toEqual([2, 3]);
    expect(checkShape('zeros', [])).toEqual([]);
    for (const wrong of [[-1], [1.5], [Number.NaN], [Infinity]]) {
      expect(() => checkShape('zeros', wrong)).toThrow(GradtapeError);
    }
  });
});

describe('broadcasting', () => {
  /** By its definition: missing dims in front are of size one; all sizes of a dim are equal but for ones. */
  function broadcast(all: readonly Shape[]): Shape | undefined {
    const rank = Math.max(0, ...all.map((shape) => shape.length));
    const filled = all.map((shape) => [...new Array<number>(rank - shape.length).fill(1), ...shape]);
    const sizes = Array.from({ length: rank }, (_, d) => new Set(filled.map((shape) => shape[d])));
    for (const of of sizes) if (of.size > 1) of.delete(1);
    return sizes.every((of) => of.size === 1) ? sizes.flatMap((of) => [...of]) : undefined;
  }

  const sizes = fc.array(fc.constantFrom(1, 1, 0, 2, 3), { maxLength: 4 });

  test('is what its definition says, for any number of shapes', () => {
    fc.assert(
      fc.property(fc.array(sizes, { maxLength: 3 }), (all) => {
        const expected = broadcast(all);
        if (expected === undefined) expect(() => broadcastShapes('add', all)).toThrow(GradtapeError);
        else expect(broadcastShapes('add', all)).toEqual(expected);
      }),
      { numRuns: 1000 },
    );
  });

  test('nothing stretches to nothing', () => {
    expect(broadcastShapes('add', [[1], [0]])).toEqual([0]);
    expect(() => broadcastShapes('add', [[2], [0]])).toThrow(GradtapeError);
  });

  test('the error names the operation and the shapes', () => {
    expect(() => broadcastShapes('mul', [[2, 3], [4]])).toThrow(/mul(.|\n)*\[2, 3\] with \[4\](.|\n)*fix:/);
  });
});

describe('dims', () => {
  test('are counted from the front or from the end', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 5 }), fc.integer({ min: -9, max: 9 }), (rank, dim) => {
        if (dim < -rank || dim >= rank) expect(() => normalizeDim('sum', dim, rank)).toThrow(GradtapeError);
        else expect(normalizeDim('sum', dim, rank)).toBe((dim + rank) % rank);
      }),
    );
    expect(normalizeDim('sum', -1, 0)).toBe(0);
    expect(() => normalizeDim('sum', 1, 0)).toThrow(/dim 0 or -1/);
    expect(() => normalizeDim('sum', 0.5, 3)).toThrow(GradtapeError);
  });

  test('several are sorted, and none comes twice', () => {
    expect(normalizeDims('sum', [-1, 0], 3)).toEqual([0, 2]);
    expect(normalizeDims('sum', 1, 3)).toEqual([1]);
    expect(normalizeDims('sum', [], 3)).toEqual([]);
    expect(normalizeDims('sum', undefined, 3)).toEqual([0, 1, 2]);
    expect(normalizeDims('sum', null, 0)).toEqual([]);
    expect(normalizeDims('sum', -1, 0)).toEqual([]);
    expect(() => normalizeDims('sum', [2, -1], 3)).toThrow(/named twice/);
  });
});
