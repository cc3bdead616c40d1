import type { Tensor } from '../../core/tensor.ts';
import type { KernelKind } from '../../kernels/kinds.ts';
import type { Formula } from '../../kernels/scalar-math.ts';
import { bind } from '../../tape/bind.ts';
import type { Draw, Primitive, Sample } from '../../tape/primitive.ts';
import { add } from '../linear/arithmetic.ts';

interface BilinearDeclaration {
  value(inputs: readonly Tensor[]): Tensor;
  /** For each input its cotangent, from the output's cotangent, the other input, and itself (for its place in memory). */
  transposes: readonly [
    (cotangent: Tensor, second: Tensor, first: Tensor) => Tensor,
    (cotangent: Tensor, first: Tensor, second: Tensor) => Tensor,
  ];
  formula?: Formula;
  kernel?: KernelKind<undefined>;
  isComposite?: boolean;
  latex?: Primitive<undefined>['latex'];
  sample(draw: Draw): Sample<undefined>;
}

/** A primitive that is linear in each of its two inputs: both directions follow from a transpose for each. */
export function bilinear(name: string, declaration: BilinearDeclaration): Primitive<undefined> {
  const { value, transposes, formula, kernel, isComposite, latex, sample } = declaration;
  const self: Primitive<undefined> = {
    name,
    evaluate: value,
    pullback: (cotangent, { inputs: [a, b] }) => [
      a?.node && transposes[0](cotangent, b as Tensor, a),
      b?.node && transposes[1](cotangent, a as Tensor, b),
    ],
    pushforward: ([tangentA, tangentB], { inputs: [a, b] }) => {
      const first = tangentA && bind(self, [tangentA, b as Tensor], undefined);
      const second = tangentB && bind(self, [a as Tensor, tangentB], undefined);
      return first && second ? add(first, second) : (first ?? second);
    },
    ...(formula && { formula }),
    ...(kernel && { kernel }),
    ...(isComposite && { isComposite }),
    ...(latex && { latex }),
    sample,
  };
  return self;
}
