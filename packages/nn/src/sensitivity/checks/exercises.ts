import * as autograd from '@gradtape/autograd';
import {
  binaryCrossEntropyWithLogits,
  crossEntropy,
  mseLoss,
  smallestNormal,
  type Tensor,
  zeros,
} from '@gradtape/autograd';
import { exercise1, exercise2, exercise3, exercise4, exercise5 } from '../exercises.ts';
import { againstTape, allowedOfExponentials, type Check } from './check.ts';
import { activationsOnTape, fewestUnits, gradients, onTape, sensitivityTerms } from './with-tape.ts';

const none = { reduction: 'none' } as const;

export const checks: readonly Check[] = [
  againstTape(exercise1, (rule, draw) => {
    const [n, k] = [draw.size(), draw.size()];
    const [W, b, y, t] = [draw.tensor([n, k]), draw.tensor([n]), draw.tensor([k]), draw.tensor([n])];
    const { delta, dW, db } = rule(W, b, y, t);
    const loss = (v: Tensor, c: Tensor): Tensor => v.matmul(y).add(c).sub(t).square().div(2);
    const [wantW, wantB] = gradients(loss, W, b);
    const [wantDelta] = gradients((u) => u.sub(t).square().div(2), W.matmul(y).add(b));
    const size = W.abs().matmul(y.abs()).add(b.abs()).add(t.abs());
    return [
      { got: delta, want: wantDelta, terms: size },
      { got: dW, want: wantW, terms: size.unsqueeze(1).mul(y.abs()) },
      { got: db, want: wantB, terms: size },
    ];
  }),
  againstTape(exercise2, (rule, draw) => {
    const u = draw.tensor([draw.size()]);
    const t = draw.binaryTargets(u.shape);
    const { mse, bce } = rule(u, t);
    const terms = autograd.sigmoid(u).add(t);
    return [
      { got: mse, want: gradients((x) => mseLoss(autograd.sigmoid(x), t, none).div(2), u)[0], terms },
      { got: bce, want: gradients((x) => binaryCrossEntropyWithLogits(x, t, none), u)[0], terms },
    ];
  }),
  againstTape(exercise3, (rule, draw) => {
    const [k, h, n] = [draw.size(), draw.size(), draw.size(1)];
    const [W1, b1, x] = [draw.between(-2, 2, [h, k]), draw.tensor([h]), draw.tensor([k])];
    const [W2, b2, t] = [draw.between(-2, 2, [n, h]), draw.tensor([n]), draw.classTargets([n])];
    const got = rule(W1, b1, W2, b2, x, t);
    const output = (V1: Tensor, c1: Tensor, V2: Tensor, c2: Tensor): Tensor =>
      V2.matmul(autograd.relu(V1.matmul(x).add(c1))).add(c2);
    const [dW1, db1, dW2, db2] = gradients(
      (...parameters) => crossEntropy(output(...parameters), t, none),
      ...([W1, b1, W2, b2] as const),
    );
    // The net inputs are rounded in proportion to their terms, and by as much are their exponentials off.
    const sizeOfNetInput = W2.abs().matmul(W1.abs().matmul(x.abs()).add(b1.abs())).add(b2.abs());
    const probabilities = autograd.softmax(output(W1, b1, W2, b2), 0).add(smallestNormal(draw.dtype));
    const size2 = probabilities.add(t).mul(sizeOfNetInput.add(1).amax(0));
    const size1 = W2.t().abs().matmul(size2);
    const hidden = autograd.relu(W1.matmul(x).add(b1));
    return [
      { got: got.delta1, want: db1, terms: size1 },
      { got: got.delta2, want: db2, terms: size2 },
      { got: got.dW1, want: dW1, terms: size1.unsqueeze(1).mul(x.abs()) },
      { got: got.db1, want: db1, terms: size1 },
      { got: got.dW2, want: dW2, terms: size2.unsqueeze(1).mul(hidden) },
      { got: got.db2, want: db2, terms: size2 },
    ];
  }),
  againstTape(
    exercise4,
    (rule, draw) => {
      const u = draw.tensor([draw.size(1), draw.size()]);
      return [{ got: rule(u), want: autograd.softmax(u, 0) }];
    },
    allowedOfExponentials,
  ),
  // The layer's own weights and biases move Z away from where it is drawn: their gradients are taken where they are zero.
  againstTape(exercise5, (rule, draw) => {
    const f = draw.among([...activationsOnTape.keys()]);
    const [n, h, k, m] = [draw.size(), draw.size(fewestUnits(f)), draw.size(), draw.size()];
    const [W, nextDelta] = [draw.tensor([n, h]), draw.tensor([n, m])];
    const [Z, A] = [draw.tensor([h, m]), draw.tensor([k, m])];
    const { Delta, dW, db } = rule(W, nextDelta, Z, A, f);
    const next = (z: Tensor): Tensor => W.matmul(onTape(f)(z)).mul(nextDelta);
    const [V, c] = [zeros([h, k], { dtype: draw.dtype }), zeros([h], { dtype: draw.dtype })];
    const [wantW, wantB] = gradients((v, b) => next(v.matmul(A).add(b.unsqueeze(1)).add(Z)).div(m), V, c);
    const size = sensitivityTerms(f, W.t().abs().matmul(nextDelta.abs()));
    return [
      { got: Delta, want: gradients(next, Z)[0], terms: size },
      { got: dW, want: wantW, terms: size.matmul(A.abs().t()).div(m) },
      { got: db, want: wantB, terms: size.sum(1).div(m) },
    ];
  }),
];
