import { eye } from '@gradtape/autograd';
import { orthogonalFactors } from '../orthogonal.ts';
import { againstDefinition, type Check } from './check.ts';

export const checks: readonly Check[] = [
  againstDefinition(orthogonalFactors, (rule, draw) => {
    const k = draw.size();
    const n = k + draw.integer(0, 3);
    const { dtype } = draw;
    // What is added makes the columns independent, and keeps lengths and angles far from 0.
    const G = draw.between(-0.5, 0.5, [n, k]).add(eye(n, k, { dtype }).mul(4));
    const { Q, R } = rule(G);
    const diagonal = eye(k, k, { dtype });
    return [
      { got: Q.matmul(R), want: G, terms: Q.abs().matmul(R.abs()) },
      { got: Q.t().matmul(Q), want: diagonal, terms: Q.t().abs().matmul(Q.abs()) },
      { got: R.tril(), want: R.mul(diagonal).abs() },
    ];
  }),
];
