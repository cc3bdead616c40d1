import { leakyRelu, softplus } from '../../../functions/activations.ts';
import { t } from '../../../functions/movement.ts';
import { matmul } from '../../../functions/products.ts';
import { logsumexp, mean, sum } from '../../../functions/reductions.ts';
import { softmax } from '../../../functions/softmax.ts';
import { mul } from '../../../primitives/bilinear/mul.ts';
import { add, neg, sub } from '../../../primitives/linear/arithmetic.ts';
import { convert } from '../../../primitives/linear/convert.ts';
import { gt } from '../../../primitives/piecewise/comparison.ts';
import { relu } from '../../../primitives/piecewise/kinked.ts';
import { sigmoid } from '../../../primitives/smooth/activations.ts';
import { div, reciprocal } from '../../../primitives/smooth/division.ts';
import { exp, log } from '../../../primitives/smooth/exponential.ts';
import { rsqrt, square } from '../../../primitives/smooth/powers.ts';
import { cos, sin } from '../../../primitives/smooth/trigonometric.ts';
import { probe } from '../../probe.ts';
import type { DerivedRule } from './rule.ts';

const kept = { keepDim: true };

/** The logarithm of a normal density, by its mean and by its variance. */
const gaussian: DerivedRule = {
  name: 'normal log-likelihood',
  inputs: (draw) => {
    const n = draw.size(5, 9);
    return { mu: draw.normal([n]), v: draw.between(0.5, 2, [n]), x: draw.normal([n]) };
  },
  f: (mu, v, x) => mul(sum(add(log(v), div(square(probe('e', sub(x, mu))), v))), 0.5),
  derive: (student, mu, v, x) => {
    const e = student.minusTarget('mu - x', mu, x);
    const dmu = student.times('1 / v', e, reciprocal(v));
    const second = neg(div(square(sub(x, mu)), square(v)));
    return { mu: dmu, v: mul(student.sum('log and square', reciprocal(v), second), 0.5) };
  },
};

/** Poisson regression: `mean (exp(X w) - t X w)`. */
const poisson: DerivedRule = {
  name: 'Poisson regression',
  inputs: (draw) => {
    const [m, d] = [draw.size(6, 9), draw.size(3, 4)];
    return { w: draw.normal([d, 1]), X: draw.normal([m, d]), T: draw.between(0.1, 4, [m, 1]) };
  },
  f: (w, X, T) => {
    const z = probe('z', matmul(X, w));
    return mean(sub(exp(z), mul(T, z)));
  },
  derive: (student, w, X, T) => {
    const difference = student.minusTarget('exp(z) - T', exp(matmul(X, w)), T);
    const dz = student.over('the mean over the batch', difference, X.shape[0]);
    return { w: student.scaled('sign', matmul(t(X), dz), 1, '') };
  },
};

/** Division by the root of the mean square. */
const rootMeanSquare: DerivedRule = {
  name: 'normalization by the root mean square',
  inputs: (draw) => {
    const [m, d] = [draw.size(4, 7), draw.size(4, 6)];
    return { x: draw.normal([m, d]), g: draw.normal([d]), C: draw.normal([m, d]) };
  },
  f: (x, g, C) => {
    const r = probe('r', rsqrt(mean(square(x), 1, kept)));
    return sum(mul(C, mul(mul(x, r), g)));
  },
  derive: (student, x, g, C) => {
    const r = rsqrt(mean(square(x), 1, kept));
    const dn = student.times('g', C, g);
    const direct = student.times('r', dn, r);
    const through = neg(mul(mul(x, mul(r, square(r))), mean(mul(dn, x), 1, kept)));
    const dg = student.overSamples('Σ C n', mul(C, mul(x, r)), (terms) => sum(terms, 0), x.shape[0]);
    return { x: student.sum('direct and through r', direct, through), g: dg };
  },
};

/** Three layers, with softplus, sine and leaky relu, and the logarithm of a sum of exponentials in the end. */
const deep: DerivedRule = {
  name: 'three layers, log-sum-exp',
  inputs: (draw) => {
    const [m, d] = [draw.size(5, 7), draw.size(3, 4)];
    return { A: draw.normal([d, d]), B: draw.normal([d, d]), C: draw.normal([d, d]), X: draw.normal([m, d]) };
  },
  f: (A, B, C, X) => {
    const a1 = probe('a1', softplus(probe('z1', matmul(X, A))));
    const a2 = probe('a2', sin(probe('z2', matmul(a1, B))));
    const a3 = leakyRelu(probe('z3', matmul(a2, C)), 0.1);
    return mean(logsumexp(a3, 1));
  },
  derive: (student, A, B, C, X) => {
    const z1 = matmul(X, A);
    const a1 = softplus(z1);
    const z2 = matmul(a1, B);
    const a2 = sin(z2);
    const z3 = matmul(a2, C);
    const a3 = leakyRelu(z3, 0.1);
    const da3 = student.over('the mean over the batch', softmax(a3, 1), X.shape[0]);
    const dz3 = student.times('(z3)', da3, add(mul(convert(gt(z3, 0), z3.dtype), 0.9), 0.1));
    const slope2 = student.at('sin′', cos, z2, { a2 });
    const dz2 = student.times('sin′(z2)', student.back('dz3 Cᵀ', matmul(dz3, t(C)), matmul(dz3, C)), slope2);
    const slope1 = student.at('′', sigmoid, z1, { a1 });
    const dz1 = student.times('(z1)', matmul(dz2, t(B)), slope1);
    return {
      A: matmul(t(X), dz1),
      B: student.product('a1ᵀ dz2', matmul(t(a1), dz2), { with: ['z1', matmul(t(z1), dz2)] }),
      C: student.instead('dC', matmul(t(a2), dz3), matmul(t(a1), dz2), 'B'),
    };
  },
};

/** Two encoders, compared by a product: both ways lead to the shared weight. */
const similarity: DerivedRule = {
  name: 'similarity of two encodings',
  inputs: (draw) => {
    const [m, d, h] = [draw.size(5, 7), draw.size(3, 4), draw.size(2, 5)];
    return { W: draw.normal([d, h]), x: draw.normal([m, d]), y: draw.normal([m, d]) };
  },
  f: (W, x, y) => mean(square(sum(mul(probe('p', matmul(x, W)), probe('q', matmul(y, W))), 1))),
  derive: (student, W, x, y) => {
    const [p, q] = [matmul(x, W), matmul(y, W)];
    const s = sum(mul(p, q), 1, kept);
    const ds = student.over('the mean over the batch', student.scaled('the 2 of the square', s, 2, 'half'), x.shape[0]);
    const [dp, dq] = [student.times('q', ds, q), mul(ds, p)];
    return { W: student.sum('both encoders', matmul(t(x), dp), matmul(t(y), dq)), p: dp, q: dq };
  },
};

/** The hinge loss of a linear classifier, at whole numbers, so that it is met at its kink. */
const hinge: DerivedRule = {
  name: 'hinge loss',
  inputs: (draw) => {
    const [m, d] = [draw.size(6, 9), draw.size(3, 4)];
    return { w: draw.whole([d, 1]), X: draw.whole([m, d]), T: draw.signs([m, 1]) };
  },
  f: (w, X, T) => mean(relu(probe('slack', sub(1, mul(T, matmul(X, w)))))),
  derive: (student, w, X, T) => {
    const slack = sub(1, mul(T, matmul(X, w)));
    const dslack = student.over('the mean over the batch', student.mask('relu′(slack)', slack), X.shape[0]);
    return { w: student.scaled('the sign of t z', matmul(t(X), mul(dslack, T)), -1, 'wrong sign') };
  },
};

export const rulesOfStatistics: readonly DerivedRule[] = [gaussian, poisson, rootMeanSquare, deep, similarity, hinge];
