import { defaultGenerator, type Generator, type Tensor } from '@gradtape/autograd';
import { checkPoints, classifiedPoints, sharedEvenly } from './points.ts';

export interface XorOptions {
  /** The standard deviation of what is added to each coordinate. Default: 0.1. */
  readonly noise?: number;
  /** Default: the generator that `manualSeed` seeds. */
  readonly generator?: Generator;
}

const corners = [
  [0, 0],
  [1, 1],
  [0, 1],
  [1, 0],
] as const;

/**
 * The exclusive or, which no line separates: `n` points [n, 2] (float32) around (0, 0) and (1, 1), of class 0, and around
 * (0, 1) and (1, 0), of class 1; with their classes [n] (int32), in random order, as many at each corner to one point.
 *
 * @throws GradtapeError if n is no count, or the noise is negative or not finite.
 * @example
 * const [points, classes] = xor(4, { noise: 0 });
 * points.select(1, 0).ne(points.select(1, 1)).eq(classes.eq(1)).all().item(); // 1
 */
export function xor(n: number, options: XorOptions = {}): [points: Tensor, classes: Tensor] {
  const { noise = 0.1, generator = defaultGenerator() } = options;
  checkPoints('xor', n, { noise });
  const perCorner = sharedEvenly(n, 4);
  const counts = [perCorner[0] + perCorner[1], perCorner[2] + perCorner[3]];
  const place = (k: number, i: number): readonly number[] => corners[2 * k + (i < perCorner[2 * k] ? 0 : 1)];
  return classifiedPoints({ counts, place, dims: 2, noise, generator });
}
