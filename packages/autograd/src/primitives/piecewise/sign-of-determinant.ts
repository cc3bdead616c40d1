import type { Tensor } from '../../core/tensor.ts';
import { bind } from '../../tape/bind.ts';
import type { Primitive } from '../../tape/primitive.ts';
import { diagonalOf, ofFactors, ofPivots } from '../smooth/linear-algebra/determinant.ts';
import { sampleDominant } from '../smooth/linear-algebra/sample-matrices.ts';
import { locallyConstant } from './degree.ts';

/** The sign of the determinants of matrices `[…, n, n]`: shape `[…]`, 0 where one is singular. */
export const signOfDeterminantPrimitive: Primitive<undefined> = locallyConstant('signOfDet', {
  value: ([a]) =>
    ofFactors(a, ({ entries, size, sign, zeroPivot }) =>
      zeroPivot === undefined
        ? diagonalOf(entries, size).reduce((product, pivot) => product * Math.sign(pivot), sign)
        : 0,
    ),
  kernel: ofPivots('sign', (m, sign, pivot) => {
    const zero = m.constant(0);
    const isSingular = m.or(m.equal(sign, zero), m.equal(pivot, zero));
    const turned = m.select(m.less(pivot, zero), m.neg(sign), sign);
    return m.select(isSingular, zero, m.select(m.equal(pivot, pivot), turned, pivot));
  }),
  latex: (m, [a]) => m.sign(m.apply('\\det', a)),
  sample: sampleDominant,
});

export function signOfDeterminantOf(a: Tensor): Tensor {
  return bind(signOfDeterminantPrimitive, [a], undefined);
}
