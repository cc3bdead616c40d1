import { type Expression, type Factor, factorsKey, keyOf, number } from './expression.ts';
import { absolute, type Fraction, isNegative, isNumber, plus, raised, sameFraction, times } from './fraction.ts';

/** A product's parts; of anything else, itself once. */
export interface Term {
  readonly coefficient: Fraction;
  readonly factors: readonly Factor[];
}

const one: Fraction = { numerator: 1, denominator: 1 };

export function termOf(e: Expression): Term {
  return e.kind === 'product' ? e : { coefficient: one, factors: [{ base: e, exponent: 1 }] };
}

export function fromTerm({ coefficient, factors }: Term): Expression {
  const [first] = factors;
  if (first === undefined || isNumber(coefficient, 0)) return number(coefficient);
  const last = factors.at(-1) as Factor;
  if (isNegative(coefficient) && isDifference(last) && factors.slice(0, -1).every(({ base }) => base.single)) {
    return fromTerm({ coefficient: absolute(coefficient), factors: [...factors.slice(0, -1), opposite(last)] });
  }
  if (factors.length === 1 && first.exponent === 1 && isNumber(coefficient, 1)) return first.base;
  return { kind: 'product', coefficient, factors, single: factors.every(({ base }) => base.single) };
}

/** A sum that has a positive term left when all signs are turned round. */
function isDifference({ base, exponent }: Factor): boolean {
  return exponent === 1 && base.kind === 'sum' && base.terms.some((term) => isNegative(termOf(term).coefficient));
}

function opposite({ base }: Factor): Factor {
  const terms = base.kind === 'sum' ? base.terms : [];
  return { base: plainSum(positiveFirst(terms.map(negated).map(termOf)).map(fromTerm)), exponent: 1 };
}

export function negated(e: Expression): Expression {
  return scaled({ numerator: -1, denominator: 1 }, e);
}

export function scaled(by: Fraction, e: Expression): Expression {
  const { coefficient, factors } = termOf(e);
  return fromTerm({ coefficient: times(by, coefficient), factors });
}

/** The product, entry by entry: equal factors become powers, and cancel. */
export function product(parts: readonly Expression[]): Expression {
  let coefficient = one;
  const collected = new Map<string, Factor>();
  for (const part of parts) {
    const term = termOf(part);
    coefficient = times(coefficient, term.coefficient);
    for (const { base, exponent } of term.factors) {
      const key = keyOf(base);
      const before = collected.get(key);
      collected.set(key, before ? { base: before.base, exponent: before.exponent + exponent } : { base, exponent });
    }
  }
  const factors = [...collected.values()].filter(({ exponent }) => exponent !== 0).map(idempotent);
  return fromTerm({ coefficient, factors });
}

/** What is 0 or 1 equals its square. */
function idempotent({ base, exponent }: Factor): Factor {
  const truth = base.kind === 'relation' || base.kind === 'connective';
  return { base, exponent: truth && exponent > 1 ? 1 : exponent };
}

/** To a whole power. */
export function power(e: Expression, exponent: number): Expression {
  if (exponent === 0) return number(1);
  const { coefficient, factors } = termOf(e);
  return fromTerm({
    coefficient: raised(coefficient, exponent),
    factors: factors.map((factor) => idempotent({ base: factor.base, exponent: factor.exponent * exponent })),
  });
}

/** The sum: like terms are added up, a number that all terms have stands in front, and a positive term first. */
export function sum(parts: readonly Expression[]): Expression {
  const collected = new Map<string, Term>();
  for (const part of parts.flatMap(termsOf)) {
    const { coefficient, factors } = termOf(part);
    const key = factorsKey(factors);
    const before = collected.get(key);
    const together = before && { coefficient: plus(before.coefficient, coefficient), factors: before.factors };
    collected.set(key, together ?? { coefficient, factors });
  }
  const terms = [...collected.values()].filter(({ coefficient }) => !isNumber(coefficient, 0));
  const [first] = terms;
  if (first === undefined) return number(0);
  return terms.length === 1 ? fromTerm(first) : withCommonFactors(terms);
}

/** The terms of a sum, or of its negative. */
function termsOf(e: Expression): readonly Expression[] {
  if (e.kind === 'sum') return e.terms;
  if (e.kind !== 'product' || e.factors.length !== 1 || !isNumber(e.coefficient, -1)) return [e];
  const [{ base, exponent }] = e.factors;
  return base.kind === 'sum' && exponent === 1 ? base.terms.map(negated) : [e];
}

function withCommonFactors(terms: readonly Term[]): Expression {
  const sizes = terms.map(({ coefficient }) => absolute(coefficient));
  const equal = Number.isFinite(sizes[0].numerator) && sizes.every((other) => sameFraction(other, sizes[0]));
  const size = equal ? sizes[0] : one;
  const common = terms[0].factors.filter((factor) => isCommonDenominator(factor, terms));
  const keysOfCommon = new Set(common.map((factor) => factorsKey([factor])));
  const rest = terms.map(({ coefficient, factors }) => ({
    coefficient: times(coefficient, raised(size, -1)),
    factors: factors.filter((factor) => !keysOfCommon.has(factorsKey([factor]))),
  }));
  const bare = positiveFirst(rest).map(fromTerm);
  const base = bare.some(({ kind }) => kind === 'sum') ? sum(bare) : plainSum(bare);
  return product([number(size), ...common.map(({ base, exponent }) => power(base, exponent)), base]);
}

/** `1/m` in every term, for a number m. */
function isCommonDenominator(factor: Factor, terms: readonly Term[]): boolean {
  if (!factor.base.single || factor.exponent > 0) return false;
  const key = factorsKey([factor]);
  return terms.every(({ factors }) => factors.some((other) => factorsKey([other]) === key));
}

function plainSum(terms: readonly Expression[]): Expression {
  return { kind: 'sum', terms, single: terms.every(({ single }) => single) };
}

function positiveFirst(terms: readonly Term[]): readonly Term[] {
  const at = terms.findIndex(({ coefficient }) => !isNegative(coefficient));
  return at > 0 ? [terms[at], ...terms.slice(0, at), ...terms.slice(at + 1)] : terms;
}
