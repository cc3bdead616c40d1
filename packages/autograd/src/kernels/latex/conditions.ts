import { negated, product, sum } from './arithmetic.ts';
import { entrywise } from './calls.ts';
import { isPlace, ofEntry } from './entries.ts';
import { asNumber, type Expression, isZero, number, type Relation, sameExpression } from './expression.ts';
import { toNumber } from './fraction.ts';

/** A relation between entries; a number where both sides are numbers. */
export function relation(left: Expression, sign: Relation['sign'], right: Expression): Expression {
  const [a, b] = [asNumber(left), asNumber(right)];
  if (a !== undefined && b !== undefined) return number(holds(toNumber(a), sign, toNumber(b)) ? 1 : 0);
  if (isCondition(left) && b !== undefined) {
    const [whereTrue, whereFalse] = [1, 0].map((value) => holds(value, sign, toNumber(b)));
    if (whereTrue === whereFalse) return number(whereTrue ? 1 : 0);
    return whereTrue ? left : not(left);
  }
  const single = left.single && right.single;
  if (isPlace(left) || isPlace(right))
    return { kind: 'relation', sign, left: ofEntry(left), right: ofEntry(right), single };
  return { kind: 'relation', sign, left, right, single };
}

function holds(a: number, sign: Relation['sign'], b: number): boolean {
  switch (sign) {
    case '<':
      return a < b;
    case '\\le':
      return a <= b;
    case '=':
      return a === b;
    case '\\ne':
      return a !== b;
  }
}

function isCondition(e: Expression): boolean {
  return e.kind === 'relation' || e.kind === 'connective';
}

/** Any number as a truth value. */
export function truth(e: Expression): Expression {
  return isCondition(e) || (e.kind === 'name' && e.tensor?.dtype === 'bool') ? e : relation(e, '\\ne', number(0));
}

export function connective(left: Expression, sign: '\\wedge' | '\\vee', right: Expression): Expression {
  const [a, b] = [truth(left), truth(right)];
  const [first, second] = [asNumber(a), asNumber(b)];
  const neutral = sign === '\\wedge' ? 1 : 0;
  if (first !== undefined) return toNumber(first) === neutral ? b : a;
  if (second !== undefined) return toNumber(second) === neutral ? a : b;
  return { kind: 'connective', sign, left: a, right: b, single: a.single && b.single };
}

export function not(e: Expression): Expression {
  const condition = truth(e);
  if (condition.kind === 'connective') {
    return connective(not(condition.left), condition.sign === '\\wedge' ? '\\vee' : '\\wedge', not(condition.right));
  }
  if (asNumber(condition)) return number(isZero(condition) ? 1 : 0);
  if (condition.kind !== 'relation') return relation(condition, '=', number(0));
  const { left, sign, right } = condition;
  switch (sign) {
    case '<':
      return relation(right, '\\le', left);
    case '\\le':
      return relation(right, '<', left);
    case '=':
      return relation(left, '\\ne', right);
    case '\\ne':
      return relation(left, '=', right);
  }
}

/** `value` where the condition holds, else `otherwise`: as a maximum, a minimum or a factor 1[…] where it is that. */
export function cases(condition: Expression, value: Expression, otherwise: Expression): Expression {
  const known = asNumber(condition);
  if (known !== undefined) return toNumber(known) === 0 ? otherwise : value;
  if (sameExpression(value, otherwise)) return value;
  const extreme = asExtreme(condition, value, otherwise);
  if (extreme) return extreme;
  if (isZero(otherwise)) return product([value, condition]);
  if (isZero(value)) return product([otherwise, not(condition)]);
  const difference = sum([value, negated(otherwise)]);
  if (asNumber(difference)) return sum([otherwise, product([difference, condition])]);
  const [branches, last] = otherwise.kind === 'cases' ? [otherwise.branches, otherwise.otherwise] : [[], otherwise];
  const single = condition.single && value.single && otherwise.single;
  return { kind: 'cases', branches: [{ condition, value }, ...branches], otherwise: last, single };
}

function asExtreme(condition: Expression, value: Expression, otherwise: Expression): Expression | undefined {
  if (condition.kind !== 'relation' || (condition.sign !== '<' && condition.sign !== '\\le')) return undefined;
  const { left, right } = condition;
  if (sameExpression(left, value) && sameExpression(right, otherwise)) return extreme('\\min', left, right);
  if (sameExpression(left, otherwise) && sameExpression(right, value)) return extreme('\\max', left, right);
  return undefined;
}

/** The larger or the smaller; a number stands first. */
export function extreme(name: '\\max' | '\\min', a: Expression, b: Expression): Expression {
  const [first, second] = [asNumber(a), asNumber(b)];
  if (first && second) return number(Math[name === '\\max' ? 'max' : 'min'](toNumber(first), toNumber(second)));
  if (first && !Number.isFinite(first.numerator)) return b;
  if (second && !Number.isFinite(second.numerator)) return a;
  return second ? entrywise(name, b, a) : entrywise(name, a, b);
}
