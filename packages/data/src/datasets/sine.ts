import { defaultGenerator, fromArray, type Generator, GradtapeError, type Tensor } from '@gradtape/autograd';
import { checkPoints } from './points.ts';

export interface SineOptions {
  /** The least x. Default: -π. */
  readonly low?: number;
  /** The greatest x. Default: π. */
  readonly high?: number;
  /** The standard deviation of what is added to y. Default: 0.1. */
  readonly noise?: number;
  /** Default: the generator that `manualSeed` seeds. */
  readonly generator?: Generator;
}

/**
 * Noisy measurements of a sine: `n` places x, evenly distributed, and `y = sin x + ε`, both [n, 1] (float32).
 *
 * @throws GradtapeError if n is no count, the noise negative, a number not finite, or low above high.
 * @example
 * const [x, y] = sine(50, { noise: 0 });
 * x.shape; // [50, 1]
 * y.sub(x.sin()).abs().amax().lt(1e-6).item(); // 1
 */
export function sine(n: number, options: SineOptions = {}): [x: Tensor, y: Tensor] {
  const { low = -Math.PI, high = Math.PI, noise = 0.1, generator = defaultGenerator() } = options;
  checkPoints('sine', n, { noise });
  if (!(low <= high) || !Number.isFinite(high - low)) {
    throw new GradtapeError('sine: x has no range', {
      got: `low ${low} and high ${high}`,
      needs: 'finite numbers, low at most high',
      fix: 'swap the two, or leave them out for one period around 0',
    });
  }
  const x = generator.uniform(new Float32Array(n), low, high);
  const deviations = generator.normal(new Float64Array(n), 0, noise);
  const y = x.map((place, i) => Math.sin(place) + deviations[i]);
  return [fromArray(x, [n, 1]), fromArray(y, [n, 1])];
}
