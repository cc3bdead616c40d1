import fc from 'fast-check';
import { describe, test } from 'vitest';
import type { Tensor } from '../core/tensor.ts';
import { conv2d, eye, Generator, layerNorm, logsumexp, maxPool2d, randn, solve, vjp } from '../index.ts';
import { type Calculation, compiledResults, disagreement } from './test-agreement.ts';
import { testEngines } from './test-engines.ts';

// Shapes that fill blocks of registers, leave remainders, and are shared out among threads: values and cotangents.

type Shapes = readonly (readonly number[])[];

interface Case {
  readonly shapes: (m: number, n: number, k: number) => Shapes;
  readonly f: (...xs: Tensor[]) => Tensor;
}

const cases: Readonly<Record<string, Case>> = {
  matmul: {
    shapes: (m, n, k) => [
      [m, k],
      [k, n],
    ],
    f: (a, b) => a.matmul(b),
  },
  'matmul, the second transposed': {
    shapes: (m, n, k) => [
      [m, k],
      [n, k],
    ],
    f: (a, b) => a.matmul(b.t()),
  },
  'matmul, the first transposed': {
    shapes: (m, n, k) => [
      [k, m],
      [k, n],
    ],
    f: (a, b) => a.t().matmul(b),
  },
  'matmul, both transposed': {
    shapes: (m, n, k) => [
      [k, m],
      [n, k],
    ],
    f: (a, b) => a.t().matmul(b.t()),
  },
  'matmul of great depth': {
    shapes: (m, n, k) => [
      [900 + 9 * k, m],
      [900 + 9 * k, n],
    ],
    f: (a, b) => a.t().matmul(b),
  },
  'matmul in batches': {
    shapes: (m, n, k) => [
      [3, m, k >> 2],
      [2, 1, k >> 2, n],
    ],
    f: (a, b) => a.matmul(b),
  },
  'a layer': { shapes: (m, n, k) => [[m, k], [n, k], [n]], f: (x, w, b) => x.matmul(w.t()).add(b).relu() },
  softmax: { shapes: (m, n) => [[m, n]], f: (x) => x.softmax(1) },
  'softmax of columns': { shapes: (m, n) => [[m, n]], f: (x) => x.softmax(0) },
  'layer normalization': { shapes: (m, n) => [[m, n], [n], [n]], f: (x, weight, bias) => normalized(x, weight, bias) },
  'sums of rows': { shapes: (m, n) => [[m, n]], f: (x) => x.mul(0.1).exp().sum(1) },
  'sums of columns': { shapes: (m, n) => [[m, n]], f: (x) => x.tanh().sum(0) },
  'sums of all': { shapes: (m, n) => [[m, n]], f: (x) => logsumexp(x, [0, 1]) },
  'largest of rows': { shapes: (m, n) => [[m, n]], f: (x) => x.amax(1) },
  'entry by entry': { shapes: (m, n) => [[m, n], [n], [m, 1]], f: (x, y, z) => x.mul(y).add(z).sigmoid() },
  'another order': {
    shapes: (m, n) => [
      [m, n],
      [n, m],
    ],
    f: (x, y) => x.t().mul(y.flip(0)).add(0.5),
  },
  convolution: {
    shapes: (m, n) => [[2, 3, 8 + (m % 13), 8 + (n % 13)], [5, 3, 3, 3], [5]],
    f: (x, weight, bias) => conv2d(x, weight, bias, { padding: 1 }),
  },
  'sorted rows': { shapes: (m, n) => [[m, n]], f: (x) => x.sort(1).values },
  'linear equations': {
    shapes: (m, n) => [
      [2, 1 + (m % 70), 1 + (m % 70)],
      [2, 1 + (m % 70), n % 40],
    ],
    f: (a, b) => solve(positive(a), b),
  },
  pooling: { shapes: (m, n) => [[2, 3, 9 + (m % 13), 9 + (n % 13)]], f: (x) => maxPool2d(x, 2) },
};

/** Far from singular. */
function positive(a: Tensor): Tensor {
  const size = a.shape[2];
  return a
    .matmul(a.transpose(1, 2))
    .div(size)
    .add(eye(size, size, { dtype: a.dtype }));
}

function normalized(x: Tensor, weight: Tensor, bias: Tensor): Tensor {
  return layerNorm(x, weight.shape, { weight, bias });
}

function calculationOf(
  { shapes, f }: Case,
  dtype: 'float32' | 'float64',
  sizes: readonly number[],
  seed: number,
): Calculation {
  const generator = new Generator(seed);
  const [m, n, k] = sizes;
  const inputs = shapes(m, n, k).map((shape) => randn(shape, { generator, dtype }));
  const cotangent = randn(f(...inputs).shape, { generator, dtype });
  return {
    run: (...given) => {
      const [value, pull] = vjp(f, ...given.slice(0, -1));
      return [value, ...pull(given[given.length - 1])];
    },
    given: [...inputs, cotangent],
  };
}

const sizes = fc.tuple(
  ...[0, 1, 2].map(() => fc.oneof(fc.integer({ min: 1, max: 40 }), fc.integer({ min: 40, max: 200 }))),
);

describe.each(testEngines())('on the engine %s', (engine) => {
  test.each(Object.entries(cases))('%s', (_, of) => {
    fc.assert(
      fc.property(sizes, fc.constantFrom('float32', 'float64'), fc.nat(), (drawn, dtype, seed) => {
        const calculation = calculationOf(of, dtype, drawn, seed);
        const broken = disagreement(calculation, compiledResults(calculation, engine));
        if (broken !== undefined) throw new Error(broken);
      }),
      { numRuns: engine === 'native' ? 3 : 8, endOnFailure: engine === 'native' },
    );
  });
});
