import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { LoopInterpreter } from '../interpret-loops.ts';
import type { Procedure } from '../kernel.ts';
import type { Contraction } from './contraction.ts';
import { drawTask, sizes } from './draw-task.ts';
import { expectProduct } from './expect-product.ts';
import { isReadInPlace, plainReading, readingInPlace, type Steps } from './operand.ts';
import { product, productFrom, workspaceElements } from './product.ts';
import type { Tile } from './tile.ts';

/** Runs the nest in plain JavaScript, on a memory that holds NaN wherever nothing was written; `inPlace` as in `product`. */
function interpret(task: Contraction, tile: Tile, lanes: number, inPlace?: Steps): void {
  const { out, outOffset, m, n, k, a, b } = task;
  const aStart = workspaceElements(tile, lanes);
  const bStart = aStart + a.data.length;
  const cStart = bStart + b.data.length;
  const memory = new Float64Array(cStart + m * n).fill(Number.NaN);
  memory.set(a.data, aStart);
  memory.set(b.data, bStart);
  const interpreter = new LoopInterpreter(lanes, memory);
  product(interpreter, tile, inPlace && { a: readingInPlace(inPlace), b: plainReading });
  const operandA = [aStart + a.offset, a.rowStride, a.columnStride];
  const operandB = [bStart + b.offset, b.rowStride, b.columnStride];
  const name = inPlace === undefined ? 'product' : `product_${inPlace.row}_${inPlace.column}`;
  interpreter.procedures.get(name)?.(m, n, k, ...operandA, ...operandB, cStart, n, 0);
  out.set(memory.subarray(cStart), outOffset);
}

describe('the loop nest of the product, interpreted', () => {
  const engines: [string, Tile, number][] = [
    ['6 × 2 vectors of 4, as WebAssembly has it for float32', { rows: 6, vectors: 2, depths: 8 }, 4],
    ['6 × 2 vectors of 4, one depth at a time', { rows: 6, vectors: 2 }, 4],
    ['6 × 2 vectors of 2, for float64', { rows: 6, vectors: 2 }, 2],
    ['8 × 2 vectors of 16: rows that are half a vector', { rows: 8, vectors: 2, depths: 4 }, 16],
    ['6 × 2 vectors of 8: rows that are no whole vectors', { rows: 6, vectors: 2 }, 8],
    ['1 × 1 vector of 1', { rows: 1, vectors: 1 }, 1],
  ];
  test.each(engines)('%s', (_, tile, lanes) => {
    const shapes = sizes(0, 40).filter(([, , k]) => k > 0);
    fc.assert(
      fc.property(drawTask({ sizes: shapes, batch: fc.constant([]) }), (task) =>
        expectProduct(task, () => interpret(task, tile, lanes)),
      ),
      { numRuns: 60 },
    );
  });

  test.each([
    [97, 9, 257],
    [3, 1030, 5],
    [193, 2, 3],
    [1, 2, 1025],
  ])('across the blocks: %i × %i × %i', (m, n, k) => {
    const shape = fc.constant<[number, number, number]>([m, n, k]);
    const tile = { rows: 4, vectors: 2 };
    fc.assert(
      fc.property(drawTask({ sizes: shape, batch: fc.constant([]) }), (task) =>
        expectProduct(task, () => interpret(task, tile, 4)),
      ),
      { numRuns: 4 },
    );
  });

  test.each(engines)('%s: an operand that is read where it lies gives the same bits', (_, tile, lanes) => {
    const shapes = sizes(1, 40);
    fc.assert(
      fc.property(drawTask({ sizes: shapes, batch: fc.constant([]) }), (task) => {
        const steps = { row: task.a.rowStride, column: task.a.columnStride };
        fc.pre(isReadInPlace(steps, 1));
        interpret(task, tile, lanes);
        const packed = task.out.slice();
        task.out.fill(7, task.outOffset, task.outOffset + task.m * task.n);
        interpret(task, tile, lanes, steps);
        expect(task.out).toEqual(packed);
      }),
      { numRuns: 40 },
    );
  });

  test('few rows and many go through one library, with workspaces for both', () => {
    const tile = { rows: 6, vectors: 2, lowRows: 4 };
    const workspace = workspaceElements(tile, 4);
    fc.assert(
      fc.property(drawTask({ sizes: sizes(1, 40), batch: fc.constant([]) }), (task) =>
        expectProduct(task, ({ out, outOffset, m, n, k, a, b }) => {
          const [aStart, bStart] = [2 * workspace, 2 * workspace + a.data.length];
          const cStart = bStart + b.data.length;
          const memory = new Float64Array(cStart + m * n).fill(Number.NaN);
          memory.set(a.data, aStart);
          memory.set(b.data, bStart);
          const interpreter = new LoopInterpreter(4, memory);
          const written = new Map<string, Procedure<number>>();
          const procedure = (name: string, write: () => Procedure<number>): Procedure<number> => {
            if (!written.has(name)) written.set(name, write());
            return written.get(name) as Procedure<number>;
          };
          const readings = { a: plainReading, b: plainReading };
          const wholeTiles = 3 * tile.vectors * interpreter.lanes;
          const products = [n, n + wholeTiles, 1, 1000, undefined].flatMap((columns) =>
            [m, 4, 600, undefined].map((rows) =>
              productFrom(interpreter, { tile, procedure }, readings, { rows, columns }),
            ),
          );
          const operandA = [aStart + a.offset, a.rowStride, a.columnStride];
          const operandB = [bStart + b.offset, b.rowStride, b.columnStride];
          const results = [products[0], products[4]].map((multiply) => {
            memory.fill(Number.NaN, cStart);
            multiply(m, n, k, ...operandA, ...operandB, cStart, n, 1);
            return memory.slice(cStart);
          });
          expect(results[1]).toEqual(results[0]);
          out.set(memory.subarray(cStart), outOffset);
          expect(memory.subarray(0, workspace).every(Number.isNaN)).toBe(true);
        }),
      ),
      { numRuns: 100 },
    );
  });

  test('what lies apart, or backwards, is packed', () => {
    const steps = (row: number, column: number) => isReadInPlace({ row, column }, 4);
    expect([steps(1e6, 4), steps(0, 4), steps(4, 4), steps(4, 1152), steps(4, 0)]).toEqual(Array(5).fill(true));
    expect([steps(-16, 4), steps(4, -16), steps(4, 1156), steps(8, 8)]).toEqual(Array(4).fill(false));
  });

  test('touches nothing outside the memory it was given', () => {
    const interpreter = new LoopInterpreter(4, new Float64Array(8));
    expect(() => interpreter.load(5)).toThrow('address 8 is outside');
    expect(() => interpreter.copy(-1, 0)).toThrow('address -1 is outside');
  });
});
