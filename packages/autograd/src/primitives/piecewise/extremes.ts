import type { Tensor } from '../../core/tensor.ts';
import { argumentOfExtreme } from '../../kernels/argument-of-extreme.ts';
import { reduceKernel } from '../../kernels/reduce.ts';
import type { Formula } from '../../kernels/scalar-math.ts';
import { bind } from '../../tape/bind.ts';
import type { Draw, Primitive, Sample } from '../../tape/primitive.ts';
import { convert } from '../linear/convert.ts';
import { sumKept } from '../linear/sum.ts';
import { div } from '../smooth/division.ts';
import { eq, isnan, logicalAnd, logicalOr } from './comparison.ts';
import { locallyConstant, type ReductionDeclaration, weighing } from './degree.ts';

/** A reduction to the largest entry, or the smallest, for `weighing`. */
function extreme(combine: Formula, initial: number): Pick<ReductionDeclaration, 'value' | 'combine' | 'initial'> {
  const reduce = reduceKernel(combine, initial);
  return { value: (x, dims) => reduce(x, dims, x.dtype), combine, initial };
}

const largest = extreme((m, a, b) => m.maximum(a, b), -Infinity);
const smallest = extreme((m, a, b) => m.minimum(a, b), Infinity);

/** Entries that equal the extreme share the derivative; where it is NaN none does, and the derivative is NaN. */
function evenShares(x: Tensor, extreme: Tensor, dims: readonly number[]): Tensor {
  return shared(convert(eq(x, extreme), x.dtype), dims);
}

/** The same, but where the result is NaN the NaNs share it. PyTorch has it so for the reductions of all entries only. */
export function evenSharesWithNaN(x: Tensor, result: Tensor, dims: readonly number[]): Tensor {
  const bothNaN = logicalAnd(isnan(x), isnan(result));
  return shared(convert(logicalOr(eq(x, result), bothNaN), x.dtype), dims);
}

function shared(ties: Tensor, dims: readonly number[]): Tensor {
  return div(ties, sumKept(ties, dims));
}

/** The largest entry over dims, which keep size one; ties share the derivative. NaN where there is one. */
export const amaxPrimitive: Primitive<{ dims: readonly number[] }> = weighing('amax', {
  ...largest,
  weights: evenShares,
});

/** The smallest entry over dims, which keep size one; ties share the derivative. NaN where there is one. */
export const aminPrimitive: Primitive<{ dims: readonly number[] }> = weighing('amin', {
  ...smallest,
  weights: evenShares,
});

/** {@link amaxPrimitive} for all entries: a NaN has the derivative. */
export const maxPrimitive: Primitive<{ dims: readonly number[] }> = weighing('max', {
  ...largest,
  weights: evenSharesWithNaN,
});

/** {@link aminPrimitive} for all entries: a NaN has the derivative. */
export const minPrimitive: Primitive<{ dims: readonly number[] }> = weighing('min', {
  ...smallest,
  weights: evenSharesWithNaN,
});

function sampleDims(draw: Draw): Sample<{ dims: readonly number[] }> {
  const shape = draw.shape({ minimumRank: 1, minimumSize: 1 });
  return {
    inputs: [draw.tensor(shape, { low: -3, high: 3, distinct: true })],
    params: { dims: shape.flatMap((_, d) => (draw.integer(0, 1) ? [d] : [])) },
  };
}

/**
 * The place of the largest entry over dims, which keep size one: counted in reading order along these dims, the first
 * among equals. dtype int32.
 */
export const argmaxPrimitive: Primitive<{ dims: readonly number[] }> = locallyConstant('argmax', {
  value: ([x], { dims }) => argumentOfExtreme(x, dims, 1),
  kernel: { kind: 'largest', sign: 1, dims: ({ dims }) => dims },
  sample: sampleDims,
});

/**
 * The place of the smallest entry over dims, which keep size one: counted in reading order along these dims, the first
 * among equals. dtype int32.
 */
export const argminPrimitive: Primitive<{ dims: readonly number[] }> = locallyConstant('argmin', {
  value: ([x], { dims }) => argumentOfExtreme(x, dims, -1),
  kernel: { kind: 'largest', sign: -1, dims: ({ dims }) => dims },
  sample: sampleDims,
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
export function placeOfLargest(x: Tensor, dims: readonly number[]): Tensor {
  return bind(argmaxPrimitive, [x], { dims });
}
export function placeOfSmallest(x: Tensor, dims: readonly number[]): Tensor {
  return bind(argminPrimitive, [x], { dims });
}
