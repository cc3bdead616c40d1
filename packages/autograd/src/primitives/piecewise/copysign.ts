import type { Binary } from '../../core/typed-tensor.ts';
import { type Elementwise, lift } from '../linear/align.ts';
import { where } from '../linear/where.ts';
import { div } from '../smooth/division.ts';
import { hasSign } from './classification.ts';
import { eq } from './comparison.ts';
import { piecewise } from './degree.ts';

/** The magnitude of `a` with the sign of `b`, zeros included; its derivative by `a` at 0 is 0. */
export const copysign: Elementwise<Binary<'copysign'>> = lift(
  piecewise('copysign', {
    value: (m, a, b) => {
      const magnitude = m.share(m.abs(a));
      return m.select(hasSign(m, b), m.neg(magnitude), magnitude);
    },
    partials: (a, _b, y) => {
      const isZero = eq(a, 0);
      return [where(isZero, 0, div(y, where(isZero, 1, a))), undefined];
    },
    latex: (m, [a, b]) => m.entrywise('\\operatorname{copysign}', a, b),
    domain: { low: -3, high: 3, kinks: [0] },
  }),
  { floating: true },
);
