import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { vectorScalarMath } from '../elementary/vector-scalar-math.ts';
import type { LoopMath } from '../loop-math.ts';
import type { numbers } from '../numbers.ts';
import type { ScalarMath } from '../scalar-math.ts';
import { compiled, interpreted, kinds, lanesOf } from './run-nest.ts';

const formulas: Readonly<
  Record<Exclude<keyof typeof numbers, 'constant'>, <T>(m: ScalarMath<T>, x: T, y: T, z: T) => T>
> = {
  share: (m, x) => m.share(x),
  add: (m, x, y) => m.add(x, y),
  sub: (m, x, y) => m.sub(x, y),
  mul: (m, x, y) => m.mul(x, y),
  div: (m, x, y) => m.div(x, y),
  neg: (m, x) => m.neg(x),
  pow: (m, x, y) => m.pow(x, y),
  fmod: (m, x, y) => m.fmod(x, y),
  atan2: (m, x, y) => m.atan2(x, y),
  abs: (m, x) => m.abs(x),
  sign: (m, x) => m.sign(x),
  floor: (m, x) => m.floor(x),
  ceil: (m, x) => m.ceil(x),
  trunc: (m, x) => m.trunc(x),
  round: (m, x) => m.round(x),
  sqrt: (m, x) => m.sqrt(x),
  exp: (m, x) => m.exp(x),
  expm1: (m, x) => m.expm1(x),
  log: (m, x) => m.log(x),
  log1p: (m, x) => m.log1p(x),
  log2: (m, x) => m.log2(x),
  log10: (m, x) => m.log10(x),
  sin: (m, x) => m.sin(x),
  cos: (m, x) => m.cos(x),
  tan: (m, x) => m.tan(x),
  asin: (m, x) => m.asin(x),
  acos: (m, x) => m.acos(x),
  atan: (m, x) => m.atan(x),
  sinh: (m, x) => m.sinh(x),
  cosh: (m, x) => m.cosh(x),
  tanh: (m, x) => m.tanh(x),
  asinh: (m, x) => m.asinh(x),
  acosh: (m, x) => m.acosh(x),
  atanh: (m, x) => m.atanh(x),
  erf: (m, x) => m.erf(x),
  sigmoid: (m, x) => m.sigmoid(x),
  maximum: (m, x, y) => m.maximum(x, y),
  minimum: (m, x, y) => m.minimum(x, y),
  less: (m, x, y) => m.less(x, y),
  lessEqual: (m, x, y) => m.lessEqual(x, y),
  equal: (m, x, y) => m.equal(m.floor(x), y),
  not: (m, x) => m.not(x),
  and: (m, x, y) => m.and(x, m.less(x, y)),
  or: (m, x, y) => m.or(m.less(x, y), y),
  select: (m, x, y, z) => m.select(m.less(x, y), z, m.less(z, y)),
};
const names = Object.keys(formulas) as (keyof typeof formulas)[];

/** A procedure for each formula: reads vectors from the beginning of the memory, writes behind them. */
const nest = <I, V>(w: LoopMath<I, V>): void => {
  const m = vectorScalarMath(w);
  const place = (vector: number): I => w.index(vector * w.lanes * w.elementSize);
  for (const name of names) {
    w.procedure(name, 0, () => {
      const [x, y, z] = [0, 1, 2].map((vector) => m.fromNumbers(w.share(w.load(place(vector)))));
      w.store(place(3), m.numberOf(formulas[name](m, x, y, z)));
    });
  }
};

// Relaxed multiply-add rounds otherwise than the interpreter: there, the functions' own tests hold the errors down.
describe.each(kinds.filter(({ relaxed, sharedMemory }) => !relaxed && !sharedMemory))('formulas: %o', (options) => {
  const isSingle = options.elementType === 'float32';
  const lanes = lanesOf(options);
  const special = fc.constantFrom(0, -0, 1, -1, 0.5, -2, 3, Infinity, -Infinity, NaN);
  const moderate = fc.double({ min: -100, max: 100, noNaN: true }).map(isSingle ? Math.fround : (x) => x);
  const element = fc.oneof(special, moderate, isSingle ? fc.float() : fc.double());
  const elements = fc.array(element, { minLength: 3 * lanes, maxLength: 3 * lanes });
  const result = (memory: readonly number[]): readonly number[] => memory.slice(3 * lanes, 4 * lanes);
  const [expected, actual] = [interpreted(nest, options), compiled(nest, options)];

  test.each(names)('%s has the bits of the interpreter', (name) => {
    fc.assert(
      fc.property(elements, (elements) => {
        expect(result(actual(name, elements, []))).toEqual(result(expected(name, elements, [])));
      }),
      { numRuns: 300 },
    );
  });
});
