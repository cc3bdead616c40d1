import type { Tensor } from '../../core/tensor.ts';
import { mul } from '../bilinear/mul.ts';
import { type Elementwise, lift } from '../linear/align.ts';
import { neg, sub } from '../linear/arithmetic.ts';
import { div } from '../smooth/division.ts';
import { log, log1p } from '../smooth/exponential.ts';
import { piecewise } from './degree.ts';
import { maximum } from './kinked.ts';

/** A logarithm is never taken to be less than this. */
const LOWEST_LOGARITHM = -100;
/** What the variance `p (1 - p)` in the derivative's denominator is never less than: PyTorch keeps it in float32. */
const SMALLEST_VARIANCE = Math.fround(1e-12);

/**
 * `-(t log p + (1 - t) log(1 - p))` with logarithms of at least -100, so that it is finite for a probability of 0 or 1;
 * its derivative `(p - t) / (p (1 - p))` has a denominator of at least 1e-12. Both bounds are PyTorch's.
 */
export const binaryCrossEntropyEach: Elementwise<(probability: Tensor, target: Tensor) => Tensor> = lift(
  piecewise('binaryCrossEntropy', {
    value: (m, p, t) => {
      const lowest = m.constant(LOWEST_LOGARITHM);
      const logOf = m.maximum(m.log(p), lowest);
      const logOfRest = m.maximum(m.log1p(m.neg(p)), lowest);
      return m.neg(m.add(m.mul(t, logOf), m.mul(m.sub(m.constant(1), t), logOfRest)));
    },
    partials: (p, t) => [
      div(sub(p, t), maximum(mul(p, sub(1, p)), SMALLEST_VARIANCE)),
      sub(maximum(log1p(neg(p)), LOWEST_LOGARITHM), maximum(log(p), LOWEST_LOGARITHM)),
    ],
    latex: (m, [p, t]) => {
      const one = m.constant(1);
      return m.neg(m.add(m.mul(t, m.log(p)), m.mul(m.sub(one, t), m.log(m.sub(one, p)))));
    },
    domain: { low: 0.05, high: 0.95 },
  }),
  { floating: true },
);
