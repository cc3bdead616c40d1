import { GradtapeError, minimum, noGrad, type Parameter, stack, type Tensor, tensor } from '@gradtape/autograd';

export interface TotalNormOptions {
  /** Which norm: 2, 1, Infinity, …. Default: 2. */
  readonly normType?: number;
  /**
   * Throw where the norm is NaN or infinite, before anything is scaled. It reads the norm, and so does not go into a compiled
   * function. Default: false.
   */
  readonly errorIfNonfinite?: boolean;
}

export interface ClipNormOptions extends TotalNormOptions {}

/**
 * The norm of all tensors together, as of one long vector; 0 where there are none.
 *
 * @throws GradtapeError for a norm that there is not, and with `errorIfNonfinite`.
 * @example
 * getTotalNorm([tensor([3]), tensor([[0, 4]])]).item(); // 5
 */
export function getTotalNorm(
  tensors: Iterable<Tensor>,
  { normType = 2, errorIfNonfinite = false }: TotalNormOptions = {},
): Tensor {
  if (Number.isNaN(normType)) failOnNumber('getTotalNorm', 'normType', normType, 'a number', '2, 1 or Infinity');
  const norms = noGrad(() => [...tensors].map((x) => x.norm(normType)));
  if (norms.length === 0) return tensor(0);
  const total = noGrad(() => stack(norms).norm(normType));
  if (errorIfNonfinite && !Number.isFinite(total.item())) {
    throw new GradtapeError('getTotalNorm: the norm is not finite', {
      got: `a ${normType}-norm of ${total.item()}, from norms of ${norms.map((norm) => norm.item()).join(', ')}`,
      needs: 'gradients that are finite numbers',
      fix: 'detectAnomaly(…) finds the operation that made them; a smaller learning rate often helps',
    });
  }
  return total;
}

/**
 * Scales the gradients of all parameters by `min(1, maxNorm / (totalNorm + 1e-6))`, for a norm that was computed before.
 *
 * @throws GradtapeError for a `maxNorm` below 0.
 */
export function clipGradsWithNorm(params: Iterable<Parameter>, maxNorm: number, totalNorm: Tensor): void {
  if (!(maxNorm >= 0)) failOnNumber('clipGradNorm', 'maxNorm', maxNorm, 'a number, 0 or more', 'usual is 1');
  noGrad(() => {
    const factor = minimum(1, totalNorm.add(1e-6).reciprocal().mul(maxNorm));
    for (const parameter of params) if (parameter.grad !== null) parameter.grad = parameter.grad.mul(factor);
  });
}

/**
 * Scales the gradients of all parameters together so that their norm, as of one long vector, is at most `maxNorm`: by
 * `min(1, maxNorm / (norm + 1e-6))`, as PyTorch does. Pascanu et al., 2013.
 *
 * @returns The norm before; 0 where there are no gradients.
 * @throws GradtapeError for a `maxNorm` below 0, and with `errorIfNonfinite`.
 * @example
 * const w = new Parameter(tensor([0, 0]));
 * w.grad = tensor([3, 4]);
 * clipGradNorm([w], 1).item(); // 5
 * w.grad; // [0.6, 0.8]
 */
export function clipGradNorm(params: Iterable<Parameter>, maxNorm: number, options: ClipNormOptions = {}): Tensor {
  const all = [...params];
  const gradients = all.map((parameter) => parameter.grad).filter((gradient) => gradient !== null);
  const total = getTotalNorm(gradients, options);
  clipGradsWithNorm(all, maxNorm, total);
  return total;
}

/**
 * Holds every entry of the gradients between `-clipValue` and `clipValue`.
 *
 * @throws GradtapeError for a `clipValue` below 0.
 * @example
 * const w = new Parameter(tensor([0, 0]));
 * w.grad = tensor([-3, 0.5]);
 * clipGradValue([w], 1);
 * w.grad; // [-1, 0.5]
 */
export function clipGradValue(params: Iterable<Parameter>, clipValue: number): void {
  if (!(clipValue >= 0)) failOnNumber('clipGradValue', 'clipValue', clipValue, 'a number, 0 or more', 'usual is 1');
  noGrad(() => {
    for (const parameter of params)
      if (parameter.grad !== null) parameter.grad = parameter.grad.clamp(-clipValue, clipValue);
  });
}

function failOnNumber(operation: string, name: string, value: number, needs: string, fix: string): never {
  throw new GradtapeError(`${operation}: ${name} is out of range`, { got: `${name} = ${value}`, needs, fix });
}
