import { eye } from '@gradtape/autograd';
import { orthogonalFactors } from '../orthogonal.ts';
import { againstDefinition, type Check } from './check.ts';

export const checks: readonly Check[] = [
  againstDefinition(orthogonalFactors, (rule, draw) => {
    const k = draw.size();
    const n = k + draw.integer(0, 3);
    const { dtype } = draw;
    // Columns that differ enough for any method, or so little that making them orthogonal once leaves rounding to be seen.
    const apart = draw.among([1, dtype === 'float64' ? 1e-8 : 1e-3]);
    const differences = draw.between(-0.5, 0.5, [n, k]).add(eye(n, k, { dtype }).mul(4));
    const G = draw.between(1, 2, [n, 1]).add(differences.mul(apart));
    const { Q, R } = rule(G);
    const diagonal = eye(k, k, { dtype });
    return [
      { got: Q.matmul(R), want: G, terms: Q.abs().matmul(R.abs()) },
      { got: Q.t().matmul(Q), want: diagonal, terms: Q.t().abs().matmul(Q.abs()) },
      { got: R.tril(), want: R.mul(diagonal).abs() },
    ];
  }),
];
