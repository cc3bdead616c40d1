import { constant } from '../../core/allocate.ts';
import type { Tensor } from '../../core/tensor.ts';
import type { Unary } from '../../core/typed-tensor.ts';
import { logGamma } from '../../kernels/special/gamma.ts';
import * as formulas from '../../kernels/special/polygamma.ts';
import { bind } from '../../tape/bind.ts';
import type { Domain, Primitive } from '../../tape/primitive.ts';
import { type Elementwise, liftUnary } from '../linear/align.ts';
import { add } from '../linear/arithmetic.ts';
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
    partials: (x) => [polygammaOf(x, constant(2, x.shape, 'int32'))],
    latex: (m, [x]) => m.entrywise("\\psi'", x),
    domain: clearOfPoles,
  }),
  floating,
);

/** `ψ⁽ⁿ⁾(x)` from x, and n from 1 on, of x's shape: of dtype int32, and so without a derivative. */
export const polygammaPrimitive: Primitive<undefined> = {
  ...smooth('polygamma', {
    value: (m, x, n) => formulas.polygamma(m, n, x),
    partials: (x, n) => [polygammaOf(x, add(n, 1)), undefined],
    latex: (m, [x, n]) => m.entrywise('\\operatorname{polygamma}', n, x),
    domain: clearOfPoles,
  }),
  sample: (draw) => {
    const shape = draw.shape();
    return { inputs: [draw.tensor(shape, { low: 1, high: 5 }), add(draw.indices(shape, 3), 1)], params: undefined };
  },
};

export function polygammaOf(x: Tensor, n: Tensor): Tensor {
  return bind(polygammaPrimitive, [x, n], undefined);
}
