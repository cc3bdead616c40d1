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
      instead: withAnother(variable, (x) => allocate(x.shape, x.dtype)),
    };
    yield {
      causes: ['target'],
      says: `${name} is not taken as one-hot: the number of the class stands in each of its places`,
      instead: withAnother(variable, classNumbersOf),
    };
  }
};

/** The same point, but for one variable. */
function withAnother(variable: number, change: (x: Tensor) => Tensor | undefined): Mistake['instead'] {
  return (observation) => {
    const { derivation, values } = observation;
    const changed = change(values[variable]);
    if (changed === undefined) return observation;
    const others = values.map((x, i) => (i === variable ? inDType(changed, x.dtype) : x));
    return { ...observation, ...tapedAt(derivation.program, others), values: others };
  };
}
