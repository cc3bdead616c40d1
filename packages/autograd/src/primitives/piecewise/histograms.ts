import type { Tensor } from '../../core/tensor.ts';
import { countInBins, countNumbers } from '../../kernels/histogram.ts';
import { bind } from '../../tape/bind.ts';
import type { Primitive } from '../../tape/primitive.ts';
import { locallyConstant } from './degree.ts';

/** How often each whole number from 0 occurs in a list: dtype int32, one dim, of a size that depends on the values. */
export const bincountPrimitive: Primitive<{ minlength: number }> = locallyConstant('bincount', {
  value: ([list], { minlength }) => countNumbers(list, minlength),
  shapeDependsOnValues: true,
  sample: (draw) => ({
    inputs: [draw.indices([draw.integer(0, 5)], 4)],
    params: { minlength: draw.integer(0, 6) },
  }),
});

/** What decides the bins of a histogram. */
export interface Bins {
  readonly bins: number;
  /** Where it equals `max`, the entries decide. */
  readonly min: number;
  readonly max: number;
}

/** How many entries lie in each of some intervals of equal width. */
export const histogramPrimitive: Primitive<Bins> = locallyConstant('histc', {
  value: ([x], { bins, min, max }) => countInBins(x, bins, min, max),
  latex: (m, [x], { params: { bins } }) => m.apply(`\\operatorname{histc}_{${bins}}`, x),
  sample: (draw) => ({
    inputs: [draw.tensor(draw.shape(), { low: -3, high: 3, kinks: [-2, -0.5, 1, 2.5] })],
    params: { bins: 3, min: -2, max: 2.5 },
  }),
});

export function countsOfNumbers(list: Tensor, minlength: number): Tensor {
  return bind(bincountPrimitive, [list], { minlength });
}
export function countsInBins(x: Tensor, bins: Bins): Tensor {
  return bind(histogramPrimitive, [x], bins);
}
