import { minimum, noGrad, type Parameter, stack, type Tensor, tensor } from '@gradtape/autograd';

export interface ClipNormOptions {
  /** Which norm: 2, 1, Infinity, …. Default: 2. */
  readonly normType?: number;
}

/**
 * Scales the gradients of all parameters together so that their norm, as of one long vector, is at most `maxNorm`: by
 * `min(1, maxNorm / (norm + 1e-6))`, as PyTorch does. Gives the norm before (0 where there are no gradients). Pascanu et al., 2013.
 */
export function clipGradNorm(
  params: Iterable<Parameter>,
  maxNorm: number,
  { normType = 2 }: ClipNormOptions = {},
): Tensor {
  return noGrad(() => {
    const held = [...params].filter((parameter) => parameter.grad !== null);
    const norms = held.map((parameter) => (parameter.grad as Tensor).norm(normType));
    if (norms.length === 0) return tensor(0);
    const total = stack(norms).norm(normType);
    const factor = minimum(1, total.add(1e-6).reciprocal().mul(maxNorm));
    for (const parameter of held) parameter.grad = (parameter.grad as Tensor).mul(factor);
    return total;
  });
}

/** Holds every entry of the gradients between `-clipValue` and `clipValue`. */
export function clipGradValue(params: Iterable<Parameter>, clipValue: number): void {
  noGrad(() => {
    for (const parameter of params)
      if (parameter.grad !== null) parameter.grad = parameter.grad.clamp(-clipValue, clipValue);
  });
}
