import type { Binary } from '../../core/typed-tensor.ts';
import type { Formula } from '../../kernels/scalar-math.ts';
import { type Elementwise, lift } from '../linear/align.ts';
import { valueOfFormula } from '../linear/degree.ts';
import { bilinear } from './degree.ts';

const formula: Formula = (m, a, b) => m.mul(a, b);

/** `a · b`, entry by entry. */
export const mul: Elementwise<Binary<'mul'>> = lift(
  bilinear('mul', {
    value: valueOfFormula(formula),
    transposes: [(g, b) => mul(g, b), (g, a) => mul(g, a)],
    formula,
    sample: (draw) => {
      const shape = draw.shape();
      return { inputs: [draw.tensor(shape), draw.tensor(shape)], params: undefined };
    },
  }),
);
