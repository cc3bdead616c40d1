import fc from 'fast-check';
import { describe, expect, test, vi } from 'vitest';
import { adopt } from '../core/allocate.ts';
import type { DType } from '../core/dtype.ts';
import type { Tensor } from '../core/tensor.ts';
import { drawBy } from '../verify/draw-samples.ts';
import * as compiled from './argument-of-extreme.ts';
import { inReadingOrder } from './copy.ts';
import { keptShape } from './reduce.ts';
import { withoutCompiler } from './without-compiler.ts';

// Loops are made once: those without a compiler come from a copy of the module that has made none yet.
vi.resetModules();
const uncompiled: typeof compiled = await import('./argument-of-extreme.ts');

type Find = typeof compiled.argumentOfExtreme;
const engines: [name: string, find: Find][] = [
  ['compiled', compiled.argumentOfExtreme],
  ['without a compiler', (...args) => withoutCompiler(() => uncompiled.argumentOfExtreme(...args))],
];

/** The entries over dims, in reading order, for every index of the others. */
function groups(x: Tensor, dims: readonly number[]): number[][] {
  const found = new Map<string, number[]>();
  const entries = inReadingOrder(x).toTypedArray();
  let i = 0;
  const visit = (dim: number, key: string): void => {
    if (dim === x.rank) found.set(key, [...(found.get(key) ?? []), entries[i++]]);
    else for (let k = 0; k < x.shape[dim]; k++) visit(dim + 1, dims.includes(dim) ? key : `${key} ${k}`);
  };
  visit(0, '');
  return [...found.values()];
}

describe.each(engines)('the place of an extreme, %s,', (_, argumentOfExtreme) => {
  test('is that of the first among equals, over any dims of any layout', () => {
    fc.assert(
      fc.property(fc.constantFrom<DType[]>('float64', 'float32', 'int32'), fc.gen(), (dtype, choose) => {
        const draw = drawBy(choose, { dtype, entries: 'halves' });
        const x = draw.tensor(draw.shape({ minimumSize: 1 }));
        const dims = x.shape.flatMap((_, d) => (draw.integer(0, 1) ? [d] : []));
        const lines = groups(x, dims);
        for (const [sign, best] of [
          [1, Math.max],
          [-1, Math.min],
        ] as const) {
          const places = argumentOfExtreme(x, dims, sign);
          expect(places.shape).toEqual(keptShape(x.shape, dims));
          expect([...places.toTypedArray()]).toEqual(lines.map((line) => line.indexOf(best(...line))));
        }
      }),
      { numRuns: 300 },
    );
  });

  test('is found among few entries of many places', () => {
    fc.assert(
      fc.property(
        fc.constantFrom<DType[]>('float64', 'float32', 'int32'),
        fc.constantFrom<[shape: number[], dims: number[]][]>(
          [[1100, 2], [1]],
          [[3, 600, 4], [0]],
          [
            [30, 2, 40, 3],
            [1, 3],
          ],
          [
            [4, 20, 2, 4, 20],
            [0, 3],
          ],
        ),
        fc.gen(),
        (dtype, [shape, dims], choose) => {
          const x = drawBy(choose, { dtype, entries: dtype === 'int32' ? 'halves' : 'special' }).tensor(shape);
          const placeOf = (line: number[], sign: 1 | -1): number => {
            const firstNaN = line.findIndex(Number.isNaN);
            const extreme = sign === 1 ? Math.max(...line) : Math.min(...line);
            // Of zeros, the sign does not count.
            return firstNaN >= 0 ? firstNaN : line.indexOf(extreme);
          };
          const lines = groups(x, dims);
          for (const sign of [1, -1] as const) {
            const places = argumentOfExtreme(x, dims, sign);
            expect(places).toMatchObject({ dtype: 'int32', shape: keptShape(x.shape, dims) });
            expect([...places.toTypedArray()]).toEqual(lines.map((line) => placeOf(line, sign)));
          }
        },
      ),
      { numRuns: 20 },
    );
  });

  test('is that of the first NaN, where there is one', () => {
    const x = adopt(Float32Array.of(1, 3, 3, -2, Number.NaN, 5, Number.NaN, 0), [2, 4]);
    expect(argumentOfExtreme(x, [1], 1).toArray()).toEqual([[1], [0]]);
    expect(argumentOfExtreme(x, [1], -1).toArray()).toEqual([[3], [0]]);
    expect(argumentOfExtreme(x, [0], 1).toArray()).toEqual([[1, 1, 1, 1]]);
    expect(argumentOfExtreme(x, [0], -1).toArray()).toEqual([[1, 0, 1, 0]]);
    expect(argumentOfExtreme(x, [0, 1], 1).toArray()).toEqual([[4]]);
  });
});
