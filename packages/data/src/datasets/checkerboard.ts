import { defaultGenerator, fromArray, type Generator, type Tensor } from '@gradtape/autograd';
import { checkCount } from '../check-count.ts';
import { checkPoints } from './points.ts';

export interface CheckerboardOptions {
  /** How many squares a side has. Default: 4. */
  readonly squares?: number;
  /** The standard deviation of what is added to each coordinate after the point got its class. Default: 0. */
  readonly noise?: number;
  /** Default: the generator that `manualSeed` seeds. */
  readonly generator?: Generator;
}

/**
 * A board whose squares are of class 0 and 1 in turn, class 0 at the lowest coordinates: `n` points [n, 2] (float32), evenly
 * distributed from -1 to 1, and their classes [n] (int32).
 *
 * @throws GradtapeError if n is no count, `squares` not a whole number from 1, or the noise negative or not finite.
 * @example
 * const [points, classes] = checkerboard(1000, { squares: 2 });
 * points.prod(1).lt(0).eq(classes.eq(1)).all().item(); // 1
 */
export function checkerboard(n: number, options: CheckerboardOptions = {}): [points: Tensor, classes: Tensor] {
  const { squares = 4, noise = 0, generator = defaultGenerator() } = options;
  checkPoints('checkerboard', n, { noise });
  checkCount('checkerboard', 'squares', squares, 1, 'leave it out for four squares a side');
  // Rounded to the dtype of the points before they get their classes: which side of a line they are on is then the same.
  const points = generator.uniform(new Float32Array(2 * n), -1, 1);
  const squareOf = (coordinate: number): number => Math.floor(((coordinate + 1) / 2) * squares);
  const classes = Int32Array.from({ length: n }, (_, i) => (squareOf(points[2 * i]) + squareOf(points[2 * i + 1])) % 2);
  const deviations = generator.normal(new Float64Array(2 * n), 0, noise);
  const moved = points.map((coordinate, i) => coordinate + deviations[i]);
  return [fromArray(moved, [n, 2]), fromArray(classes, [n])];
}
