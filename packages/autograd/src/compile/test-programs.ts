import fc from 'fast-check';
import type { Tensor } from '../core/tensor.ts';
import { concat, expand, index, logsumexp, slice, tensor, where } from '../functions/index.ts';
import type { Draw } from '../tape/primitive.ts';

// Programs of drawn operations on three tensors of drawn shapes.

/** What a step works on: an earlier value, another, an input as it came in, and a number to choose by. */
type Step = (a: Tensor, b: Tensor, input: Tensor, n: number) => Tensor;

/** Values stay small, so that errors do. What jumps is decided by inputs, which both ways of computing have alike. */
const steps: Readonly<Record<string, Step>> = {
  sum: (a, b) => onOne(a, b, (x, y) => x.add(y).mul(0.5)),
  product: (a, b) => onOne(a, b, (x, y) => x.mul(y).tanh()),
  quotient: (a, b) => onOne(a, b, (x, y) => x.div(y.square().add(2))),
  sine: (a) => a.mul(1.3).sin(),
  sigmoid: (a) => a.sigmoid().sub(0.25),
  exponential: (a) => a.exp().add(1).log(),
  masked: (a, b, input) => onOne(a, input, (x, mask) => onOne(where(mask.gt(0), x, 0), b, (y, z) => y.add(z.mul(0.1)))),
  chosen: (a, b, input) => onOne(a, input, (x, mask) => where(mask.le(0.5), x, b.sum().mul(0.1))),
  truths: (a, _, input) => onOne(a, input, (x, y) => x.mul(y.gt(-0.5).logicalAnd(y.lt(0.5)).logicalNot())),
  largest: (a, _, input, n) =>
    input.length === 0 ? a : onOne(a, input.rank === 0 ? input : input.amax(n % input.rank), (x, y) => x.mul(y)),
  relu: (a, _, input) => onOne(a, input, (x, y) => x.add(y.relu())),
  total: (a) => a.sum().mul(0.1),
  reduced: (a, _b, _i, n) => (a.rank === 0 ? a.square() : a.sum(n % a.rank).mul(0.3)),
  kept: (a, _b, _i, n) => (a.rank === 0 ? a : a.sub(a.sum(n % a.rank, { keepDim: true }).mul(0.2))),
  running: (a, _b, _i, n) => (a.rank === 0 ? a : a.cumsum(n % a.rank).tanh()),
  softmax: (a, _b, _i, n) => (a.rank === 0 || a.length === 0 ? a : a.softmax(n % a.rank)),
  logsumexp: (a, _b, _i, n) => (a.rank === 0 || a.length === 0 ? a : logsumexp(a, n % a.rank)),
  transposed: (a, _b, _i, n) => (a.rank < 2 ? a : a.transpose(n % a.rank, (n + 1) % a.rank)),
  flipped: (a, _b, _i, n) => (a.rank === 0 ? a : a.flip(n % a.rank)),
  narrowed: (a, _b, _i, n) => {
    const [dim, size] = [n % Math.max(1, a.rank), a.shape[n % Math.max(1, a.rank)] ?? 0];
    return size < 2 ? a : a.narrow(dim, n % 2, size - 1);
  },
  chosenRow: (a, _b, _i, n) => (a.length === 0 || a.rank === 0 ? a : a.select(n % a.rank, -1)),
  everySecond: (a, _b, _i, n) => (a.rank === 0 ? a : index(a, '...', slice(n % 2, null, 2))),
  raised: (a, _b, _i, n) => a.unsqueeze(n % (a.rank + 1)),
  spread: (a, _b, _i, n) => expand(a, [(n % 3) + 1, ...a.shape]),
  flattened: (a) => a.reshape([a.length]),
  regrouped: (a) => (a.length % 2 === 0 ? a.reshape([2, a.length / 2]) : a.reshape([1, a.length])),
  joined: (a, b, _i, n) => {
    const x = a.rank === 0 ? a.unsqueeze(0) : a;
    return concat([x, x.mul(b.sum().tanh())], n % x.rank);
  },
  indexed: (a, _b, _i, n) => {
    const size = a.shape[0] ?? 0;
    return size === 0 ? a : a.indexSelect(0, tensor([n % size, 0, size - 1, n % size], { dtype: 'int32' }));
  },
  padded: (a, _b, _i, n) => (a.rank === 0 ? a : a.pad([n % 2, 1])),
  matmul: (a) => (a.rank < 2 ? a : a.matmul(a.transpose(-1, -2)).tanh()),
  product3: (a) => (a.rank < 2 ? a : a.transpose(-1, -2).matmul(a.mul(0.5)).sin()),
};

/** Two tensors brought to shapes that go together; the second by its sum, if there is no other way. */
function onOne(a: Tensor, b: Tensor, join: (x: Tensor, y: Tensor) => Tensor): Tensor {
  return join(a, goTogether(a, b) ? b : b.sum().mul(0.1));
}

function goTogether(a: Tensor, b: Tensor): boolean {
  return b.shape.every((size, d) => {
    const other = a.shape[d + a.rank - b.rank];
    return other === undefined || size === 1 || other === 1 || size === other;
  });
}

/** Not more entries than a test has time for. */
const MOST_ENTRIES = 600;
const MOST_DIMS = 5;

function limited(x: Tensor): Tensor {
  const few = x.length > MOST_ENTRIES ? x.reshape([x.length]).narrow(0, 1, MOST_ENTRIES) : x;
  return few.rank > MOST_DIMS ? few.reshape([few.length]) : few;
}

export type Line = readonly [step: string, first: number, second: number, number: number];

/** A program takes its operands among its inputs and the results of earlier lines. */
export const programs: fc.Arbitrary<readonly Line[]> = fc.array(
  fc.tuple(fc.constantFrom(...Object.keys(steps)), fc.nat(50), fc.nat(50), fc.nat(11)),
  { minLength: 1, maxLength: 9 },
);

/** The last values of a program, and one of its inputs as it is. */
export function runProgram(lines: readonly Line[], inputs: readonly Tensor[]): readonly Tensor[] {
  const values = [...inputs];
  for (const [step, first, second, n] of lines) {
    const [a, b] = [values[first % values.length], values[second % values.length]];
    values.push(limited(steps[step](a, b, inputs[n % inputs.length], n)));
  }
  return [...values.slice(-2), inputs[0]];
}

/** Inputs of drawn shapes. */
export function drawInputs(draw: Draw, others: Draw = draw): readonly Tensor[] {
  return [draw, draw, others].map((drawn) => drawn.tensor(drawn.shape({ maximumRank: 3 }), { low: -1, high: 1 }));
}
