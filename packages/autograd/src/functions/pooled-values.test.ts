import fc from 'fast-check';
import { expect, test } from 'vitest';
import { Generator, jvp, maxPool1d, maxPool2d, randn, type Tensor, vjp } from '../index.ts';
import { byDefinition } from '../transforms/by-definition.ts';

const drawn = fc.record({
  isFlat: fc.boolean(),
  kernelSize: fc.integer({ min: 1, max: 3 }),
  stride: fc.integer({ min: 1, max: 3 }),
  dilation: fc.integer({ min: 1, max: 2 }),
  digits: fc.constantFrom(0, 7),
  seed: fc.nat(),
});

/** The values, the indices, the derivative in both directions, and the derivative of that by its cotangent. */
function everything(
  pool: (x: Tensor) => { values: Tensor; indices: Tensor },
  x: Tensor,
  draw: () => Tensor,
): unknown[] {
  const values = (x: Tensor): Tensor => pool(x).values;
  const [y, pull] = vjp(values, x);
  const tangent = draw();
  const [, moved] = jvp(values, [x], [tangent]);
  const cotangent = moved.mul(moved);
  const [, pullAgain] = vjp((g) => pull(g)[0], cotangent);
  return [y, pool(x).indices, moved, ...pull(cotangent), ...pullAgain(tangent)].map((result) => [
    ...result.toTypedArray(),
  ]);
}

test('so many windows that they are pooled in one pass give what few give', () => {
  fc.assert(
    fc.property(drawn, ({ isFlat, digits, seed, kernelSize, ...options }) => {
      const shape = isFlat ? [40, 97] : [5, 5, 23, 25];
      const x = randn(shape, { generator: new Generator(seed) })
        .mul(2 ** digits)
        .round();
      const pool = (x: Tensor) => (isFlat ? maxPool1d : maxPool2d)(x, kernelSize, { ...options, returnIndices: true });
      const draw = (generator: Generator) => () => randn(shape, { generator }).mul(8).round();
      const expected = byDefinition(() => everything(pool, x, draw(new Generator(seed + 1))));
      expect(everything(pool, x, draw(new Generator(seed + 1)))).toEqual(expected);
    }),
    { numRuns: 25 },
  );
});
