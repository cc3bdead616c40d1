import { defaultGenerator, type Generator, GradtapeError, type Tensor } from '@gradtape/autograd';
import { checkCount } from '../check-count.ts';
import { checkPoints, classifiedPoints, sharedEvenly } from './points.ts';

export interface BlobsOptions {
  /** Where the classes are, or how many of them, at places that are drawn. Default: 3. */
  readonly centers?: number | readonly (readonly number[])[];
  /** The standard deviation of each coordinate around its center, of all classes or each. Default: 1. */
  readonly std?: number | readonly number[];
  /** How many coordinates drawn centers have. Default: 2. */
  readonly features?: number;
  /** Between which numbers the coordinates of drawn centers lie. Default: [-10, 10]. */
  readonly centerBox?: readonly [low: number, high: number];
  /** Default: the generator that `manualSeed` seeds. */
  readonly generator?: Generator;
}

/**
 * Normally distributed points around centers: `n` points [n, features] (float32) and their classes [n] (int32), in random
 * order, as many of each class to one point. Source: scikit-learn's `make_blobs`.
 *
 * @throws GradtapeError if n is no count, there is no center, centers have no or different numbers of coordinates, a
 * deviation is negative, there are not as many of them as of centers, or the box is none.
 * @example
 * const [points, classes] = blobs(60, { centers: [[0, 0, 5], [5, 5, 0]], std: 0.5 });
 * points.shape; // [60, 3]
 * classes.sum().item(); // 30
 */
export function blobs(n: number, options: BlobsOptions = {}): [points: Tensor, classes: Tensor] {
  const { std = 1, generator = defaultGenerator() } = options;
  const stds = [std].flat();
  checkPoints('blobs', n, Object.fromEntries(stds.map((each, k) => [stds.length === 1 ? 'std' : `std ${k}`, each])));
  const centers = centersOf(options, generator);
  if (typeof std !== 'number' && std.length !== centers.length) failOnDeviations(std.length, centers.length);
  return classifiedPoints({
    counts: sharedEvenly(n, centers.length),
    place: (k) => centers[k],
    dims: centers[0].length,
    noise: std,
    generator,
  });
}

function centersOf(options: BlobsOptions, generator: Generator): readonly (readonly number[])[] {
  const { centers = 3, features = 2, centerBox: [low, high] = [-10, 10] } = options;
  if (typeof centers !== 'number') return checkCenters(centers);
  checkCount('blobs', 'centers', centers, 1, 'write their number, or where they are: [[0, 0], [5, 5]]');
  checkCount('blobs', 'features', features, 1, 'leave it out for points of the plane');
  const drawn = generator.uniform(new Float64Array(centers * features), low, high);
  return Array.from({ length: centers }, (_, k) => [...drawn.subarray(k * features, (k + 1) * features)]);
}

function checkCenters(centers: readonly (readonly number[])[]): readonly (readonly number[])[] {
  const dims = centers[0]?.length ?? 0;
  if (dims > 0 && centers.every((center) => center.length === dims && center.every(Number.isFinite))) return centers;
  throw new GradtapeError('blobs: the centers are no points of one space', {
    got: `[${centers.map((center) => `[${center.join(', ')}]`).join(', ')}]`,
    needs: 'at least one list of finite numbers, equally many in each',
    fix: 'write centers: [[0, 0], [5, 5]], or their number: centers: 2',
  });
}

function failOnDeviations(stds: number, centers: number): never {
  throw new GradtapeError('blobs: not one standard deviation for each class', {
    got: `${stds} deviations and ${centers} centers`,
    needs: 'as many, or one number for all',
    fix: 'write std: 0.5, or give one for each center',
  });
}
