import * as autograd from '@gradtape/autograd';
import { linear, mseLoss, type Tensor, tensor } from '@gradtape/autograd';
import { adalineGradient, adalineLoss, adalineUpdate, lmsUpdate, productFeatures } from '../adaline.ts';
import { decide, netInput } from '../neuron.ts';
import { perceptronUpdate } from '../perceptron.ts';
import { standardize } from '../standardize.ts';
import { againstDefinition, againstTape, type Check, type Comparison } from './check.ts';
import type { Draw } from './draw.ts';
import { gradients } from './with-tape.ts';

interface Neuron {
  readonly w: Tensor;
  readonly b: Tensor;
}

/** One sample, as the column of a batch of one. */
function drawSample(draw: Draw): Neuron & { readonly x: Tensor; readonly t: Tensor } {
  const k = draw.size();
  return { w: draw.tensor([k]), b: draw.tensor([]), x: draw.tensor([k]), t: draw.binaryTargets([]) };
}

function drawBatch(draw: Draw): Neuron & { readonly X: Tensor; readonly t: Tensor } {
  const [k, N] = [draw.size(), draw.size()];
  return { w: draw.tensor([k]), b: draw.tensor([]), X: draw.tensor([k, N]), t: draw.tensor([N]) };
}

/** How large `|w|ᵀ |x| + |b| + |t|` is. */
function errorTerms({ w, b }: Neuron, x: Tensor, t: Tensor): Tensor {
  return w.abs().matmul(x.abs()).add(b.abs()).add(t.abs());
}

/** The parameters after a step down the gradient that the tape finds. */
function descended({ w, b }: Neuron, loss: (w: Tensor, b: Tensor) => Tensor, eta: number): Neuron {
  const [dw, db] = gradients(loss, w, b);
  return { w: w.sub(dw.mul(eta)), b: b.sub(db.mul(eta)) };
}

function compareNeurons(got: Neuron, want: Neuron, terms: Neuron): readonly Comparison[] {
  return [
    { got: got.w, want: want.w, terms: terms.w },
    { got: got.b, want: want.b, terms: terms.b },
  ];
}

function lossOnTape(w: Tensor, b: Tensor, X: Tensor, t: Tensor): Tensor {
  return mseLoss(w.matmul(X).add(b), t).div(2);
}

export const checks: readonly Check[] = [
  againstTape(netInput, (rule, draw) => {
    const { w, b, X } = drawBatch(draw);
    const row = w.unsqueeze(0);
    const terms = linear(X.t().abs(), row.abs(), b.abs().reshape([1])).squeeze(1);
    return [{ got: rule(w, b, X), want: linear(X.t(), row, b.reshape([1])).squeeze(1), terms }];
  }),
  againstDefinition(decide, (rule, draw) => {
    const z = draw.tensor([draw.size()]);
    const theta = draw.among([0, 0.5, -1]);
    const want = [...z.toTypedArray()].map((entry) => (entry >= theta ? 1 : 0));
    return [{ got: rule(z, theta), want: tensor(want, { dtype: draw.dtype }) }];
  }),
  // A step down the gradient of (y - t) z, in which the step y = H(z) passes no derivative; also where z is 0.
  againstTape(perceptronUpdate, (rule, draw) => {
    const { w, x } = drawSample(draw);
    const b = draw.among([draw.tensor([]), w.matmul(x).neg()]);
    const t = tensor(draw.among([0, 1]), { dtype: draw.dtype });
    const criterion = (v: Tensor, c: Tensor): Tensor => {
      const z = v.matmul(x).add(c);
      return autograd.heaviside(z).sub(t).mul(z);
    };
    const terms = { w: w.abs().add(x.abs()), b: b.abs().add(1) };
    return compareNeurons(rule(w, b, x, t, 0.3), descended({ w, b }, criterion, 0.3), terms);
  }),
  againstTape(adalineLoss, (rule, draw) => {
    const { w, b, X, t } = drawBatch(draw);
    const terms = errorTerms({ w, b }, X, t).square().mean();
    return [{ got: rule(w, b, X, t), want: lossOnTape(w, b, X, t), terms }];
  }),
  againstTape(adalineGradient, (rule, draw) => {
    const { w, b, X, t } = drawBatch(draw);
    const [dw, db] = gradients((v, c) => lossOnTape(v, c, X, t), w, b);
    const errors = errorTerms({ w, b }, X, t).div(t.length);
    return compareNeurons(rule(w, b, X, t), { w: dw, b: db }, { w: X.abs().matmul(errors), b: errors.sum() });
  }),
  againstTape(adalineUpdate, (rule, draw) => {
    const { w, b, X, t } = drawBatch(draw);
    const want = descended({ w, b }, (v, c) => lossOnTape(v, c, X, t), 0.3);
    const errors = errorTerms({ w, b }, X, t).div(t.length);
    const terms = { w: w.abs().add(X.abs().matmul(errors)), b: b.abs().add(errors.sum()) };
    return compareNeurons(rule(w, b, X, t, 0.3), want, terms);
  }),
  againstTape(lmsUpdate, (rule, draw) => {
    const { w, b, x, t } = drawSample(draw);
    const want = descended({ w, b }, (v, c) => v.matmul(x).add(c).sub(t).square().div(2), 0.3);
    const error = errorTerms({ w, b }, x, t);
    const terms = { w: w.abs().add(x.abs().mul(error)), b: b.abs().add(error) };
    return compareNeurons(rule(w, b, x, t, 0.3), want, terms);
  }),
  againstDefinition(productFeatures, (rule, draw) => {
    const x = draw.tensor([2, draw.size()]);
    const [x1, x2] = x.toArray() as number[][];
    const want = tensor([...x1, ...x2, ...x1.map((entry, i) => entry * x2[i])], { dtype: draw.dtype });
    return [{ got: rule(x), want: want.reshape([3, x1.length]) }];
  }),
  againstDefinition(standardize, (rule, draw) => {
    const [k, m] = [draw.size(), draw.size()];
    const [x, mu, sigma] = [draw.tensor([k, m]), draw.tensor([k]), draw.between(0, 5, [k])];
    const [M, S] = [mu.unsqueeze(1), sigma.unsqueeze(1)];
    const back = rule(x, mu, sigma, 0.125).mul(S.add(0.125)).add(M);
    return [{ got: back, want: x, terms: x.abs().add(M.abs()) }];
  }),
];
