import { allocateUnfilled } from '../../../core/allocate.ts';
import type { Tensor } from '../../../core/tensor.ts';
import { changeOfCofactors, cofactors } from '../../../kernels/linear-algebra/cofactors.ts';
import {
  batchOf,
  hasOnlyFinite,
  readMatrix,
  sizesOf,
  visitMatrices,
} from '../../../kernels/linear-algebra/matrices.ts';
import { bind } from '../../../tape/bind.ts';
import type { Primitive } from '../../../tape/primitive.ts';
import { multiplyMatrices } from '../../bilinear/matmul.ts';
import { mul } from '../../bilinear/mul.ts';
import { add, neg, sub } from '../../linear/arithmetic.ts';
import { transposeMatrix } from '../../linear/permute.ts';
import { sumKept } from '../../linear/sum.ts';
import { selfAdjoint, smoothMap } from '../smooth-map.ts';
import { invert } from './inverse.ts';
import { drawBatch, drawDominant, sampleDominant } from './sample-matrices.ts';

/** The cofactors of matrices `[…, n, n]`, also of singular ones: `det(A) A⁻ᵀ` where there is an inverse. */
export const cofactorsPrimitive: Primitive<undefined> = smoothMap('cofactors', {
  value: ([a]) => matrixByMatrix([a], ([matrix], size) => cofactors(matrix, size)),
  differential: ({ inputs: [a] }) => ({ each: [selfAdjoint((h) => changeOfCofactorsOf(a, h))] }),
  latex: (m, [a]) => m.apply('\\operatorname{cof}', a),
  sample: sampleDominant,
});

/**
 * How the cofactors of A change along H, of matrices `[…, n, n]`, also of singular ones: linear in H, and its own transpose,
 * as a second derivative is. With `W = A⁻ᵀ` and cofactors C it is `⟨W, H⟩ C - C Hᵀ W`, whose derivative, a third one of the
 * determinant, is NaN where A is singular.
 */
export const changeOfCofactorsPrimitive: Primitive<undefined> = smoothMap('changeOfCofactors', {
  value: (inputs) => matrixByMatrix(inputs, ([a, h], size) => changeOfCofactors(a, h, size)),
  differential: ({ inputs: [a, h] }) => {
    const w = transposeMatrix(invert(a));
    const c = cofactorsOf(a);
    const secondChange = (e: Tensor): Tensor => {
      const changeOfC = changeOfCofactorsOf(a, e);
      const changeOfW = neg(product(w, transposeMatrix(e), w));
      return add(
        sub(mul(inner(changeOfW, h), c), product(c, transposeMatrix(h), changeOfW)),
        sub(mul(inner(w, h), changeOfC), product(changeOfC, transposeMatrix(h), w)),
      );
    };
    return { each: [selfAdjoint(secondChange), selfAdjoint((x) => changeOfCofactorsOf(a, x))] };
  },
  latex: (m, operands) => m.apply("\\operatorname{cof}'", ...operands),
  sample: (draw) => {
    const { batch, size } = drawBatch(draw);
    const h = draw.tensor([...batch, size, size], { low: -1, high: 1 });
    return { inputs: [drawDominant(draw, batch, size), h], params: undefined };
  },
});

/** `⟨A, B⟩` as matrices of one entry. */
function inner(a: Tensor, b: Tensor): Tensor {
  return sumKept(mul(a, b), [a.rank - 2, a.rank - 1]);
}

function product(a: Tensor, b: Tensor, c: Tensor): Tensor {
  return multiplyMatrices(multiplyMatrices(a, b), c);
}

/** Matrices from square ones at the same places of the batch; of NaN where those are not finite. */
function matrixByMatrix(
  inputs: readonly Tensor[],
  compute: (matrices: readonly Float64Array[], size: number) => Float64Array,
): Tensor {
  const [{ shape, dtype }] = inputs;
  const [size] = sizesOf(inputs[0]);
  const out = allocateUnfilled(shape, dtype);
  const matrices = inputs.map(() => new Float64Array(size * size));
  visitMatrices(batchOf(out), [out, ...inputs], ([atOut, ...places]) => {
    for (const [k, x] of inputs.entries()) readMatrix(x, places[k], matrices[k]);
    if (matrices.every(hasOnlyFinite)) out.storage.set(compute(matrices, size), atOut);
    else out.storage.fill(Number.NaN, atOut, atOut + size * size);
  });
  return out;
}

export function cofactorsOf(a: Tensor): Tensor {
  return bind(cofactorsPrimitive, [a], undefined);
}

function changeOfCofactorsOf(a: Tensor, h: Tensor): Tensor {
  return bind(changeOfCofactorsPrimitive, [a, h], undefined);
}
