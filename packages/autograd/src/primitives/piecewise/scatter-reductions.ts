import { isFloating } from '../../core/dtype.ts';
import type { Tensor } from '../../core/tensor.ts';
import { type Meeting, scatterCombined } from '../../kernels/index-entries.ts';
import type { Formula } from '../../kernels/scalar-math.ts';
import { bind } from '../../tape/bind.ts';
import type { Draw, Primitive, Sample } from '../../tape/primitive.ts';
import { mul } from '../bilinear/mul.ts';
import { add, sub } from '../linear/arithmetic.ts';
import { convert } from '../linear/convert.ts';
import { checkAlong, gatherAlong, sampleIndices, scatterAddZeros } from '../linear/gather.ts';
import { where } from '../linear/where.ts';
import { div } from '../smooth/division.ts';
import { eq } from './comparison.ts';
import { tensorsApart } from './tensors-apart.ts';

interface Along {
  readonly dim: number;
}

/** The derivative of each result by the entry of `x` in its place, and by each entry of `src`. */
interface Weights {
  readonly ofX: Tensor;
  readonly ofSrc: Tensor;
}

const combining: Readonly<Record<Meeting, Formula>> = {
  largest: (m, a, b) => m.maximum(a, b),
  smallest: (m, a, b) => m.minimum(a, b),
  product: (m, a, b) => m.mul(a, b),
};

/**
 * Entries of `src`, the second input, joined to those of `x`, the first, where an index, the third, points along a dim.
 * `weights` gives the derivative of what is joined, from the inputs and the value.
 */
function scatterReduction(
  name: string,
  meeting: Meeting,
  weights: (x: Tensor, src: Tensor, index: Tensor, y: Tensor, dim: number) => Weights,
): Primitive<Along> {
  return {
    name,
    evaluate: ([x, src, index], { dim }) => scatterCombined(x, src, index, dim, meeting),
    kernel: {
      kind: 'scatter',
      combine: combining[meeting],
      along: ({ dim }) => ({ dim, check: checkAlong('scatterReduce', dim) }),
    },
    pullback: (cotangent, { inputs: [x, src, index], output, params: { dim } }) => {
      if (!isFloating(x.dtype)) return [];
      const { ofX, ofSrc } = weights(x, src, index, output, dim);
      return [mul(cotangent, ofX), mul(gatherAlong(cotangent, dim, index), ofSrc)];
    },
    pushforward: ([ofX, ofSrc], { inputs: [x, src, index], output, params: { dim } }) => {
      const weight = weights(x, src, index, output, dim);
      const direct = ofX && mul(ofX, weight.ofX);
      const scattered = ofSrc && scatterAddZeros(mul(ofSrc, weight.ofSrc), index, dim, x.shape);
      return direct && scattered ? add(direct, scattered) : (direct ?? scattered);
    },
    sample: sampleApart,
  };
}

/** Entries that are the extreme share the derivative. */
function evenShares(x: Tensor, src: Tensor, index: Tensor, y: Tensor, dim: number): Weights {
  const [inX, inSrc] = [convert(eq(x, y), x.dtype), convert(eq(src, gatherAlong(y, dim, index)), x.dtype)];
  const count = add(inX, scatterAddZeros(inSrc, index, dim, x.shape));
  return { ofX: div(inX, count), ofSrc: div(inSrc, gatherAlong(count, dim, index)) };
}

export const scatterAmaxPrimitive: Primitive<Along> = scatterReduction('scatterAmax', 'largest', evenShares);
export const scatterAminPrimitive: Primitive<Along> = scatterReduction('scatterAmin', 'smallest', evenShares);

/**
 * The product of the other factors: by division, but of a zero the product of those that are not, times the other zero if
 * there is one. That product is zero; what counts is its derivative. A third derivative by three zeros is lost.
 */
export const scatterProdPrimitive: Primitive<Along> = scatterReduction(
  'scatterProd',
  'product',
  (x, src, index, y, dim) => {
    const [zeroX, zeroSrc] = [eq(x, 0), eq(src, 0)];
    const [factorX, factorSrc] = [where(zeroX, 1, x), where(zeroSrc, 1, src)];
    const zeros = add(convert(zeroX, x.dtype), scatterAddZeros(convert(zeroSrc, x.dtype), index, dim, x.shape));
    const ofOthers = scatterProduct(factorX, factorSrc, index, dim);
    const [byOnlyZero, byOneOfTwo] = [1, 2].map((count) => where(eq(zeros, count), ofOthers, 0));
    const [zerosOfX, zerosOfSrc] = [where(zeroX, x, 0), where(zeroSrc, src, 0)];
    const sumOfZeros = add(zerosOfX, scatterAddZeros(zerosOfSrc, index, dim, x.shape));
    const there = (weight: Tensor): Tensor => gatherAlong(weight, dim, index);
    const ofZeroX = add(byOnlyZero, mul(byOneOfTwo, sub(sumOfZeros, zerosOfX)));
    const ofZeroSrc = add(there(byOnlyZero), mul(there(byOneOfTwo), sub(there(sumOfZeros), zerosOfSrc)));
    return {
      ofX: where(zeroX, ofZeroX, div(y, factorX)),
      ofSrc: where(zeroSrc, ofZeroSrc, div(there(y), factorSrc)),
    };
  },
);

function sampleApart(draw: Draw): Sample<Along> {
  const { shape, dim, indices } = sampleIndices(draw);
  return { inputs: [...tensorsApart(draw, [shape, indices.shape]), indices], params: { dim } };
}

/** The largest of each entry of `x` and the entries of `src` that an index brings to it along a dim. */
export function scatterLargest(x: Tensor, src: Tensor, index: Tensor, dim: number): Tensor {
  return bind(scatterAmaxPrimitive, [x, src, index], { dim });
}
/** The smallest of each entry of `x` and the entries of `src` that an index brings to it along a dim. */
export function scatterSmallest(x: Tensor, src: Tensor, index: Tensor, dim: number): Tensor {
  return bind(scatterAminPrimitive, [x, src, index], { dim });
}
/** The product of each entry of `x` and the entries of `src` that an index brings to it along a dim. */
export function scatterProduct(x: Tensor, src: Tensor, index: Tensor, dim: number): Tensor {
  return bind(scatterProdPrimitive, [x, src, index], { dim });
}
