import { defaultGenerator, type Generator, type Tensor } from '@gradtape/autograd';
import { checkCount } from '../check-count.ts';
import { along, checkPoints, classifiedPoints, sharedEvenly } from './points.ts';

export interface SpiralsOptions {
  /** How many arms there are, each a class. Default: 2. */
  readonly arms?: number;
  /** How often an arm goes round the origin. Default: 1.5. */
  readonly turns?: number;
  /** The standard deviation of what is added to each coordinate. Default: 0.02. */
  readonly noise?: number;
  /** Default: the generator that `manualSeed` seeds. */
  readonly generator?: Generator;
}

/**
 * Arms that wind round the origin, from it out to radius 1: `n` points [n, 2] (float32) and their classes [n] (int32), in
 * random order, as many of each class to one point. Along an arm, radius and angle grow evenly.
 *
 * @throws GradtapeError if n is no count, `arms` not a whole number from 1, or another setting negative or not finite.
 * @example
 * const [points, classes] = spirals(90, { arms: 3 });
 * points.shape; // [90, 2]
 * classes.eq(2).sum().item(); // 30
 */
export function spirals(n: number, options: SpiralsOptions = {}): [points: Tensor, classes: Tensor] {
  const { arms = 2, turns = 1.5, noise = 0.02, generator = defaultGenerator() } = options;
  checkPoints('spirals', n, { turns, noise });
  checkCount('spirals', 'arms', arms, 1, 'leave it out for two');
  const counts = sharedEvenly(n, arms);
  const place = (k: number, i: number): number[] => {
    const radius = along(i, counts[k]);
    const angle = 2 * Math.PI * (turns * radius + k / arms);
    return [radius * Math.cos(angle), radius * Math.sin(angle)];
  };
  return classifiedPoints({ counts, place, dims: 2, noise, generator });
}
