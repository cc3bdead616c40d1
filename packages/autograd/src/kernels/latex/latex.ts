import type { Notation } from '../notation.ts';
import { negated, power, product, sum, termOf } from './arithmetic.ts';
import { along, enclosed, entrywise, operandOf, whole } from './calls.ts';
import { connective, extreme, not, relation, truth } from './conditions.ts';
import { embed, part, place } from './entries.ts';
import { asNumber, type Expression, number } from './expression.ts';
import { isNegative, toNumber } from './fraction.ts';
import { broadcast, inverse, matmul, type NoticeSumOfOne, permute, reshape, sumOver } from './matrices.ts';
import { squareRoot } from './norm.ts';
import { select } from './rewrite.ts';

/** Bounds up to this, which keep denominators from zero, do not belong to the mathematics. */
const GUARD = 1e-10;

/**
 * Interprets formulas as what is written on paper.
 *
 * @param notice Told of data whose sums were found to be 1, so that a reader can be told.
 */
export function latexNotation(notice: NoticeSumOfOne = () => {}): Notation<Expression> {
  return {
    ...algebra,
    sum: (a, shape, dims) => sumOver(a, shape, dims, notice),
  };
}

const euler: Expression = { kind: 'name', text: 'e', id: "Euler's number", single: true };
const LOGARITHM = '\\log(';

const called =
  (name: string) =>
  (...operands: Expression[]): Expression =>
    entrywise(name, ...operands);
const between = (open: string, close: string) => (a: Expression) => enclosed(open, [a], close);

/** `log eᵃ` is a, and the other way round. */
const exp = (a: Expression): Expression => operandOf(a, LOGARITHM) ?? symbolicPower(euler, a);
const log = (a: Expression): Expression =>
  a.kind === 'power' && a.base === euler ? a.exponent : enclosed(LOGARITHM, [a], ')');
const one: Expression = number(1);

function unguarded(e: Expression): Expression {
  if (e.kind !== 'call' || e.open !== '\\max(') return e;
  const [bound, value] = e.operands;
  const size = asNumber(bound);
  return size !== undefined && toNumber(size) > 0 && toNumber(size) <= GUARD ? value : e;
}

function symbolicPower(base: Expression, exponent: Expression): Expression {
  return { kind: 'power', base, exponent, single: base.single && exponent.single };
}

function raisedTo(a: Expression, b: Expression): Expression {
  const exponent = asNumber(b);
  if (exponent === undefined || exponent.denominator > 2 || Math.abs(exponent.numerator) > 9) {
    return symbolicPower(a, b);
  }
  return exponent.denominator === 1 ? power(a, exponent.numerator) : power(squareRoot(a), exponent.numerator);
}

const algebra: Omit<Notation<Expression>, 'sum'> = {
  constant: number,
  share: (a) => a,
  add: (a, b) => sum([a, b]),
  sub: (a, b) => sum([a, negated(b)]),
  mul: (a, b) => product([a, b]),
  div: (a, b) => product([a, power(unguarded(b), -1)]),
  neg: negated,
  pow: raisedTo,
  fmod: (a, b) => called('\\operatorname{fmod}')(a, b),
  atan2: called('\\operatorname{atan2}'),

  abs: between('\\lvert ', ' \\rvert'),
  sign: called('\\operatorname{sign}'),
  floor: between('\\lfloor ', ' \\rfloor'),
  ceil: between('\\lceil ', ' \\rceil'),
  trunc: called('\\operatorname{trunc}'),
  round: called('\\operatorname{round}'),

  sqrt: squareRoot,
  exp,
  expm1: (a) => sum([exp(a), number(-1)]),
  log,
  log1p: (a) => log(sum([one, a])),
  log2: called('\\log_{2}'),
  log10: called('\\log_{10}'),
  sin: called('\\sin'),
  cos: called('\\cos'),
  tan: called('\\tan'),
  asin: called('\\arcsin'),
  acos: called('\\arccos'),
  atan: called('\\arctan'),
  sinh: called('\\sinh'),
  cosh: called('\\cosh'),
  tanh: called('\\tanh'),
  asinh: called('\\operatorname{arsinh}'),
  acosh: called('\\operatorname{arcosh}'),
  atanh: called('\\operatorname{artanh}'),
  erf: called('\\operatorname{erf}'),
  // σ(-x) = 1 - σ(x), so that both directions of a derivative speak of the same σ(x).
  sigmoid: (a) =>
    isNegative(termOf(a).coefficient) ? sum([one, negated(entrywise('\\sigma', negated(a)))]) : entrywise('\\sigma', a),

  maximum: (a, b) => extreme('\\max', a, b),
  minimum: (a, b) => extreme('\\min', a, b),
  less: (a, b) => relation(a, '<', b),
  lessEqual: (a, b) => relation(a, '\\le', b),
  equal: (a, b) => relation(a, '=', b),
  not,
  and: (a, b) => connective(a, '\\wedge', b),
  or: (a, b) => connective(a, '\\vee', b),
  select: (condition, a, b) => select(truth(condition), a, b),

  entrywise,
  along,
  apply: (name, ...operands) => whole(`${name}(`, operands, ')'),
  block: (parts, direction) =>
    whole('\\begin{bmatrix} ', parts, ' \\end{bmatrix}', direction === 'below' ? ' \\\\ ' : ' & '),
  part: (a, ...indices) => part(a, indices),
  embed: (a, ...indices) => embed(a, indices),
  place: () => place,
  matmul,
  inverse,
  permute,
  reshape,
  broadcast,
};
