import fc from 'fast-check';
import { expect, test } from 'vitest';
import { add, exp, Generator, matmul, mean, mul, randn, sigmoid, square, sub, type Tensor, tanh } from '../index.ts';
import { expectedRounding, roundsToSingle } from './expected-rounding.ts';
import { nameInputs } from './named.ts';
import { withProgram } from './program.ts';
import { cotangentsOf, type Run } from './run.ts';

type OfTwo = (x: Tensor, y: Tensor) => Tensor;

function runOf(f: OfTwo, inputs: readonly Tensor[]): Run {
  const question = {
    operation: 'test',
    f: f as (...x: Tensor[]) => Tensor,
    inputs: nameInputs('test', inputs),
    parameters: [],
    seed: undefined,
  };
  return withProgram(question, (program) => program.run(program.start));
}

function roundingOf(f: OfTwo, inputs: readonly Tensor[], dtype?: 'float32'): number {
  const run = runOf(f, inputs);
  return expectedRounding(cotangentsOf(run, [mul(run.outputs[0].detach(), 0).add(1)]), dtype);
}

test('is what float32 and float64 differ by, at most', () => {
  const functions = [
    (x: Tensor, y: Tensor) => mean(square(tanh(matmul(x, y)))),
    (x: Tensor, y: Tensor) => mean(sigmoid(matmul(exp(x), y))),
    (x: Tensor, y: Tensor) => mean(mul(sub(add(x, 1000), 1000), y.sum())),
  ];
  fc.assert(
    fc.property(fc.constantFrom(...functions), fc.nat(), (f, seed) => {
      const generator = new Generator(seed);
      const [x, y] = [randn([4, 3], { generator }), randn([3, 2], { generator })];
      const [single, double] = [f(x, y), f(x.to('float64'), y.to('float64'))].map((result) => result.item());
      const rounding = roundingOf(f, [x, y], 'float32');
      // The sum inside a product or a mean is rounded once, in float64; the tape counts its terms as well.
      expect(Math.abs(single - double)).toBeLessThanOrEqual(2 * rounding);
      expect(rounding).toBeLessThan(1e-3);
    }),
  );
});

test('grows where large numbers cancel, and shrinks where results do', () => {
  const x = randn([3], { generator: new Generator(1), dtype: 'float64' });
  const plain = roundingOf((y) => y.sum(), [x]);
  expect(roundingOf((y) => sub(add(y, 1e6), 1e6).sum(), [x])).toBeGreaterThan(1e5 * plain);
  expect(roundingOf((y) => mul(y, 1e-6).sum(), [x])).toBeLessThan(1e-5 * plain);
});

test('float32 on the tape is noticed', () => {
  const x = randn([3], { dtype: 'float64' });
  expect(roundsToSingle(runOf((y) => y.sum(), [x]).lines)).toBe(false);
  expect(roundsToSingle(runOf((y) => y.to('float32').sum(), [x]).lines)).toBe(true);
  expect(roundingOf((y) => y.to('float32').sum(), [x])).toBeGreaterThan(1e8 * 1e-17);
});
