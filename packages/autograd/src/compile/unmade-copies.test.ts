import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Tensor } from '../core/tensor.ts';
import { randn } from '../index.ts';
import { fuse } from './fuse.ts';
import type { Graph } from './graph.ts';
import { readBy } from './stages.ts';
import { compiledResults, disagreement } from './test-agreement.ts';
import { trace } from './trace.ts';
import { unmadeCopies } from './unmade-copies.ts';

type Several = (...xs: Tensor[]) => readonly Tensor[];

function graphOf(f: Several, inputs: readonly Tensor[]): Graph {
  return trace(f as (...values: unknown[]) => unknown, inputs).graph;
}

test('a product reads through a copy that nobody else reads', () => {
  const f: Several = (x, w) => [x.permute([1, 0, 2]).reshape([6, 20]).matmul(w)];
  const graph = graphOf(f, [randn([4, 6, 5]), randn([20, 3])]);
  expect(unmadeCopies(graph).size).toBe(1);
  const { stages } = fuse(graph);
  expect(stages.map(({ kind }) => kind)).toEqual(['node']);
  expect(stages.flatMap((stage) => readBy(stage, graph))).toEqual(graph.inputs.map(({ value }) => value));
});

test.each<[string, Several]>([
  ['is returned', (x, w) => [...both(x.permute([1, 0, 2]).reshape([6, 20]), w)]],
  ['a formula reads', (x, w) => both(x.permute([1, 0, 2]).reshape([6, 20]), w).map((y) => y.exp())],
  ['begins in the middle', (x, w) => [x.permute([1, 0, 2]).reshape([6, 20]).narrow(0, 1, 4).matmul(w)]],
  [
    'has rows in the midst of its dims',
    (x, w) => [x.permute([1, 0, 2]).reshape([24, 5]).reshape([6, 20]).t().reshape([6, 20]).matmul(w)],
  ],
])('a copy that %s is made', (_, f) => {
  const graph = graphOf(f, [randn([4, 6, 5]), randn([20, 3])]);
  const copies = fuse(graph).stages.filter(({ kind }) => kind === 'loops');
  expect(copies.length).toBeGreaterThan(0);
});

function both(x: Tensor, w: Tensor): readonly Tensor[] {
  return [x, x.matmul(w)];
}

/** A tensor in another order of its dims, some of them backwards or spread, copied as a matrix for either side of a product. */
const drawn = fc.record({
  shape: fc.array(fc.integer({ min: 1, max: 5 }), { minLength: 2, maxLength: 4 }),
  order: fc.nat(),
  flipped: fc.boolean(),
  spread: fc.boolean(),
  rows: fc.nat(),
  isRight: fc.boolean(),
  isTurned: fc.boolean(),
  seed: fc.nat(),
});

test('products of any copies are what they are eagerly', () => {
  fc.assert(
    fc.property(drawn, ({ shape, order, flipped, spread, rows, isRight, isTurned }) => {
      const turns = shape.map((_, d) => (d + order) % shape.length);
      const matrixOf = (x: Tensor): Tensor => {
        const turned = (flipped ? x.flip(0) : x).permute(turns);
        const all = spread ? turned.unsqueeze(0).expand([3, ...turned.shape]) : turned;
        const sizes = Array.from({ length: all.length }, (_, i) => i + 1).filter((size) => all.length % size === 0);
        const m = sizes[rows % sizes.length];
        const matrix = all.reshape([m, all.length / m]);
        return isTurned ? matrix.t() : matrix;
      };
      const f: Several = (x, w) => {
        const matrix = matrixOf(x);
        return [
          isRight ? w.narrow(0, 0, matrix.shape[0]).t().matmul(matrix) : matrix.matmul(w.narrow(0, 0, matrix.shape[1])),
        ];
      };
      const calculation = { run: f, given: [randn(shape), randn([5 ** 4 * 3, 7])] };
      const broken = disagreement(calculation, compiledResults(calculation, 'wasm'));
      if (broken !== undefined) throw new Error(broken);
    }),
    { numRuns: 60 },
  );
});
