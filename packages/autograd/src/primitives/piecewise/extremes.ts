import type { Tensor } from '../../core/tensor.ts';
import { argumentOfExtreme, reduceKernel } from '../../kernels/reduce.ts';
import { bind } from '../../tape/bind.ts';
import type { Draw, Primitive, Sample } from '../../tape/primitive.ts';
import { convert } from '../linear/convert.ts';
import { sumKept } from '../linear/sum.ts';
import { div } from '../smooth/division.ts';
import { eq, isnan, logicalOr } from './comparison.ts';
import { locallyConstant, weighing } from './degree.ts';

const largest = reduceKernel((m, a, b) => m.maximum(a, b), -Infinity);
const smallest = reduceKernel((m, a, b) => m.minimum(a, b), Infinity);

/** Entries that equal the extreme share the derivative; where it is NaN none does, and the derivative is NaN. */
function evenShares(x: Tensor, extreme: Tensor, dims: readonly number[]): Tensor {
  return shared(convert(eq(x, extreme), x.dtype), dims);
}

/** The same, but a NaN has the derivative where there is one. PyTorch has it so for the extreme of all entries only. */
function evenSharesWithNaN(x: Tensor, extreme: Tensor, dims: readonly number[]): Tensor {
  return shared(convert(logicalOr(eq(x, extreme), isnan(x)), x.dtype), dims);
}

function shared(ties: Tensor, dims: readonly number[]): Tensor {
  return div(ties, sumKept(ties, dims));
}

/** The largest entry over dims, which keep size one; ties share the derivative. NaN where there is one. */
export const amaxPrimitive: Primitive<{ dims: readonly number[] }> = weighing('amax', {
  value: (x, dims) => largest(x, dims, x.dtype),
  weights: evenShares,
});

/** The smallest entry over dims, which keep size one; ties share the derivative. NaN where there is one. */
export const aminPrimitive: Primitive<{ dims: readonly number[] }> = weighing('amin', {
  value: (x, dims) => smallest(x, dims, x.dtype),
  weights: evenShares,
});

/** {@link amaxPrimitive} for all entries: a NaN has the derivative. */
export const maxPrimitive: Primitive<{ dims: readonly number[] }> = weighing('max', {
  value: (x, dims) => largest(x, dims, x.dtype),
  weights: evenSharesWithNaN,
});

/** {@link aminPrimitive} for all entries: a NaN has the derivative. */
export const minPrimitive: Primitive<{ dims: readonly number[] }> = weighing('min', {
  value: (x, dims) => smallest(x, dims, x.dtype),
  weights: evenSharesWithNaN,
});

function sampleDim(draw: Draw): Sample<{ dim: number }> {
  const shape = draw.shape({ minimumRank: 1, minimumSize: 1 });
  return {
    inputs: [draw.tensor(shape, { low: -3, high: 3, distinct: true })],
    params: { dim: draw.integer(0, shape.length - 1) },
  };
}

/** The place of the largest entry along a dim, which keeps size one: the first among equals. dtype int32. */
export const argmaxPrimitive: Primitive<{ dim: number }> = locallyConstant('argmax', {
  value: ([x], { dim }) => argumentOfExtreme(x as Tensor, dim, 1),
  sample: sampleDim,
});

/** The place of the smallest entry along a dim, which keeps size one: the first among equals. dtype int32. */
export const argminPrimitive: Primitive<{ dim: number }> = locallyConstant('argmin', {
  value: ([x], { dim }) => argumentOfExtreme(x as Tensor, dim, -1),
  sample: sampleDim,
});

export function largestKept(x: Tensor, dims: readonly number[]): Tensor {
  return bind(amaxPrimitive, [x], { dims });
}
export function smallestKept(x: Tensor, dims: readonly number[]): Tensor {
  return bind(aminPrimitive, [x], { dims });
}
export function largestOfAll(x: Tensor, dims: readonly number[]): Tensor {
  return bind(maxPrimitive, [x], { dims });
}
export function smallestOfAll(x: Tensor, dims: readonly number[]): Tensor {
  return bind(minPrimitive, [x], { dims });
}
export function placeOfLargest(x: Tensor, dim: number): Tensor {
  return bind(argmaxPrimitive, [x], { dim });
}
export function placeOfSmallest(x: Tensor, dim: number): Tensor {
  return bind(argminPrimitive, [x], { dim });
}
