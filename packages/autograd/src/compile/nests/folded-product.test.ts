import fc from 'fast-check';
import { expect, test } from 'vitest';
import { LoopInterpreter } from '../../kernels/interpret-loops.ts';
import { type Adding, addMatrix } from './folded-product.ts';

/** Loops of rows that lie side by side, or apart, whose parts in the result may overlap. */
const drawn = fc.record({
  rows: fc.array(fc.record({ size: fc.integer({ min: 1, max: 3 }), to: fc.integer({ min: 0, max: 9 }) }), {
    maxLength: 2,
  }),
  length: fc.integer({ min: 1, max: 11 }),
  step: fc.constantFrom(1, 1, 1, 2),
  lanes: fc.constantFrom(1, 2, 4, 8),
});

const MASK = 64;

test('a matrix is added to its places, and nothing beyond them is touched', () => {
  fc.assert(
    fc.property(drawn, ({ rows, length, step, lanes }) => {
      const sizes = [...rows.map(({ size }) => size), length];
      const loops = sizes.map((size, d) => ({
        size,
        to: rows[d]?.to ?? step,
        from: sizes.slice(d + 1).reduce((product, each) => product * each, 1),
      }));
      const reach = loops.reduce((sum, loop) => sum + (loop.size - 1) * loop.to, 1);
      const entries = sizes.reduce((product, size) => product * size, 1);
      // The mask; what is added, and what is no number behind it; the result, which ends where the memory does.
      const from = 2 * MASK;
      const to = from + entries + lanes;
      const memory = new Float64Array(to + reach).fill(Number.NaN);
      new BigInt64Array(memory.buffer).fill(-1n, 0, MASK).fill(0n, MASK, from);
      for (let i = 0; i < entries; i++) memory[from + i] = i + 1;
      memory.fill(100, to);
      const expected = memory.slice(to);
      const add = (d: number, at: number, i: number): void => {
        const loop = loops[d];
        if (loop === undefined) expected[at] += i + 1;
        else for (let k = 0; k < loop.size; k++) add(d + 1, at + k * loop.to, i + k * loop.from);
      };
      add(0, 0, 0);
      const adding: Adding = { loops, reach, mask: 0 };

      addMatrix(new LoopInterpreter(lanes, memory), adding, to, from);

      expect(memory.slice(to)).toEqual(expected);
    }),
    { numRuns: 300 },
  );
});
