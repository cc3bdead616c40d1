import { allocate } from '../../core/allocate.ts';
import type { DType } from '../../core/dtype.ts';
import type { Tensor } from '../../core/tensor.ts';
import type { KernelKind } from '../../kernels/kinds.ts';
import { mapKernel } from '../../kernels/map.ts';
import type { Formula } from '../../kernels/scalar-math.ts';
import { bind } from '../../tape/bind.ts';
import type { Cotangents, Draw, Line, Primitive, Sample } from '../../tape/primitive.ts';

interface LinearDeclaration<P> {
  value(inputs: readonly Tensor[], params: P): Tensor;
  /** The transposed map, from the output's cotangent to those of the inputs it is linear in. */
  transpose(cotangent: Tensor, line: Line<P>): Cotangents;
  /** It is linear in this many inputs, the first ones; the others (indices, conditions) steer it. Default: in all. */
  linearInputs?: number;
  formula?: Formula;
  kernel?: KernelKind<P>;
  latex?: Primitive<P>['latex'];
  sample(draw: Draw): Sample<P>;
}

/** A primitive that is linear in its inputs together: forwards it is itself, backwards its transpose. */
export function linear<P>(name: string, declaration: LinearDeclaration<P>): Primitive<P> {
  const { value, transpose, formula, kernel, latex, sample, linearInputs = Infinity } = declaration;
  const self: Primitive<P> = {
    name,
    evaluate: value,
    pullback: transpose,
    pushforward: (tangents, { inputs, params }) =>
      bind(
        self,
        inputs.map((x, i) => (i < linearInputs ? (tangents[i] ?? allocate(x.shape, x.dtype)) : x)),
        params,
      ),
    ...(formula && { formula }),
    ...(kernel && { kernel }),
    ...(latex && { latex }),
    sample,
  };
  return self;
}

/** The value of a formula, entry by entry, in the inputs' dtype or the one named. */
export function valueOfFormula(formula: Formula, dtype?: DType): (inputs: readonly Tensor[]) => Tensor {
  const kernel = mapKernel((m, ...x) => [formula(m, ...x)], formula.length - 1, 1);
  return (inputs) => kernel(inputs, [dtype ?? (inputs[0] as Tensor).dtype])[0] as Tensor;
}
