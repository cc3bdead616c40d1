import { defaultGenerator, type Generator, type Tensor } from '@gradtape/autograd';
import { along, checkPoints, classifiedPoints } from './points.ts';

export interface MoonsOptions {
  /** The standard deviation of what is added to each coordinate. Default: 0.1. */
  readonly noise?: number;
  /** Default: the generator that `manualSeed` seeds. */
  readonly generator?: Generator;
}

/**
 * Two half circles of radius 1 that reach into each other: `n` points [n, 2] (float32) and their classes [n] (int32), in
 * random order. Half of the points, rounded down, are of class 0, the upper one around the origin; the lower one is around
 * (1, 0.5). Without noise they lie on the circles at equal distances. Source: scikit-learn's `make_moons`.
 *
 * @throws GradtapeError if n is no count, or the noise is negative or not finite.
 * @example
 * const [points, classes] = moons(100, { noise: 0.2 });
 * points.shape; // [100, 2]
 * classes.sum().item(); // 50
 */
export function moons(n: number, options: MoonsOptions = {}): [points: Tensor, classes: Tensor] {
  const { noise = 0.1, generator = defaultGenerator() } = options;
  checkPoints('moons', n, { noise });
  const counts = [Math.floor(n / 2), Math.ceil(n / 2)];
  const place = (k: number, i: number): number[] => {
    const angle = Math.PI * along(i, counts[k]);
    return k === 0 ? [Math.cos(angle), Math.sin(angle)] : [1 - Math.cos(angle), 0.5 - Math.sin(angle)];
  };
  return classifiedPoints({ counts, place, dims: 2, noise, generator });
}
