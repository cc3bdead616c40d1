import type { Tensor } from '../../core/tensor.ts';
import { type Elementwise, lift } from '../linear/align.ts';
import { sub } from '../linear/arithmetic.ts';
import { smooth } from './degree.ts';
import { reals } from './domains.ts';

/** `start + weight (end - start)`, exactly `end` for weight 1. */
export const lerp: Elementwise<(start: Tensor | number, end: Tensor | number, weight: Tensor | number) => Tensor> =
  lift(
    smooth('lerp', {
      value: (m, start, end, weight) => {
        const distance = m.share(m.sub(end, start));
        const fromStart = m.add(start, m.mul(weight, distance));
        const fromEnd = m.sub(end, m.mul(distance, m.sub(m.constant(1), weight)));
        return m.select(m.less(m.abs(weight), m.constant(0.5)), fromStart, fromEnd);
      },
      partials: (start, end, weight) => [sub(1, weight), weight, sub(end, start)],
      latex: (m, [start, end, weight]) => m.add(start, m.mul(weight, m.sub(end, start))),
      domain: reals,
    }),
    { floating: true },
  );
