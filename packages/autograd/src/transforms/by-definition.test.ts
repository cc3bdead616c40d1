import fc from 'fast-check';
import { expect, test } from 'vitest';
import { Generator, grad, layerNorm, linear, mul, randn, sum, type Tensor, variance } from '../index.ts';
import { nodeOf } from '../tape/node.ts';
import { byDefinition, isByDefinition } from './by-definition.ts';

/** The names of the lines behind a result. */
function linesOf(y: Tensor, found: string[] = []): readonly string[] {
  const node = nodeOf(y);
  if (node === undefined) return found;
  found.push(node.primitive.name);
  for (const x of node.inputs) linesOf(x, found);
  return found;
}

const functions: Readonly<Record<string, (x: Tensor) => Tensor>> = {
  linear: (x) => linear(x, x, sum(x, 1)),
  var: (x) => variance(x, 1),
  standardize: (x) => layerNorm(x, x.shape[1]),
};

test.each(Object.entries(functions))('%s has the value and the derivative of its definition', (name, f) => {
  fc.assert(
    fc.property(fc.nat(), (seed) => {
      const generator = new Generator(seed);
      const x = randn([3, 4], { generator, dtype: 'float64' });
      const y = f(x);
      const c = randn(y.shape, { generator, dtype: 'float64' });
      const loss = (z: Tensor): Tensor => sum(mul(f(z), c));
      const [fused, defined] = [grad(loss)(x), byDefinition(() => grad(loss)(x))].map((g) => g.toTypedArray());
      fused.forEach((entry, i) => {
        expect(defined[i]).toBeCloseTo(entry, 10);
      });
      let lines: readonly string[] = [];
      grad((z: Tensor) => {
        lines = linesOf(f(z));
        return sum(f(z));
      })(x);
      expect(lines).toContain(name);
      byDefinition(() =>
        grad((z: Tensor) => {
          lines = linesOf(f(z));
          return sum(f(z));
        })(x),
      );
      expect(lines).not.toContain(name);
    }),
    { numRuns: 10 },
  );
});

test('functions are fused again afterwards, also if something throws', () => {
  expect(() =>
    byDefinition(() => {
      throw new Error('stop');
    }),
  ).toThrow('stop');
  expect(isByDefinition()).toBe(false);
});
