import { label } from '../tape/label.ts';

/**
 * Names an intermediate value, so that `checkDerivation` can check the gradient by it and say where a derivation leaves
 * the right path. Returns the tensor itself; outside of a check nothing else happens. It is the `label` of explanations:
 * a value that is named once is known to both.
 *
 * @throws GradtapeError during a check, if another value has the name.
 * @example
 * import { probe } from '@gradtape/autograd/verify';
 * const loss = (W: Tensor, x: Tensor) => tanh(probe('z', matmul(x, W))).sum();
 */
export const probe: typeof label = label;
