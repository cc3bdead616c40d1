import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { VectorInterpreter } from '../interpret-vectors.ts';
import { numbers } from '../numbers.ts';
import type { Formula, ScalarMath } from '../scalar-math.ts';
import type { ElementType } from '../vector-math.ts';
import { type ElementaryFunction, single } from './single.ts';
import { vectorScalarMath } from './vector-scalar-math.ts';

const value = fc.oneof(fc.float(), fc.constantFrom(0, -0, 1, -1, 0.5, 2.5, Number.NaN, Infinity, -Infinity));

const exact: [string, Formula][] = [
  ['arithmetic', (m, a, b) => m.sub(m.mul(m.add(a, b), m.neg(a)), m.abs(b))],
  ['a quotient', (m, a, b) => m.div(a, b)],
  ['a root', (m, a) => m.sqrt(a)],
  ['whole numbers', (m, a, b) => m.add(m.floor(a), m.sub(m.ceil(b), m.add(m.trunc(b), m.round(a))))],
  ['a sign', (m, a) => m.sign(a)],
  ['extremes', (m, a, b) => m.minimum(m.maximum(a, m.constant(1)), b)],
  ['a comparison as a number', (m, a, b) => m.add(m.less(a, b), m.mul(m.lessEqual(b, a), m.constant(3)))],
  ['not a number', (m, a) => m.not(m.equal(a, a))],
  ['a number as a condition', (m, a, b) => m.select(a, b, m.not(a))],
  ['conditions of conditions', (m, a, b) => m.or(m.and(m.less(a, b), b), m.not(m.share(m.and(a, m.equal(b, b)))))],
  ['a choice between conditions', (m, a, b) => m.select(m.less(a, b), m.equal(a, b), m.not(a))],
  ['a choice between a condition and a number', (m, a, b) => m.select(m.equal(a, b), m.less(b, a), m.share(a))],
];

describe.each<ElementType>(['float32', 'float64'])('formulas as code of vectors of %s', (elementType) => {
  const v = new VectorInterpreter(2, elementType);
  const m = vectorScalarMath(v);
  const carriedOut = (formula: Formula, ...x: number[]): number => {
    const result = m.numberOf(formula(m, ...x.map((each) => m.fromNumbers(v.constant(each)))));
    expect(result[1]).toBe(result[0]);
    return result[0];
  };
  /** The reference rounds once at the end: inputs are drawn so small that nothing before needs it. */
  const small = fc.oneof(
    fc.integer({ min: -64, max: 64 }).map((x) => x / 8),
    fc.constantFrom(-0, Number.NaN, Infinity),
  );

  test.each(exact)('%s', (_, formula) => {
    fc.assert(
      fc.property(small, small, (a, b) => {
        const expected = formula(numbers, a, b);
        // Rounding -0.5 gives -0 here and 0 there.
        expect(carriedOut(formula, a, b) + 0).toBe((elementType === 'float32' ? Math.fround(expected) : expected) + 0);
      }),
    );
  });

  test('a condition stays a mask until a number is needed', () => {
    const [one, two] = [m.constant(1), m.constant(2)];
    const chosen = m.select(m.less(one, two), m.and(m.less(one, two), one), m.not(two));
    expect(chosen.kind).toBe('mask');
    expect(m.maskOf(chosen)).toBe(chosen.vector);
    expect([...m.numberOf(chosen)]).toEqual([1, 1]);
  });

  test.each(Object.keys(single) as ElementaryFunction[])('%s', (name) => {
    const ofVectors: (machine: VectorInterpreter, ...x: Float32Array[]) => ArrayLike<number> = single[name];
    const reference: (...x: number[]) => number = numbers[name];
    const formula: Formula = <T>(math: ScalarMath<T>, ...x: T[]): T => {
      const f: (...x: T[]) => T = math[name];
      return f(...x);
    };
    fc.assert(
      fc.property(value, value, (a, b) => {
        const inputs = [a, b].slice(0, single[name].length - 1);
        const constants = inputs.map((x) => Float32Array.of(x, x));
        const expected = elementType === 'float64' ? reference(...inputs) : ofVectors(v, ...constants)[0];
        expect(carriedOut(formula, ...inputs)).toBe(expected);
      }),
    );
  });
});
