import { expect, test } from 'vitest';
import type { Tensor } from '../core/tensor.ts';
import { conv1d, convTranspose2d, randn, vjp } from '../index.ts';
import { foldWindows } from '../primitives/linear/windows.ts';
import { foldedProducts } from './folded-products.ts';
import { fuse } from './fuse.ts';
import type { Graph } from './graph.ts';
import { compiledResults, disagreement } from './test-agreement.ts';
import { trace } from './trace.ts';

function graphOf(f: (...xs: Tensor[]) => readonly Tensor[], inputs: readonly Tensor[]): Graph {
  return trace(f as (...values: unknown[]) => unknown, inputs).graph;
}

function transposed(options: object, batch: number, groups = 1): Graph {
  const [x, weight] = [randn([batch, 4, 5, 6]), randn([4, 3, 3, 2])];
  return graphOf((x, w) => [convTranspose2d(x, w, null, { ...options, groups })], [x, weight]);
}

test('a transposed convolution is made for one image after the other, and each group of its channels', () => {
  for (const [groups, options] of [
    [1, {}],
    [2, {}],
    [2, { stride: 3, padding: 1, dilation: 2 }],
  ] as const) {
    const [folded] = foldedProducts(transposed(options, 7, groups)).values();
    expect([folded?.entries.size, folded?.blocks.size, folded?.columns]).toEqual([groups, 7, 30]);
  }
  const stages = fuse(transposed({}, 7)).stages.filter(({ kind }) => kind === 'node');
  expect(stages).toHaveLength(1);
});

test('so is the gradient of a convolution by its input', () => {
  const gradient = (x: Tensor, w: Tensor, g: Tensor): readonly Tensor[] => vjp((y) => conv1d(y, w), x)[1](g);
  const graph = graphOf(gradient, [randn([5, 2, 9]), randn([3, 2, 4]), randn([5, 3, 6])]);
  expect([...foldedProducts(graph).values()].map(({ blocks }) => blocks.size)).toEqual([5]);
});

test('where there is one image, or somebody else reads the product, it is made whole', () => {
  expect(foldedProducts(transposed({}, 1)).size).toBe(0);
  const fold = (product: Tensor): Tensor => {
    const windows = product.reshape([2, 3, 5, 4]).permute([2, 0, 3, 1]);
    return foldWindows(windows, [5, 2, 6], [{ size: 3, stride: 1, dilation: 1 }]);
  };
  const inputs = [randn([6, 8]), randn([8, 20])];
  expect(foldedProducts(graphOf((a, b) => [fold(a.matmul(b))], inputs)).size).toBe(1);
  const both = (product: Tensor): readonly Tensor[] => [fold(product), product];
  expect(foldedProducts(graphOf((a, b) => both(a.matmul(b)), inputs)).size).toBe(0);
});

test('images may begin in the midst of what lies side by side', () => {
  const f = (a: Tensor, x: Tensor): readonly Tensor[] => {
    const product = a.matmul(x.permute([1, 0, 2]).reshape([2, 210]));
    const windows = product.reshape([3, 6, 35]).permute([1, 2, 0]);
    return [foldWindows(windows, [6, 37], [{ size: 3, stride: 1, dilation: 1 }])];
  };
  const calculation = { run: f, given: [randn([3, 2]), randn([35, 2, 6])] };
  const [folded] = foldedProducts(graphOf(f, calculation.given)).values();
  expect([folded?.blocks.size, folded?.columns]).toEqual([6, 35]);
  expect(disagreement(calculation, compiledResults(calculation, 'wasm'))).toBeUndefined();
});
