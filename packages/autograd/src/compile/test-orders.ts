import { isFloating } from '../core/dtype.ts';
import type { Tensor } from '../core/tensor.ts';
import type { Draw, Primitive, Sample } from '../tape/primitive.ts';
import {
  besideOf,
  type FunctionAt,
  functionOf,
  inDType,
  pulled,
  pushed,
  resultsOf,
  reverseOf,
  valuesOf,
} from '../verify/function-at.ts';
import type { Calculation } from './test-agreement.ts';

/** The value of a primitive alone. */
export function valueAlone<P>(primitive: Primitive<P>, { inputs, params }: Sample<P>): Calculation {
  return {
    run: (...given) => valuesOf(functionOf(primitive, { inputs: given, params })),
    given: inputs,
    isEntrywise: primitive.formula !== undefined,
  };
}

/** Value, cotangents and tangents of a primitive, and its second derivatives: reverse over reverse, forward over reverse. */
export function allOrdersOf<P>(primitive: Primitive<P>, sample: Sample<P>, draw: Draw): Calculation {
  if (!valuesOf(functionOf(primitive, sample)).every((x) => isFloating(x.dtype))) return valueAlone(primitive, sample);
  const at = (given: readonly Tensor[]): FunctionAt => functionOf(primitive, { inputs: given, params: sample.params });
  return { ...allOrders(at, sample.inputs, draw), isEntrywise: primitive.formula !== undefined };
}

/** The same for a function of tensors. */
export function allOrders(
  functionAt: (inputs: readonly Tensor[]) => FunctionAt,
  inputs: readonly Tensor[],
  draw: Draw,
): Calculation {
  const at = functionAt(inputs);
  const { cotangents, tangents } = besideOf(at, draw);
  const second = besideOf(reverseOf(at, cotangents), draw);
  const parts = [inputs, cotangents, tangents, second.cotangents, second.tangents];
  const run = (...given: readonly Tensor[]): readonly Tensor[] => {
    const rest = [...given];
    const [xs, us, vs, us2, vs2] = parts.map((part) => rest.splice(0, part.length)) as [
      Tensor[],
      Tensor[],
      Tensor[],
      Tensor[],
      Tensor[],
    ];
    const here = functionAt(xs);
    const fitting = inFittingDTypes(us, valuesOf(here));
    const first = resultsOf(here, { cotangents: fitting, tangents: vs }).map(([, x]) => x);
    const reverse = reverseOf(here, fitting);
    return [...first, ...pulled(reverse, us2), ...pushed(reverse, inFittingDTypes(vs2, reverse.inputs))];
  };
  return { run, given: parts.flat() };
}

/** Some results have one dtype whatever the arguments have: the calculation is tried in both precisions. */
function inFittingDTypes(xs: readonly Tensor[], beside: readonly Tensor[]): readonly Tensor[] {
  return xs.map((x, i) => (x.dtype === beside[i].dtype ? x : inDType(x, beside[i].dtype)));
}
