import type { Binary } from '../../core/typed-tensor.ts';
import { type Elementwise, lift } from '../linear/align.ts';
import { add, neg } from '../linear/arithmetic.ts';
import { where } from '../linear/where.ts';
import { div } from '../smooth/division.ts';
import { nonzero } from '../smooth/domains.ts';
import { square } from '../smooth/powers.ts';
import { eq } from './comparison.ts';
import { piecewise } from './degree.ts';

/** The angle of the point with ordinate `a` and abscissa `b`, in `[-π, π]`; at the origin its derivatives are 0. */
export const atan2: Elementwise<Binary<'atan2'>> = lift(
  piecewise('atan2', {
    value: (m, a, b) => m.atan2(a, b),
    partials: (a, b) => {
      const squared = add(square(a), square(b));
      const isOrigin = eq(squared, 0);
      const clear = where(isOrigin, 1, squared);
      return [where(isOrigin, 0, div(b, clear)), where(isOrigin, 0, neg(div(a, clear)))];
    },
    domain: [nonzero, nonzero],
  }),
  { floating: true },
);
