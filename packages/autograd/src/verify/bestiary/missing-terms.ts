import { sum } from '../../functions/reductions.ts';
import { matmulPrimitive, multiplyMatrices } from '../../primitives/bilinear/matmul.ts';
import { mul } from '../../primitives/bilinear/mul.ts';
import { add, sub } from '../../primitives/linear/arithmetic.ts';
import { transposeMatrix } from '../../primitives/linear/permute.ts';
import { div } from '../../primitives/smooth/division.ts';
import { tanh } from '../../primitives/smooth/hyperbolic.ts';
import { square } from '../../primitives/smooth/powers.ts';
import type { Draw } from '../../tape/primitive.ts';
import { asPrimitive } from '../function-primitive.ts';
import { type Beast, beast } from './beast.ts';

const one = (draw: Draw) => [draw.tensor(draw.shape())];

/** One of several ways from input to output is forgotten, or another input's is taken. */
export const missingTerms: readonly Beast[] = [
  beast({
    wrong: 'x tanh x, through tanh alone',
    right: asPrimitive('x tanh x', (x) => mul(x, tanh(x)), one),
    changes: { pullback: (g, { inputs: [x] }) => [mul(g, mul(x, sub(1, square(tanh(x)))))] },
    caughtBy: 'reverseMatchesDifferences',
  }),
  beast({
    wrong: 'x + tanh x, without what passes by',
    right: asPrimitive('x + tanh x', (x) => add(x, tanh(x)), one),
    changes: { pullback: (g, { inputs: [x] }) => [mul(g, sub(1, square(tanh(x))))] },
    caughtBy: 'reverseMatchesDifferences',
  }),
  beast({
    wrong: 'x / Σx, through the numerator alone',
    right: asPrimitive(
      'x / Σx',
      (x) => div(x, sum(x)),
      (draw) => [draw.tensor([draw.integer(1, 4)], { low: 0.5, high: 3 })],
    ),
    changes: { pullback: (g, { inputs: [x] }) => [div(g, sum(x))] },
    caughtBy: 'reverseMatchesDifferences',
  }),
  beast({
    wrong: 'A A of a square matrix, through the first factor alone',
    right: asPrimitive(
      'A A',
      (A) => multiplyMatrices(A, A),
      (draw) => {
        const size = draw.integer(1, 4);
        return [draw.tensor([size, size])];
      },
    ),
    changes: { pullback: (g, { inputs: [A] }) => [multiplyMatrices(g, transposeMatrix(A))] },
    caughtBy: 'reverseMatchesDifferences',
  }),
  beast({
    wrong: 'mul, with the gradients of its inputs swapped',
    degree: 'bilinear',
    right: mul.primitive,
    changes: { pullback: (g, { inputs: [a, b] }) => [mul(g, a), mul(g, b)] },
    caughtBy: 'reverseMatchesDifferences',
  }),
  beast({
    wrong: 'matmul of square matrices, with the gradients of its inputs swapped',
    degree: 'bilinear',
    right: matmulPrimitive,
    changes: {
      pullback: (g, { inputs: [a, b] }) => [
        multiplyMatrices(transposeMatrix(a), g),
        multiplyMatrices(g, transposeMatrix(b)),
      ],
      sample: (draw) => {
        const size = draw.integer(1, 4);
        return { inputs: [draw.tensor([size, size]), draw.tensor([size, size])], params: undefined };
      },
    },
    caughtBy: 'reverseMatchesDifferences',
  }),
  beast({
    wrong: 'sub, with the gradient of add',
    degree: 'linear',
    right: sub.primitive,
    changes: { pullback: (g) => [g, g] },
    caughtBy: 'forwardMatchesReverse',
  }),
];
