import { asNumber, type Expression } from './expression.ts';

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
  if (asNumber(of)) return of;
  const isOfEntry = indices.some((index) => typeof index !== 'string');
  return { kind: 'part', of: isOfEntry ? ofEntry(of) : of, indices, single: of.single };
}
