import { allocate } from '../../../core/allocate.ts';
import type { Tensor } from '../../../core/tensor.ts';
import { tapedAt } from '../../derivation/observation.ts';
import { inDType } from '../../function-at.ts';
import type { Explanation, Mistake } from '../mistake.ts';
import { classNumbersOf } from '../one-hot.ts';

/** An input that no gradient is claimed of, such as a target, is forgotten, or taken as a number instead of a one-hot row. */
export const target: Explanation = function* ({ derivation, claims }) {
  for (const [variable, name] of derivation.program.names.entries()) {
    if (claims.has(name)) continue;
    yield {
      causes: ['target'],
      says: `${name} is forgotten: it is the gradient for a ${name} of zeros`,
      predict: withAnother(variable, (x) => allocate(x.shape, x.dtype)),
    };
    yield {
      causes: ['target'],
      says: `${name} is not taken as one-hot: the number of the class stands in each of its places`,
      predict: withAnother(variable, classNumbersOf),
    };
  }
};

/** The gradients that follow if one variable has another value. */
function withAnother(variable: number, change: (x: Tensor) => Tensor | undefined): Mistake['predict'] {
  return ({ derivation: { program }, values }) => {
    const changed = change(values[variable]);
    if (changed === undefined) return () => undefined;
    const other = inDType(changed, values[variable].dtype);
    const { truth } = tapedAt(
      program,
      values.map((x, i) => (i === variable ? other : x)),
    );
    return (name) => truth.get(name);
  };
}
