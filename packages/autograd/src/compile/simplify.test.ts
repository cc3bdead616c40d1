import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Tensor } from '../core/tensor.ts';
import { tensor } from '../functions/index.ts';
import '../index.ts';
import { compile } from './compile.ts';

/** Small tensors made one after another share memory; more than fill one piece of it, and the next lies elsewhere. */
function beginNewMemory(): void {
  for (let made = 0; made < 600; made++) tensor(0);
}

const constants = fc.array(
  fc.record({
    entries: fc.oneof(fc.constantFrom(1, 2, -0, 0), fc.array(fc.constantFrom(1, 2, 3), { minLength: 1, maxLength: 3 })),
    beginsMemory: fc.boolean(),
    isExpanded: fc.boolean(),
  }),
  { minLength: 1, maxLength: 6 },
);

test('constants that are equal become one, whatever shares memory with them', () => {
  fc.assert(
    fc.property(constants, (drawn) => {
      const made = drawn.map(({ entries, beginsMemory, isExpanded }) => {
        if (beginsMemory) beginNewMemory();
        const constant = tensor(entries);
        return isExpanded && constant.length === 1 ? constant.reshape([1]).expand([2]) : constant;
      });
      const sums = (x: Tensor): Tensor[] => made.map((constant) => constant.mul(x).add(constant));
      const compiled = compile(sums);
      compiled(tensor(1));
      const x = tensor(3);
      expect(compiled(x).map((y) => y.toArray())).toEqual(sums(x).map((y) => y.toArray()));
      expect(compiled.statistics.runs).toBe(1);
    }),
    { numRuns: 100 },
  );
});
