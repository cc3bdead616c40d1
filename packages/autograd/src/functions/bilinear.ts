import { fail } from '../core/errors.ts';
import { sameShape, showShape } from '../core/shape.ts';
import type { Tensor } from '../core/tensor.ts';
import { add } from '../primitives/linear/arithmetic.ts';
import { einsum } from './einsum.ts';

/**
 * `out[…, o] = Σ x1[…, i] · weight[o, i, j] · x2[…, j] + bias[o]`.
 *
 * @param x1 `[…, in1]`.
 * @param x2 `[…, in2]`, with the same leading dims.
 * @param weight `[out, in1, in2]`.
 * @param bias `[out]`.
 * @returns `[…, out]`.
 * @throws GradtapeError if the shapes do not fit together.
 */
export function bilinear(x1: Tensor, x2: Tensor, weight: Tensor, bias?: Tensor | null): Tensor {
  const fits =
    x1.rank > 0 &&
    weight.rank === 3 &&
    sameShape(x1.shape.slice(0, -1), x2.shape.slice(0, -1)) &&
    sameShape(weight.shape.slice(1), [...x1.shape.slice(-1), ...x2.shape.slice(-1)]) &&
    (!bias || sameShape(bias.shape, weight.shape.slice(0, 1)));
  if (!fits) {
    fail('bilinear: the shapes do not fit together', {
      got: [x1, x2, weight, ...(bias ? [bias] : [])].map((x) => showShape(x.shape)).join(', '),
      needs: '[…, in1], […, in2], weight [out, in1, in2] and bias [out]',
      fix: 'check the sizes of the last dims, and that both inputs have the same leading dims',
    });
  }
  const product = einsum('...i,oij,...j->...o', x1, weight, x2);
  return bias ? add(product, bias) : product;
}
