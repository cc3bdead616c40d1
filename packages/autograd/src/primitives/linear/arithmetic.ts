import type { Tensor } from '../../core/tensor.ts';
import type { Binary, Unary } from '../../core/typed-tensor.ts';
import type { Formula } from '../../kernels/scalar-math.ts';
import type { Primitive } from '../../tape/primitive.ts';
import { type Elementwise, lift, liftUnary } from './align.ts';
import { linear, valueOfFormula } from './degree.ts';

/** An elementwise primitive that is linear in its operands, with the cotangent of each. */
function linearFormula(
  name: string,
  formula: Formula,
  transpose: (cotangent: Tensor) => Tensor[],
): Primitive<undefined> {
  return linear(name, {
    value: valueOfFormula(formula),
    transpose,
    formula,
    sample: (draw) => {
      const shape = draw.shape();
      return { inputs: Array.from({ length: formula.length - 1 }, () => draw.tensor(shape)), params: undefined };
    },
  });
}

/** `a + b`. */
export const add: Elementwise<Binary<'add'>> = lift(
  linearFormula(
    'add',
    (m, a, b) => m.add(a, b),
    (g) => [g, g],
  ),
);

/** `a - b`. */
export const sub: Elementwise<Binary<'sub'>> = lift(
  linearFormula(
    'sub',
    (m, a, b) => m.sub(a, b),
    (g) => [g, neg(g)],
  ),
);

/** `-x`. */
export const neg: Elementwise<Unary> = liftUnary(
  linearFormula(
    'neg',
    (m, x) => m.neg(x),
    (g) => [neg(g)],
  ),
);
