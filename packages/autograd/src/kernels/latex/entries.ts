import { whole } from './calls.ts';
import { asNumber, type Expression } from './expression.ts';
import { isNumber } from './fraction.ts';

// What is said of a single entry is said without transposing and repeating: in `k = t`, k is the entry's place among the
// classes and t its label.

/** The place of an entry along a dim. */
export const place: Expression = { kind: 'name', text: 'k', id: 'place', single: false };

export function isPlace(e: Expression): boolean {
  return ofEntry(e) === place;
}

/** An expression as it is said of one entry. */
export function ofEntry(e: Expression): Expression {
  if (e.kind === 'transposed') return ofEntry(e.of);
  if (e.kind !== 'matrixProduct') return e;
  const repeated = e.factors.filter((factor) => !isOnes(factor));
  return repeated.length === 1 ? ofEntry(repeated[0]) : e;
}

/** A column or a row of ones. */
export function isOnes(e: Expression): boolean {
  return e.kind === 'transposed' ? isOnes(e.of) : e.kind === 'name' && e.ones !== undefined;
}

/** `x_{t}` for labels t; `x_{1:3, :}` for a part. */
export function part(of: Expression, indices: readonly (Expression | string)[]): Expression {
  if (asNumber(of) || indices.every((index) => index === ':')) return of;
  const isOfEntry = indices.some((index) => typeof index !== 'string');
  return { kind: 'part', of: isOfEntry ? ofEntry(of) : of, indices, single: of.single };
}

/** Zeros everywhere but in a part: `\\operatorname{embed}_{1:3, :}(x)`. */
export function embed(of: Expression, indices: readonly string[]): Expression {
  const value = asNumber(of);
  if (value && isNumber(value, 0)) return of;
  return whole(`\\operatorname{embed}_{${indices.join(', ')}}(`, [of], ')');
}
