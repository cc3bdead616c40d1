import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { contiguousStrides, entriesOf, type Shape } from '../core/shape.ts';
import { loopNest, visitOuter } from './iteration.ts';

/** The places of the entries in reading order, by the definition of strides. */
function placesOf(shape: Shape, strides: readonly number[], start: number): number[] {
  return shape.reduce<number[]>(
    (places, size, d) => places.flatMap((place) => Array.from({ length: size }, (_, i) => place + i * strides[d])),
    [start],
  );
}

const strideLists = (rank: number): fc.Arbitrary<number[]> =>
  fc.array(fc.integer({ min: -3, max: 6 }), { minLength: rank, maxLength: rank });

const nests = fc.array(fc.integer({ min: 0, max: 4 }), { maxLength: 4 }).chain((shape) => {
  const strides = fc.oneof(fc.constant([...contiguousStrides(shape)]), strideLists(shape.length));
  return fc.record({
    shape: fc.constant(shape),
    operands: fc.array(fc.record({ strides, start: fc.nat({ max: 9 }) }), { minLength: 1, maxLength: 3 }),
  });
});

describe('a loop nest', () => {
  test('visits every index of a shape in reading order, in all operands', () => {
    fc.assert(
      fc.property(nests, ({ shape, operands }) => {
        const nest = loopNest(
          shape,
          operands.map(({ strides }) => strides),
        );
        const visited: number[][] = operands.map(() => []);
        const starts = operands.map(({ start }) => start);
        visitOuter(nest, nest.sizes.length, starts, (places) => {
          places.forEach((place, k) => {
            visited[k].push(place);
          });
        });
        expect(visited).toEqual(operands.map(({ strides, start }) => placesOf(shape, strides, start)));
      }),
      { numRuns: 500 },
    );
  });

  test('leaves the inner dims to its caller', () => {
    fc.assert(
      fc.property(nests, fc.nat({ max: 2 }), ({ shape, operands: [{ strides, start }] }, left) => {
        const nest = loopNest(shape, [strides]);
        const inner = Math.max(0, nest.sizes.length - left);
        const visited: number[] = [];
        visitOuter(nest, inner, [start], ([place]) => {
          visited.push(...placesOf(nest.sizes.slice(inner), nest.strides[0].slice(inner), place));
        });
        expect(visited).toEqual(placesOf(shape, strides, start));
      }),
    );
  });

  test('is one loop over what lies in reading order, and none over one entry', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 4 }), { maxLength: 4 }), (shape) => {
        const { sizes } = loopNest(shape, [contiguousStrides(shape), contiguousStrides(shape)]);
        expect(sizes).toEqual(entriesOf(shape) === 1 ? [] : [entriesOf(shape)]);
      }),
    );
  });
});
