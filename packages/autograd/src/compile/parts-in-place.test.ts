import fc from 'fast-check';
import { expect, test } from 'vitest';
import { concat, randn, stack, type Tensor } from '../index.ts';
import { engineNamed } from './engines.ts';
import { Program } from './program.ts';
import { trace } from './trace.ts';

function programOf(compute: (...xs: Tensor[]) => readonly Tensor[], inputs: readonly Tensor[]): Program {
  return new Program(trace(compute as never, [...inputs]), compute(...inputs).length, engineNamed('wasm'));
}

function expectSame(compute: (...xs: Tensor[]) => readonly Tensor[], inputs: readonly Tensor[]): Program {
  const program = programOf(compute, inputs);
  const results = program.run(inputs);
  compute(...inputs).forEach((y, k) => {
    expect(results[k]?.shape).toEqual(y.shape);
    expect([...(results[k] as Tensor).toTypedArray()]).toEqual([...y.toTypedArray()]);
  });
  program.dispose();
  return program;
}

/** Whole numbers, so that sums are exact. */
const wholes = (shape: number[]): Tensor => randn(shape).mul(8).round();

const size = fc.integer({ min: 1, max: 7 });

test('rows that are put together are computed where they belong, whoever else reads them, and when', () => {
  fc.assert(
    fc.property(size, size, size, fc.nat(2), (rows, width, parts, dim) => {
      const inputs = Array.from({ length: parts }, () => wholes([rows, width, 2]));
      const compute = (...xs: Tensor[]): readonly Tensor[] => {
        const computed = xs.map((x, k) => x.mul(k + 2));
        const all = concat(computed, dim);
        const twice = concat([computed[0] as Tensor, all.mul(0.5), computed[0] as Tensor], dim);
        return [all.mul(3), twice.add(1), (computed[0] as Tensor).sum(), stack(computed, 0).mul(2)];
      };
      expectSame(compute, inputs);
    }),
  );
});

test('nothing is copied for them: only their own loops and those that follow have kernels', () => {
  const compute = (x: Tensor): readonly Tensor[] => [
    concat([x.abs(), x.mul(2), x.add(1)], 0)
      .square()
      .sum(1),
  ];
  const program = expectSame(compute as never, [wholes([4, 8])]);
  expect(program.plan.inside.size).toBe(3);
  expect(program.kernels.length).toBe(2);
});

test('what comes in, is returned, or lies in columns is copied', () => {
  const inside = (compute: (x: Tensor) => readonly Tensor[]): number =>
    expectSame(compute as never, [wholes([4, 8])]).plan.inside.size;
  expect(inside((x) => [concat([x, x.mul(2)], 0).mul(3)])).toBe(1);
  expect(inside((x) => [concat([x.mul(2), x.mul(3)], 1).mul(3)])).toBe(0);
  const twice = (x: Tensor): readonly Tensor[] => {
    const y = x.mul(2);
    return [concat([y, x.abs()], 0).mul(3), y];
  };
  expect(inside(twice)).toBe(1);
});
