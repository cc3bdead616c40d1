import type { Tensor } from '../../../core/tensor.ts';
import { t } from '../../../functions/movement.ts';
import { matmul } from '../../../functions/products.ts';
import { mean, sum, variance } from '../../../functions/reductions.ts';
import { softmax } from '../../../functions/softmax.ts';
import { mul } from '../../../primitives/bilinear/mul.ts';
import { add, sub } from '../../../primitives/linear/arithmetic.ts';
import { sigmoid } from '../../../primitives/smooth/activations.ts';
import { div } from '../../../primitives/smooth/division.ts';
import { tanh } from '../../../primitives/smooth/hyperbolic.ts';
import { sqrt, square } from '../../../primitives/smooth/powers.ts';
import { probe } from '../../probe.ts';
import type { DerivedRule } from './rule.ts';

const kept = { keepDim: true };

function halfSquare(x: Tensor): Tensor {
  return mul(sum(square(x)), 0.5);
}

/** A weight that is penalized: its gradient is a sum of two terms. */
const weightDecay: DerivedRule = {
  name: 'linear layer with weight decay',
  inputs: (draw) => {
    const [m, d, k] = [draw.size(5, 9), draw.size(3, 4), draw.size(2, 3)];
    return { W: draw.normal([d, k]), X: draw.normal([m, d]), T: draw.normal([m, k]) };
  },
  f: (W, X, T) => add(mul(halfSquare(sub(matmul(X, W), T)), 1 / X.shape[0]), mul(halfSquare(W), 0.3)),
  derive: (student, W, X, T) => {
    const dz = student.over('the mean over the batch', student.minusTarget('z - T', matmul(X, W), T), X.shape[0]);
    return { W: student.sum('data and decay', matmul(t(X), dz), mul(W, 0.3)) };
  },
};

/** `x + tanh(x W)`: two ways lead back to x. */
const residual: DerivedRule = {
  name: 'residual block',
  inputs: (draw) => {
    const [m, d] = [draw.size(5, 8), draw.size(3, 4)];
    return { W: draw.normal([d, d]), x: draw.normal([m, d]), T: draw.normal([m, d]) };
  },
  f: (W, x, T) => halfSquare(sub(add(x, tanh(probe('z', matmul(x, W)))), T)),
  derive: (student, W, x, T) => {
    const a = tanh(matmul(x, W));
    const dy = student.minusTarget('y - T', add(x, a), T);
    const dz = student.times('tanh′(z)', dy, sub(1, square(a)));
    const through = student.back('dz Wᵀ', matmul(dz, t(W)), matmul(dz, W));
    const dW = matmul(t(x), dz);
    return { x: student.sum('past and through', dy, through), W: student.product('xᵀ dz', dW, { transposed: t(dW) }) };
  },
};

/** `(x W) ⊙ σ(x V)`. */
const gated: DerivedRule = {
  name: 'gated linear unit',
  inputs: (draw) => {
    const [m, d, k] = [draw.size(5, 8), draw.size(3, 4), draw.size(2, 3)];
    return { W: draw.normal([d, k]), V: draw.normal([d, k]), x: draw.normal([m, d]) };
  },
  f: (W, V, x) => halfSquare(mul(probe('u', matmul(x, W)), probe('g', sigmoid(probe('v', matmul(x, V)))))),
  derive: (student, W, V, x) => {
    const [u, v] = [matmul(x, W), matmul(x, V)];
    const g = sigmoid(v);
    const dy = mul(u, g);
    const du = student.times('g', dy, g);
    const slope = student.at('σ′', (y) => mul(y, sub(1, y)), g, { v, u }, { '1 - y²': (y) => sub(1, square(y)) });
    const dv = student.times('σ′(v)', student.times('u', dy, u), slope);
    const [dW, dV] = [matmul(t(x), du), matmul(t(x), dv)];
    return { W: student.instead('dW', dW, dV, 'V'), V: dV };
  },
};

/** Two steps of a recurrent network: the weights are used twice. */
const recurrent: DerivedRule = {
  name: 'recurrent network of two steps',
  inputs: (draw) => {
    const [m, h] = [draw.size(4, 7), draw.size(3, 4)];
    return {
      U: draw.normal([h, h]),
      h0: draw.normal([m, h]),
      x1: draw.normal([m, h]),
      x2: draw.normal([m, h]),
      T: draw.normal([m, h]),
    };
  },
  f: (U, h0, x1, x2, T) => {
    const h1 = probe('h1', tanh(probe('z1', add(x1, matmul(h0, U)))));
    return halfSquare(sub(tanh(probe('z2', add(x2, matmul(h1, U)))), T));
  },
  derive: (student, U, h0, x1, x2, T) => {
    const h1 = tanh(add(x1, matmul(h0, U)));
    const h2 = tanh(add(x2, matmul(h1, U)));
    const dz2 = student.times('tanh′(z2)', student.minusTarget('h2 - T', h2, T), sub(1, square(h2)));
    const slope = student.at('tanh′', (y) => sub(1, square(y)), h1, { h2, z1: add(x1, matmul(h0, U)) });
    const dz1 = student.times('tanh′(z1)', student.back('dz2 Uᵀ', matmul(dz2, t(U)), matmul(dz2, U)), slope);
    return {
      U: student.sum('both steps', matmul(t(h0), dz1), matmul(t(h1), dz2)),
      h0: matmul(dz1, t(U)),
      h1: matmul(dz2, t(U)),
    };
  },
};

/** Layer normalization: x acts directly, through the mean and through the variance. */
const layerNorm: DerivedRule = {
  name: 'layer normalization',
  inputs: (draw) => {
    const [m, d] = [draw.size(4, 7), draw.size(4, 6)];
    return { x: draw.normal([m, d]), gamma: draw.normal([d]), beta: draw.normal([d]), T: draw.normal([m, d]) };
  },
  f: (x, gamma, beta, T) => {
    const deviation = sqrt(add(variance(x, 1, { correction: 0, keepDim: true }), 1e-5));
    const xhat = probe('xhat', div(sub(x, mean(x, 1, kept)), deviation));
    return halfSquare(sub(add(mul(xhat, gamma), beta), T));
  },
  derive: (student, x, gamma, beta, T) => {
    const deviation = sqrt(add(variance(x, 1, { correction: 0, keepDim: true }), 1e-5));
    const xhat = div(sub(x, mean(x, 1, kept)), deviation);
    const dy = student.minusTarget('y - T', add(mul(xhat, gamma), beta), T);
    const dxhat = student.times('gamma', dy, gamma);
    const centred = student.sum('through the mean', dxhat, mul(mean(dxhat, 1, kept), -1));
    const through = mul(mul(xhat, mean(mul(dxhat, xhat), 1, kept)), -1);
    const dx = div(student.sum('through the variance', centred, through), deviation);
    const dgamma = student.overSamples('Σ dy xhat', mul(dy, xhat), (terms) => sum(terms, 0), x.shape[0]);
    return { x: dx, gamma: dgamma, beta: sum(dy, 0) };
  },
};

/** One head of self-attention. */
const attention: DerivedRule = {
  name: 'self-attention',
  inputs: (draw) => {
    const [n, d] = [draw.size(4, 6), draw.size(3, 5)];
    return {
      Q: draw.normal([d, d]),
      K: draw.normal([d, d]),
      V: draw.normal([d, d]),
      X: draw.normal([n, d]),
      T: draw.normal([n, d]),
    };
  },
  f: (Q, K, V, X, T) => {
    const scores = mul(matmul(probe('q', matmul(X, Q)), t(probe('k', matmul(X, K)))), 1 / Math.sqrt(Q.shape[1]));
    const weights = probe('P', softmax(probe('S', scores), 1));
    return halfSquare(sub(matmul(weights, probe('v', matmul(X, V))), T));
  },
  derive: (student, Q, K, V, X, T) => {
    const [q, k, v] = [matmul(X, Q), matmul(X, K), matmul(X, V)];
    const scale = 1 / Math.sqrt(Q.shape[1]);
    const P = softmax(mul(matmul(q, t(k)), scale), 1);
    const dy = student.minusTarget('y - T', matmul(P, v), T);
    const dP = matmul(dy, t(v));
    const dS = student.softmaxOfRows('Jᵀ dP', dP, P);
    const scaled = student.scaled('1/√d', dS, scale, 't');
    const [dq, dk, dv] = [matmul(scaled, k), matmul(t(scaled), q), matmul(t(P), dy)];
    const fromKeys = student.sum(
      'queries and keys',
      matmul(dq, t(Q)),
      student.back('dk Kᵀ', matmul(dk, t(K)), matmul(dk, K)),
    );
    const [dQ, dK] = [matmul(t(X), dq), matmul(t(X), dk)];
    return {
      Q: student.product('Xᵀ dq', dQ, { transposed: t(dQ) }),
      K: student.instead('dK', dK, dQ, 'Q'),
      V: matmul(t(X), dv),
      X: student.sum('and values', fromKeys, matmul(dv, t(V))),
    };
  },
};

export const rulesOfCompositions: readonly DerivedRule[] = [
  weightDecay,
  residual,
  gated,
  recurrent,
  layerNorm,
  attention,
];
