import { fromTerm, power, product, termOf } from './arithmetic.ts';
import { type Expression, isZero, number } from './expression.ts';

/** A product of matrices: numbers go in front, products inside are opened. */
export function matrixProduct(operands: readonly Expression[], single: boolean): Expression {
  const outside: Expression[] = [];
  const factors: Expression[] = [];
  for (const operand of operands) {
    const term = termOf(operand);
    outside.push(number(term.coefficient));
    for (const { base, exponent } of term.factors) if (base.single) outside.push(power(base, exponent));
    const inside = fromTerm({
      coefficient: { numerator: 1, denominator: 1 },
      factors: term.factors.filter(({ base }) => !base.single),
    });
    if (isZero(operand)) return number(0);
    if (inside.kind === 'matrixProduct') factors.push(...inside.factors);
    else if (!inside.single) factors.push(inside);
  }
  if (factors.length < 2) return product([...outside, ...factors]);
  return product([...outside, { kind: 'matrixProduct', factors, single }]);
}
