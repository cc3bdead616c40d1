import fc from 'fast-check';
import { describe, test } from 'vitest';
import type { DType } from '../core/dtype.ts';
import { type Floor, registry } from '../registry.ts';
import type { Draw, Primitive } from '../tape/primitive.ts';
import { describeSample } from '../verify/describe-sample.ts';
import { drawBy, type Entries } from '../verify/draw-samples.ts';
import { type Calculation, compiledResults, disagreement, together } from './test-agreement.ts';
import { testEngines } from './test-engines.ts';
import { allOrdersOf, valueAlone } from './test-orders.ts';

// Every primitive of the registry, compiled: forward, in both modes of differentiation, and twice differentiated.

interface Trial {
  readonly where: string;
  readonly entries: Entries;
  readonly dtypes: readonly DType[];
  readonly runs: number;
  readonly calculate: (primitive: Primitive, draw: Draw) => { calculation: Calculation; sample: string };
}

const ofAllOrders = (primitive: Primitive, draw: Draw): ReturnType<Trial['calculate']> => {
  const sample = primitive.sample(draw);
  return { calculation: allOrdersOf(primitive, sample, draw), sample: describeSample(sample) };
};

const ofValue = (primitive: Primitive, draw: Draw): ReturnType<Trial['calculate']> => {
  const sample = primitive.sample(draw);
  return { calculation: valueAlone(primitive, sample), sample: describeSample(sample) };
};

const trials: readonly Trial[] = [
  { where: 'of float32', entries: 'clear', dtypes: ['float32'], runs: 12, calculate: ofAllOrders },
  { where: 'of float64', entries: 'clear', dtypes: ['float64'], runs: 12, calculate: ofAllOrders },
  { where: 'at kinks and ties', entries: 'halves', dtypes: ['float32', 'float64'], runs: 8, calculate: ofAllOrders },
  {
    where: 'at NaN, infinities and zeros of both signs',
    entries: 'special',
    dtypes: ['float32', 'float64'],
    runs: 15,
    calculate: ofValue,
  },
  { where: 'of whole numbers', entries: 'clear', dtypes: ['int32'], runs: 6, calculate: ofValue },
];

const engines = testEngines();
const floors: readonly Floor[] = ['linear', 'bilinear', 'smooth', 'piecewise'];
const primitives = floors
  .flatMap((floor) => registry[floor])
  .filter(({ shapeDependsOnValues }) => shapeDependsOnValues !== true);

describe.each(trials)('compiled to WebAssembly, $where', ({ entries, dtypes, runs, calculate }) => {
  test.each(primitives.map((primitive) => [primitive.name, primitive] as const))(
    '%s gives what it gives eagerly',
    (_, primitive) => {
      fc.assert(
        fc.property(fc.constantFrom(...dtypes), fc.gen(), (dtype, choose) => {
          const { calculation, sample } = calculate(primitive, drawBy(choose, { dtype, entries }));
          const broken = disagreement(calculation, compiledResults(calculation, 'wasm'));
          if (broken !== undefined) throw new Error(`${primitive.name}: ${broken}\n${sample}`);
        }),
        { numRuns: runs },
      );
    },
  );
});

// The C compiler takes its time for each program: one holds all primitives.
/** In milliseconds, where others keep the machine busy. */
const SLOWEST_BUILDS = 180_000;
describe.each(engines.filter((engine) => engine === 'native'))('compiled to %s code', (engine) => {
  test.each(trials)(
    'every primitive gives what it gives eagerly, $where',
    ({ entries, dtypes, calculate }) => {
      fc.assert(
        fc.property(fc.constantFrom(...dtypes), fc.gen(), (dtype, choose) => {
          const draw = drawBy(choose, { dtype, entries });
          const all = primitives.map((primitive) => ({ primitive, ...calculate(primitive, draw) }));
          const results = [...compiledResults(together(all.map(({ calculation }) => calculation)), engine)];
          for (const { primitive, calculation, sample } of all) {
            const count = calculation.run(...calculation.given).length;
            const broken = disagreement(calculation, results.splice(0, count));
            if (broken !== undefined) throw new Error(`${primitive.name}: ${broken}\n${sample}`);
          }
        }),
        { numRuns: 2, endOnFailure: true },
      );
    },
    SLOWEST_BUILDS,
  );
});
