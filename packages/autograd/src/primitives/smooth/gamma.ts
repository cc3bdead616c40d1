import { constant } from '../../core/allocate.ts';
import type { Tensor } from '../../core/tensor.ts';
import type { Unary } from '../../core/typed-tensor.ts';
import { logGamma } from '../../kernels/special/gamma.ts';
import * as formulas from '../../kernels/special/polygamma.ts';
import { bind } from '../../tape/bind.ts';
import type { Domain, Primitive } from '../../tape/primitive.ts';
import { mul } from '../bilinear/mul.ts';
import { type Elementwise, liftUnary } from '../linear/align.ts';
import { add, neg } from '../linear/arithmetic.ts';
import { smooth } from './degree.ts';

const floating = { floating: true };
/** Between two poles lie other branches; here is the one that everybody means. */
const clearOfPoles: Domain = { low: 0.4, high: 5 };

/** `log |Γ(x)|`; ∞ at 0 and the negative whole numbers. */
export const lgamma: Elementwise<Unary> = liftUnary(
  smooth('lgamma', {
    value: logGamma,
    partials: (x) => [digamma(x)],
    latex: (m, [x]) => m.log(m.abs(m.entrywise('\\Gamma', x))),
    domain: clearOfPoles,
  }),
  floating,
);

/** `ψ`, the derivative of `log Γ`; NaN at negative whole numbers. */
export const digamma: Elementwise<Unary> = liftUnary(
  smooth('digamma', {
    value: formulas.digamma,
    partials: (x) => [trigamma(x)],
    latex: (m, [x]) => m.entrywise('\\psi', x),
    domain: clearOfPoles,
  }),
  floating,
);

/** `ψ'`, the derivative of `ψ`. */
export const trigamma: Elementwise<Unary> = liftUnary(
  smooth('trigamma', {
    value: formulas.trigamma,
    partials: (x) => [mul(hurwitzZeta(x, constant(3, x.shape, 'int32')), -2)],
    latex: (m, [x]) => m.entrywise("\\psi'", x),
    domain: clearOfPoles,
  }),
  floating,
);

/** `Σₖ (x + k)⁻ˢ` from x, and s from 2 to 255, of x's shape: of dtype int32, and so without a derivative. */
export const hurwitzZetaPrimitive: Primitive<undefined> = {
  ...smooth('hurwitzZeta', {
    value: formulas.hurwitzZeta,
    partials: (x, s) => [mul(neg(s), hurwitzZeta(x, add(s, 1))), undefined],
    latex: (m, [x, s]) => m.entrywise('\\zeta', s, x),
    domain: clearOfPoles,
  }),
  sample: (draw) => {
    const shape = draw.shape();
    return { inputs: [draw.tensor(shape, { low: 1, high: 5 }), add(draw.indices(shape, 3), 2)], params: undefined };
  },
};

export function hurwitzZeta(x: Tensor, s: Tensor): Tensor {
  return bind(hurwitzZetaPrimitive, [x, s], undefined);
}
