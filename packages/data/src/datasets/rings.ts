import { defaultGenerator, fromArray, type Generator, GradtapeError, type Tensor } from '@gradtape/autograd';

export interface RingsOptions {
  /** The radius of class 0. Default: 1. */
  readonly inner?: number;
  /** The radius of class 1. Default: 2. */
  readonly outer?: number;
  /** The standard deviation of the radius. Default: 0.08. */
  readonly noise?: number;
  /** Default: the generator that `manualSeed` seeds. */
  readonly generator?: Generator;
}

/**
 * Two rings around the origin, which no line separates: `n` points [n, 2] (float32) and their classes [n] (int32), in
 * random order. Half of the points, rounded down, are of class 0, the inner ring; angles are evenly distributed.
 *
 * @throws GradtapeError if n is no count, a radius is not finite, or the noise is negative.
 * @example
 * const [points, classes] = rings(100, { noise: 0.1 });
 * points.shape; // [100, 2]
 * classes.sum().item(); // 50
 */
export function rings(n: number, options: RingsOptions = {}): [points: Tensor, classes: Tensor] {
  const { inner = 1, outer = 2, noise = 0.08, generator = defaultGenerator() } = options;
  checkRings(n, [inner, outer, noise]);
  const angles = generator.uniform(new Float64Array(n), 0, 2 * Math.PI);
  const deviations = generator.normal(new Float64Array(n), 0, noise);
  const order = generator.permutation(n);
  const points = new Float32Array(2 * n);
  const classes = new Int32Array(n);
  order.forEach((place, i) => {
    const isInner = i < Math.floor(n / 2);
    const radius = (isInner ? inner : outer) + (deviations[i] as number);
    points[2 * place] = radius * Math.cos(angles[i] as number);
    points[2 * place + 1] = radius * Math.sin(angles[i] as number);
    classes[place] = isInner ? 0 : 1;
  });
  return [fromArray(points, [n, 2]), fromArray(classes, [n])];
}

function checkRings(n: number, lengths: readonly number[]): void {
  if (Number.isInteger(n) && n >= 0 && lengths.every((length) => Number.isFinite(length) && length >= 0)) return;
  const [inner, outer, noise] = lengths;
  throw new GradtapeError('rings: there are no such rings', {
    got: `${n} points, inner ${inner}, outer ${outer}, noise ${noise}`,
    needs: 'a whole number of points from 0; finite radii and noise, 0 or more',
    fix: 'n counts the points of both rings together',
  });
}
