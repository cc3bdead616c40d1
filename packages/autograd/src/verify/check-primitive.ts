import { fail } from '../core/errors.ts';
import type { Floor } from '../registry.ts';
import type { Primitive } from '../tape/primitive.ts';
import { chooseBySeed } from './choose.ts';
import { describeSample } from './describe-sample.ts';
import { drawFrom } from './draw-from.ts';
import { type Law, laws, tryLaw } from './laws.ts';
import { type BrokenLaw, PrimitiveReport, showBroken } from './primitive-report.ts';
import { type Trial, trials } from './trials.ts';

export interface PrimitiveCheckOptions {
  /** How its derivative is declared; linear and bilinear primitives have laws of their own. Default: 'smooth'. */
  readonly degree?: Floor;
  /** How many samples are drawn for each law, at each kind of place. Default: 25 to 100. */
  readonly runs?: number;
  /** The first sample's seed; the others count on from it. Default: 0. */
  readonly seed?: number;
  /** Only these laws, by name. Default: all of the degree. */
  readonly laws?: readonly string[];
}

/**
 * Tries the laws of the registry on a primitive of your own: value against formula, both modes against differences and
 * against each other, second order, dtypes and shapes of cotangents, layouts in memory, inputs untouched, float32 against
 * float64. The samples come from the primitive's own `sample`.
 *
 * @returns A report to print: which law broke, on which sample, and the seed that draws it again.
 * @throws GradtapeError if there is no law of a name, or no sample is to be drawn.
 * @example
 * import { checkPrimitive } from '@gradtape/autograd/verify';
 * import { smooth } from '@gradtape/autograd/primitives';
 * const cube = smooth('cube', {
 *   value: (m, x) => m.mul(x, m.mul(x, x)),
 *   partials: (x) => [mul(mul(x, x), 3)],
 *   domain: { low: -2, high: 2 },
 * });
 * checkPrimitive(cube).passed; // true
 */
export function checkPrimitive<P>(primitive: Primitive<P>, options: PrimitiveCheckOptions = {}): PrimitiveReport {
  return check('checkPrimitive', primitive, options);
}

/** The same, but throws a GradtapeError that tells of every broken law, if there is one. */
export function assertPrimitive<P>(primitive: Primitive<P>, options: PrimitiveCheckOptions = {}): void {
  const { broken } = check('assertPrimitive', primitive, options);
  if (broken.length === 0) return;
  fail(`assertPrimitive: ${primitive.name} breaks ${broken.map(({ law }) => law).join(', ')}`, {
    got: broken.map(showBroken).join('\n').replaceAll('\n', '\n         '),
    needs: 'laws that hold on every sample',
    fix: 'begin with the first law: what breaks it often breaks others, too',
  });
}

function check<P>(operation: string, primitive: Primitive<P>, options: PrimitiveCheckOptions): PrimitiveReport {
  const { degree = 'smooth', seed = 0 } = options;
  const all = Object.keys(laws(degree));
  const chosen = options.laws ?? all;
  checkOptions(operation, chosen, all, options.runs);
  let samples = 0;
  const found = new Map<string, BrokenLaw>();
  for (const trial of trials(degree)) {
    const runs = options.runs ?? trial.runs;
    for (const [name, law] of Object.entries(trial.laws)) {
      if (!chosen.includes(name)) continue;
      samples += runs;
      const broken = tryOften(name, law, primitive, { ...trial, runs }, seed);
      if (broken !== undefined && !found.has(name)) found.set(name, broken);
    }
  }
  const broken = chosen.flatMap((name) => found.get(name) ?? []);
  return new PrimitiveReport(primitive.name, chosen, samples, broken);
}

/** Tries a law on every sample of a trial; of those that break it, the one with the fewest entries is told. */
function tryOften<P>(
  name: string,
  law: Law,
  primitive: Primitive<P>,
  { where, entries, dtypes, runs }: Trial,
  firstSeed: number,
): BrokenLaw | undefined {
  let broken = 0;
  let smallest: { size: number; broken: Omit<BrokenLaw, 'broken'> } | undefined;
  for (let seed = firstSeed; seed < firstSeed + runs; seed++) {
    const choose = chooseBySeed(seed);
    const dtype = dtypes[choose(0, dtypes.length - 1)];
    const draw = drawFrom(choose, { dtype, entries });
    const sample = primitive.sample(draw);
    const found = tryLaw(law, primitive, sample, draw);
    if (found === undefined) continue;
    broken++;
    const size = sample.inputs.reduce((sum, x) => sum + x.length, 0);
    if (smallest !== undefined && smallest.size <= size) continue;
    const told = { law: name, found, sample: describeSample(sample), where, dtype, seed, tried: runs };
    smallest = { size, broken: told };
  }
  return smallest && { ...smallest.broken, broken };
}

function checkOptions(
  operation: string,
  chosen: readonly string[],
  all: readonly string[],
  runs: number | undefined,
): void {
  const unknown = chosen.find((name) => !all.includes(name));
  if (unknown !== undefined) {
    fail(`${operation}: no law of this name`, {
      got: unknown,
      needs: `one of ${all.join(', ')}`,
      fix: 'leave out `laws` to try all',
    });
  }
  if (runs !== undefined && !(Number.isInteger(runs) && runs >= 1)) {
    fail(`${operation}: no sample to try`, {
      got: `runs: ${runs}`,
      needs: 'a whole number above 0',
      fix: 'leave out `runs`',
    });
  }
}
