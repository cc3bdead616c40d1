import fc from 'fast-check';
import { expect, test } from 'vitest';
import { concat, randn, type Tensor, tensor, vjp } from '../index.ts';
import { compile } from './compile.ts';
import { simplify } from './simplify.ts';
import { trace } from './trace.ts';

function namesOf(compute: (...xs: Tensor[]) => readonly Tensor[], inputs: readonly Tensor[]): string[] {
  const { graph } = simplify(trace(compute as never, [...inputs]).graph);
  return graph.nodes.map(({ primitive }) => primitive.name);
}

/** What parts become, and the cotangent of what they are parts of. */
function gradientOfParts(sizes: readonly number[], dim: number): (x: Tensor) => readonly Tensor[] {
  return (x) => {
    const compute = (y: Tensor): Tensor[] => y.split(sizes, dim).map((part, k) => part.mul(k + 2).square());
    const [values, pull] = vjp((y: Tensor) => compute(y), x);
    return pull(...values);
  };
}

test('the cotangents of parts are put together, not added', () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 1, max: 4 }), { minLength: 2, maxLength: 4 }), fc.nat(2), (sizes, dim) => {
      const whole = sizes.reduce((sum, size) => sum + size, 0);
      const x = randn([3, 3, 3].map((size, d) => (d === dim ? whole : size)));
      const gradient = gradientOfParts(sizes, dim);
      const names = namesOf(gradient as never, [x]);
      expect(names.filter((name) => name === 'concat').length).toBe(1);
      expect(names).not.toContain('embed');
      const compiled = compile(gradient);
      compiled(x);
      const [found] = compiled(x) as [Tensor];
      const [expected] = gradient(x) as [Tensor];
      expect(found.sub(expected).abs().amax().item()).toBeLessThan(1e-4 * (1 + expected.abs().amax().item()));
      compiled.dispose();
    }),
    { numRuns: 25 },
  );
});

test('parts that overlap, leave something out, or are seen elsewhere are added', () => {
  const x = randn([6]);
  const gradientOf = (compute: (y: Tensor) => Tensor): string[] =>
    namesOf(((y: Tensor) => vjp(compute, y)[1](tensor(1))) as never, [x]);
  const sumOf = (...parts: Tensor[]): Tensor =>
    concat(
      parts.map((part) => part.square()),
      0,
    ).sum();
  expect(gradientOf((y) => sumOf(y.narrow(0, 0, 3), y.narrow(0, 3, 3)))).toContain('concat');
  expect(gradientOf((y) => sumOf(y.narrow(0, 0, 4), y.narrow(0, 3, 3)))).toContain('embed');
  expect(gradientOf((y) => sumOf(y.narrow(0, 0, 2), y.narrow(0, 3, 3)))).toContain('embed');
  expect(gradientOf((y) => sumOf(y.narrow(0, 0, 3), y.narrow(0, 3, 3)).add(y.prod()))).toContain('embed');
});

test('a zero keeps the sign that the sum has', () => {
  const gradient = (x: Tensor, g: Tensor): readonly Tensor[] => {
    const [, pull] = vjp((y: Tensor) => y.split(1, 0), x);
    return pull(...g.split(1, 0));
  };
  const [x, g] = [tensor([1, 2]), tensor([-0, 3])];
  const compiled = compile(gradient);
  compiled(x, g);
  expect(Object.is((compiled(x, g)[0] as Tensor).toTypedArray()[0], 0)).toBe(true);
  expect(Object.is((gradient(x, g)[0] as Tensor).toTypedArray()[0], 0)).toBe(true);
});
