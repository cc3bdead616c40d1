import { describe, expect, test } from 'vitest';
import { GradtapeError } from '../core/errors.ts';
import { mul } from '../primitives/bilinear/mul.ts';
import { neg } from '../primitives/linear/arithmetic.ts';
import { abs } from '../primitives/piecewise/kinked.ts';
import { smooth } from '../primitives/smooth/degree.ts';
import { type Floor, registry } from '../registry.ts';
import type { Primitive } from '../tape/primitive.ts';
import { assertPrimitive, checkPrimitive } from './check-primitive.ts';
import { laws } from './laws.ts';

/** `x³`, with a factor in its derivative that should be 3. */
const cube = (factor: number): Primitive<undefined> =>
  smooth('cube', {
    value: (m, x) => m.mul(x, m.mul(x, x)),
    partials: (x) => [mul(mul(x, x), factor)],
    domain: { low: -2, high: 2 },
  });

test('a right primitive passes every law', () => {
  const report = checkPrimitive(cube(3), { runs: 10 });
  expect(report).toMatchObject({ name: 'cube', passed: true, broken: [], laws: Object.keys(laws('smooth')) });
  expect(String(report)).toMatch(/^checkPrimitive: cube passed \(14 laws hold on \d+ samples\)$/);
  expect(() => assertPrimitive(cube(3), { runs: 10 })).not.toThrow();
});

test('a wrong one fails, and the report tells which law broke, on which sample, and the seed', () => {
  expect(String(checkPrimitive(cube(2), { seed: 1, laws: ['reverseMatchesDifferences'] }))).toMatchInlineSnapshot(`
    "checkPrimitive: cube failed (1 of 1 laws broken)

      reverseMatchesDifferences is broken
        the derivative by reverse mode is -2.4169874028043568, by differences -3.625481104206291 (allowed: 7.0e-8)
        input 0: tensor([[1.7374]], shape=[1, 1], dtype=float64), strides=[2, 2], offset=0
        params: undefined
        dtype float64; 48 of 50 samples clear of kinks broke it
        to see it again: { laws: ['reverseMatchesDifferences'], seed: 1, runs: 1 }"
  `);
});

test('the seed draws the sample again', () => {
  const [first] = checkPrimitive(cube(2)).broken;
  const [again] = checkPrimitive(cube(2), { laws: [first.law], seed: first.seed, runs: 1 }).broken;
  expect(again).toEqual({ ...first, broken: 1, tried: 1 });
});

test('the same options give the same report, another seed other samples', () => {
  const reports = [0, 0, 100].map((seed) => String(checkPrimitive(cube(2), { seed, runs: 5 })));
  expect(reports[1]).toBe(reports[0]);
  expect(reports[2]).not.toBe(reports[0]);
});

test('what a law throws is told, too', () => {
  const throwing = {
    ...cube(3),
    pullback: () => {
      throw new Error('no pullback yet');
    },
  };
  const [broken] = checkPrimitive(throwing, { laws: ['reverseMatchesDifferences'] }).broken;
  expect(broken.found).toBe('it threw no pullback yet');
});

describe('degrees', () => {
  const moved: Primitive<undefined> = { ...cube(3), name: 'not linear' };

  test('linear and bilinear primitives have laws of their own', () => {
    const names = (degree: Floor) => checkPrimitive(moved, { degree, runs: 3 }).broken.map(({ law }) => law);
    expect(names('smooth')).toEqual([]);
    expect(names('linear')).toEqual(['isLinear', 'hasNoSecondDerivative']);
    expect(names('bilinear')).toEqual(['isLinearInEachInput']);
  });

  test.each(Object.entries(registry))('a primitive of the library that is %s passes', (degree, primitives) => {
    expect(String(checkPrimitive(primitives[0], { degree: degree as Floor, runs: 20 }))).toContain(' passed ');
  });
});

test('kinks and specials are tried', () => {
  const ties = { ...abs.primitive, pullback: () => [undefined], pushforward: () => undefined };
  const atZero: Primitive<undefined> = {
    ...abs.primitive,
    pullback: (g, line) => (line.output.toTypedArray().includes(0) ? [mul(g, 7)] : abs.primitive.pullback(g, line)),
  };
  expect(checkPrimitive(ties).passed).toBe(false);
  expect(checkPrimitive(atZero).broken.map(({ law, where }) => [law, where])).toContainEqual([
    'forwardMatchesReverse',
    'at kinks and ties',
  ]);
  const atNaN: Primitive<undefined> = {
    ...neg.primitive,
    evaluate: ([x]) => (x.toTypedArray().some(Number.isNaN) ? mul(x, 0) : neg(x)),
  };
  expect(checkPrimitive(atNaN).broken.map(({ where }) => where)).toContain(
    'at NaN, infinities and zeros of both signs',
  );
});

test('assertPrimitive throws, and says what broke', () => {
  const check = () => assertPrimitive(cube(2), { laws: ['derivativesFit', 'forwardMatchesDifferences'], runs: 5 });
  expect(check).toThrow(GradtapeError);
  expect(check).toThrow(
    'assertPrimitive: cube breaks forwardMatchesDifferences\n  got:   forwardMatchesDifferences is',
  );
});

describe('bad input', () => {
  test('a law that does not exist', () => {
    expect(() => checkPrimitive(cube(3), { laws: ['isLinear'] })).toThrowErrorMatchingInlineSnapshot(`
      [GradtapeError: checkPrimitive: no law of this name
        got:   isLinear
        needs: one of valueFollowsFormula, valueIsNew, nothingIsWritten, layoutDoesNotMatter, derivativesFit, cotangentsDependOnNothingElse, singleAgreesWithDouble, forwardMatchesReverse, secondOrdersMatch, forwardMatchesDifferences, reverseMatchesDifferences, forwardCanBeDifferentiated, reverseCanBeDifferentiated, whatIsConstantHasNoDerivative
        fix:   leave out \`laws\` to try all]
    `);
  });

  test.each([0, -1, 1.5, Number.NaN])('%s samples', (runs) => {
    expect(() => checkPrimitive(cube(3), { runs })).toThrow('checkPrimitive: no sample to try');
  });
});
