import { batchBiasGradient, batchWeightGradient, summedBiasGradient } from '../batch.ts';
import { againstTape, type Check } from './check.ts';
import { pulled } from './with-tape.ts';

// Of a mean over m samples: each sample's Z, divided by m, gets the cotangent Δ of the sample's own loss.

export const checks: readonly Check[] = [
  againstTape(batchWeightGradient, (gradient, draw) => {
    const [n, k, m] = [draw.size(), draw.size(), draw.size()];
    const [W, A, Delta] = [draw.tensor([n, k]), draw.tensor([k, m]), draw.tensor([n, m])];
    const want = pulled((x) => x.matmul(A).div(m), W, Delta);
    return [{ got: gradient(Delta, A), want, terms: Delta.abs().matmul(A.abs().t()).div(m) }];
  }),
  againstTape(batchBiasGradient, (gradient, draw) => {
    const [n, m] = [draw.size(), draw.size()];
    const [b, Z, Delta] = [draw.tensor([n]), draw.tensor([n, m]), draw.tensor([n, m])];
    const want = pulled((x) => Z.add(x.unsqueeze(1)).div(m), b, Delta);
    return [{ got: gradient(Delta), want, terms: Delta.abs().sum(1).div(m) }];
  }),
  // Of a sum over the samples nothing is divided.
  againstTape(summedBiasGradient, (gradient, draw) => {
    const [n, m] = [draw.size(), draw.size()];
    const [b, Z, Delta] = [draw.tensor([n]), draw.tensor([n, m]), draw.tensor([n, m])];
    const want = pulled((x) => Z.add(x.unsqueeze(1)), b, Delta);
    return [{ got: gradient(Delta), want, terms: Delta.abs().sum(1) }];
  }),
];
