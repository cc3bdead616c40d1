import type { Tensor } from '@gradtape/autograd';
import { latex, type Rule, rule } from './rule.ts';
import * as sections from './sections.ts';

/**
 * Inputs brought to mean 0 and standard deviation 1: `x ← (x - μ) / (σ + ε)`. x `[k]` or columns `[k, m]`, μ and σ `[k]`: one
 * for each feature. 感知机 五、局限与启示
 *
 * @example
 * import { standardize } from '@gradtape/nn/sensitivity';
 * const X = tensor([[1, 3], [10, 50]]);
 * standardize(X, X.mean(1), X.std(1, { correction: 0 }), 1e-8); // [[-1, 1], [-1, 1]]
 */
export const standardize: Rule<[x: Tensor, mu: Tensor, sigma: Tensor, epsilon: number], Tensor> = rule(
  {
    name: 'standardize',
    statement: latex`x_i \leftarrow \frac{x_i - \mu_i}{\sigma_i + \epsilon}`,
    place: `${sections.limits}; ${sections.experiments}; ${sections.trainingExamples}`,
    shapes: 'x [k, …], mu [k], sigma [k], epsilon -> [k, …]',
  },
  (x, mu, sigma, epsilon) => {
    const ofFeature = (s: Tensor): Tensor => (x.rank === 1 ? s : s.unsqueeze(1));
    return x.sub(ofFeature(mu)).div(ofFeature(sigma.add(epsilon)));
  },
);
