import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { LoopInterpreter } from '../interpret-loops.ts';
import type { Contraction } from './contraction.ts';
import { drawTask, sizes } from './draw-task.ts';
import { expectProduct } from './expect-product.ts';
import { product, workspaceElements } from './product.ts';
import type { Tile } from './tile.ts';

/** Runs the nest in plain JavaScript, on a memory that holds NaN wherever nothing was written. */
function interpret(task: Contraction, tile: Tile, lanes: number): void {
  const { out, outOffset, m, n, k, a, b } = task;
  const aStart = workspaceElements(tile, lanes);
  const bStart = aStart + a.data.length;
  const cStart = bStart + b.data.length;
  const memory = new Float64Array(cStart + m * n).fill(Number.NaN);
  memory.set(a.data, aStart);
  memory.set(b.data, bStart);
  const interpreter = new LoopInterpreter(lanes, memory);
  product(interpreter, tile);
  const operandA = [aStart + a.offset, a.rowStride, a.columnStride];
  const operandB = [bStart + b.offset, b.rowStride, b.columnStride];
  interpreter.procedures.get('product')?.(m, n, k, ...operandA, ...operandB, cStart, n, 0);
  out.set(memory.subarray(cStart), outOffset);
}

describe('the loop nest of the product, interpreted', () => {
  const engines: [string, Tile, number][] = [
    ['4 × 2 vectors of 4, as WebAssembly has it for float32', { rows: 4, vectors: 2 }, 4],
    ['4 × 2 vectors of 2, for float64', { rows: 4, vectors: 2 }, 2],
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

  test('touches nothing outside the memory it was given', () => {
    const interpreter = new LoopInterpreter(4, new Float64Array(8));
    expect(() => interpreter.load(5)).toThrow('address 8 is outside');
    expect(() => interpreter.copy(-1, 0)).toThrow('address -1 is outside');
  });
});
