import { fromArray, matmul, noGrad, type Tensor } from '@gradtape/autograd';
import type { Run } from '../engines.ts';
import { weights } from '../seeded-data.ts';
import type { Workload } from '../timing.ts';

const SIZES: readonly (readonly [m: number, k: number, n: number])[] = [
  [128, 784, 256],
  [512, 512, 512],
  [1024, 1024, 1024],
];

/** Products of float32 matrices. */
export function products(run: Run): Workload[] {
  return SIZES.map(([m, k, n]) => {
    const a = fromArray(weights(1, m * k, 1), [m, k]);
    const b = fromArray(weights(2, k * n, 1), [k, n]);
    let product: Tensor;
    const step = run((x: Tensor, y: Tensor): Tensor => noGrad(() => matmul(x, y)));
    return {
      name: `matmul-${m}x${k}x${n}`,
      flops: 2 * m * k * n,
      step: () => {
        product = step(a, b);
      },
      loss: () => product.sum().item(),
    };
  });
}
