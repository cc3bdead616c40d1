import { fromArray, type Generator, GradtapeError, type Tensor } from '@gradtape/autograd';

/** What points of classes are made of. */
export interface ClassifiedPoints {
  /** How many points each class has. */
  readonly counts: readonly number[];
  /** Where the point `i` of class `k` lies before noise. */
  readonly place: (k: number, i: number) => readonly number[];
  /** How many numbers that are. */
  readonly dims: number;
  /** The standard deviation of what is added to each coordinate, of every class or each. */
  readonly noise: number | readonly number[];
  readonly generator: Generator;
}

/** Points [n, dims] (float32) and their classes [n] (int32), in random order. */
export function classifiedPoints(options: ClassifiedPoints): [points: Tensor, classes: Tensor] {
  const { counts, place, dims, noise, generator } = options;
  const n = counts.reduce((sum, count) => sum + count, 0);
  const deviations = generator.normal(new Float64Array(n * dims));
  const order = generator.permutation(n);
  const points = new Float32Array(n * dims);
  const classes = new Int32Array(n);
  let at = 0;
  counts.forEach((count, k) => {
    const deviation = typeof noise === 'number' ? noise : noise[k];
    for (let i = 0; i < count; i++, at++) {
      const row = order[at];
      place(k, i).forEach((coordinate, d) => {
        points[row * dims + d] = coordinate + deviation * deviations[at * dims + d];
      });
      classes[row] = k;
    }
  });
  return [fromArray(points, [n, dims]), fromArray(classes, [n])];
}

/** So many points shared among classes as evenly as can be; the first have one more. */
export function sharedEvenly(n: number, classes: number): number[] {
  return Array.from({ length: classes }, (_, k) => Math.ceil((n - k) / classes));
}

/** Where the place `i` of so many lies on the way from 0 to 1. */
export function along(i: number, count: number): number {
  return count === 1 ? 0 : i / (count - 1);
}

/** Throws unless `n` is a count, and the settings are finite numbers of at least zero. */
export function checkPoints(operation: string, n: number, settings: Readonly<Record<string, number>>): void {
  const usable = Object.values(settings).every((value) => Number.isFinite(value) && value >= 0);
  if (Number.isSafeInteger(n) && n >= 0 && usable) return;
  const shown = Object.entries(settings).map(([name, value]) => `, ${name} ${value}`);
  throw new GradtapeError(`${operation}: there are no such points`, {
    got: `${n} points${shown.join('')}`,
    needs: 'a whole number of points from 0; settings that are finite, 0 or more',
    fix: 'n counts all points together; noise is a standard deviation',
  });
}
