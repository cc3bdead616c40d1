import fc from 'fast-check';
import { expect, test } from 'vitest';
import { VectorInterpreter } from '../interpret-vectors.ts';
import { toInt32 } from './whole-numbers.ts';

test.each(['float32', 'float64'] as const)('numbers of %s become what an Int32Array makes of them', (elementType) => {
  const lanes = new VectorInterpreter(1, elementType);
  const turns = fc
    .tuple(fc.integer(), fc.integer({ min: 0, max: 40 }), fc.constantFrom(0, 0.5, -0.5, 2 ** 31, -(2 ** 31)))
    .map(([x, exponent, more]) => x * 2 ** exponent + more);
  const number = fc.oneof(fc.double(), fc.integer(), turns, fc.constantFrom(2 ** 31, -(2 ** 31), 2 ** 32, -0));
  fc.assert(
    fc.property(number, (x) => {
      const [element] = lanes.constant(x);
      expect(toInt32(lanes, lanes.constant(x))[0]).toBe(Int32Array.of(element)[0]);
    }),
    { numRuns: 1000 },
  );
});
