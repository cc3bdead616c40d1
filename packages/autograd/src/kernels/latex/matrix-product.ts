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
    const inner = inside.kind === 'matrixProduct' ? inside.factors : [inside];
    for (const factor of inner) {
      const length = countedOnes(factors.at(-1), factor);
      if (length !== undefined) {
        factors.pop();
        outside.push(number(length));
      } else if (!factor.single) factors.push(factor);
    }
  }
  if (factors.length < 2) return product([...outside, ...factors]);
  return product([...outside, { kind: 'matrixProduct', factors, single }]);
}

/** The number `1ᵀ 1`, if two factors are that. */
function countedOnes(row: Expression | undefined, column: Expression): number | undefined {
  const isRow = row?.kind === 'transposed' && row.of.kind === 'name' && row.of.ones !== undefined;
  return isRow && column.kind === 'name' ? column.ones : undefined;
}
