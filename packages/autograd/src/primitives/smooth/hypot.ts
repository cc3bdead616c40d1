import type { Binary } from '../../core/typed-tensor.ts';
import { type Elementwise, lift } from '../linear/align.ts';
import { smooth } from './degree.ts';
import { div } from './division.ts';
import { nonzero } from './domains.ts';

/** `√(a² + b²)` without overflow; its derivatives at the origin are NaN, and ∞ wins over NaN, both as in PyTorch. */
export const hypot: Elementwise<Binary<'hypot'>> = lift(
  smooth('hypot', {
    value: (m, a, b) => {
      const [zero, infinity] = [m.constant(0), m.constant(Infinity)];
      const [first, second] = [m.share(m.abs(a)), m.share(m.abs(b))];
      const larger = m.share(m.maximum(first, second));
      const ratio = m.share(m.div(m.minimum(first, second), larger));
      const length = m.mul(larger, m.sqrt(m.add(m.constant(1), m.mul(ratio, ratio))));
      const isInfinite = m.or(m.equal(first, infinity), m.equal(second, infinity));
      return m.select(isInfinite, infinity, m.select(m.equal(larger, zero), zero, length));
    },
    partials: (a, b, y) => [div(a, y), div(b, y)],
    latex: (m, [a, b]) => m.sqrt(m.add(m.mul(a, a), m.mul(b, b))),
    domain: nonzero,
  }),
  { floating: true },
);
