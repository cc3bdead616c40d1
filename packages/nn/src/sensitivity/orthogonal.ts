import { stack, type Tensor } from '@gradtape/autograd';
import { latex, type Rule, rule } from './rule.ts';
import * as sections from './sections.ts';

/**
 * The factors of a matrix G `[n, k]` with k linearly independent columns: `G = Q R`, the columns of Q `[n, k]` orthogonal to each
 * other and of length 1, R `[k, k]` zero below its diagonal and positive on it. Of a drawn G, Q is the orthogonal weight to
 * start from. 训练技巧 一、参数初始化
 *
 * @example
 * import { orthogonalFactors } from '@gradtape/nn/sensitivity';
 * const { Q, R } = orthogonalFactors(tensor([[3, 1], [4, 3]]));
 * Q; // [[0.6, -0.8], [0.8, 0.6]]
 * R; // [[5, 3], [0, 1]]
 */
export const orthogonalFactors: Rule<[G: Tensor], { Q: Tensor; R: Tensor }> = rule(
  {
    name: 'orthogonalFactors',
    statement: latex`G = Q R, \quad Q^\top Q = I, \quad W = Q`,
    place: sections.initialization,
    shapes: 'G [n, k] -> Q [n, k], R [k, k]',
  },
  (G) => {
    const Q = orthonormalColumns(G);
    return { Q, R: Q.t().matmul(G).triu() };
  },
);

/** By Gram and Schmidt, each column made orthogonal twice: once leaves what rounding adds where columns are nearly alike. */
function orthonormalColumns(G: Tensor): Tensor {
  const found: Tensor[] = [];
  for (const column of G.unbind(1)) {
    let rest = column;
    for (let time = 0; time < 2; time++) rest = found.reduce((left, q) => left.sub(q.mul(q.dot(left))), rest);
    found.push(rest.div(rest.square().sum().sqrt()));
  }
  return found.length === 0 ? G.detach() : stack(found, 1);
}
