import { expect, test } from 'vitest';
import {
  add,
  div,
  exp,
  matmul,
  mul,
  neg,
  randn,
  sigmoid,
  square,
  sub,
  sum,
  type Tensor,
  t,
  tanh,
} from '../../index.ts';
import { observe } from '../derivation/observation.ts';
import { nameInputs } from '../named.ts';
import { probe } from '../probe.ts';
import { withProgram } from '../program.ts';
import type { Words } from './mistake.ts';
import { derivativeOf, wordsFor } from './words.ts';

const fixed = randn([3, 2], { dtype: 'float64' });
const inputs = nameInputs('test', { W: randn([3, 2]), b: randn([2]), X: randn([4, 3]) });

function observed<T>(
  f: (W: Tensor, b: Tensor, X: Tensor) => Tensor,
  say: (words: Words, last: Parameters<Words['line']>[0]) => T,
): T {
  const question = { operation: 'test', f: f as (...x: Tensor[]) => Tensor, inputs, parameters: [], seed: undefined };
  return withProgram(question, (program) => {
    const claimed = (W: Tensor): { W: Tensor } => ({ W });
    const observation = observe({ program, inputs, claimed, columns: false }, program.start);
    return say(wordsFor(observation), observation.run.lines[0]);
  });
}

const written = (f: (W: Tensor, b: Tensor, X: Tensor) => Tensor): string =>
  observed(f, (words, line) => words.line(line));

test('values are called by their names, and else by how they were computed', () => {
  expect(written((W, b, X) => add(matmul(X, W), b))).toBe('X·W + b');
  expect(written((W, b, X) => mul(add(matmul(X, W), b), 2))).toBe('(X·W + b) · 2');
  expect(written((W, b, X) => tanh(probe('z', add(matmul(X, W), b))))).toBe('tanh(z)');
  expect(written((W) => neg(sub(W, 1)))).toBe('-(W - 1)');
  expect(written((W) => square(t(W)))).toBe('Wᵀ²');
  expect(written((W) => div(exp(W), sum(exp(W), 1, { keepDim: true })))).toBe('exp(W) / sum(exp(W))');
  expect(written((W) => mul(W, fixed))).toBe('W · a constant');
});

test('what is long is cut', () => {
  expect(written((W, b, X) => tanh(tanh(tanh(tanh(tanh(tanh(add(matmul(X, W), b))))))))).toBe('tanh(tanh(…))');
});

test('derivatives are written with a prime, those of products by the other factor', () => {
  const derivative = (f: (W: Tensor, b: Tensor, X: Tensor) => Tensor): string =>
    observed(f, (words, line) => derivativeOf(line, 0, words));
  expect(derivative((W) => tanh(W))).toBe('tanh′(W)');
  expect(derivative((W) => sigmoid(probe('z', mul(W, 2))))).toBe('σ′(z)');
  expect(derivative((W, b) => mul(W, b))).toBe('b');
  expect(derivative((W, b) => div(W, b))).toBe('1 / b');
});
