import { linear } from '@gradtape/autograd';
import { dense, denseBiasGradient, denseInputGradient, denseWeightGradient, hiddenSensitivity } from '../dense.ts';
import { againstTape, type Check } from './check.ts';
import { activationsOnTape, fewestUnits, onTape, pulled, sensitivityTerms } from './with-tape.ts';

export const checks: readonly Check[] = [
  againstTape(dense, (forward, draw) => {
    const [n, k] = [draw.size(), draw.size()];
    const [W, b] = [draw.tensor([n, k]), draw.tensor([n])];
    const a = draw.tensor([k]);
    const A = draw.tensor([k, draw.size()]);
    return [
      { got: forward(W, a, b), want: linear(a, W, b), terms: linear(a.abs(), W.abs(), b.abs()) },
      { got: forward(W, A, b), want: linear(A.t(), W, b).t(), terms: linear(A.t().abs(), W.abs(), b.abs()).t() },
    ];
  }),
  againstTape(denseInputGradient, (back, draw) => {
    const [n, k] = [draw.size(), draw.size()];
    const W = draw.tensor([n, k]);
    const rest = draw.among([[], [draw.size()]]);
    const [a, delta] = [draw.tensor([k, ...rest]), draw.tensor([n, ...rest])];
    const want = pulled((x) => W.matmul(x), a, delta);
    return [{ got: back(W, delta), want, terms: W.t().abs().matmul(delta.abs()) }];
  }),
  againstTape(denseWeightGradient, (gradient, draw) => {
    const [n, k] = [draw.size(), draw.size()];
    const [W, b, a, delta] = [draw.tensor([n, k]), draw.tensor([n]), draw.tensor([k]), draw.tensor([n])];
    return [{ got: gradient(delta, a), want: pulled((x) => x.matmul(a).add(b), W, delta) }];
  }),
  againstTape(denseBiasGradient, (gradient, draw) => {
    const [n, k] = [draw.size(), draw.size()];
    const [W, b, a, delta] = [draw.tensor([n, k]), draw.tensor([n]), draw.tensor([k]), draw.tensor([n])];
    return [{ got: gradient(delta), want: pulled((x) => W.matmul(a).add(x), b, delta) }];
  }),
  againstTape(hiddenSensitivity, (back, draw) => {
    const f = draw.among([...activationsOnTape.keys()]);
    const [n, k] = [draw.size(), draw.size(fewestUnits(f))];
    const W = draw.tensor([n, k]);
    const rest = draw.among([[], [draw.size()]]);
    const [z, delta] = [draw.tensor([k, ...rest]), draw.tensor([n, ...rest])];
    const want = pulled((x) => W.matmul(onTape(f)(x)), z, delta);
    return [{ got: back(W, delta, z, f), want, terms: sensitivityTerms(f, W.t().abs().matmul(delta.abs())) }];
  }),
];
