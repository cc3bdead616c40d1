import { power, product, sum } from './arithmetic.ts';
import { enclosed } from './calls.ts';
import { cases, connective, not, relation } from './conditions.ts';
import { isOnes, part } from './entries.ts';
import { type Expression, keyOf, number, partsOf, type Relation } from './expression.ts';
import { matrixProduct } from './matrix-product.ts';
import { ROOT, squareRoot } from './norm.ts';

// Rewriting and transposing stand in one file because each needs the other.

/** The same expression of other parts, with the arithmetic done again. */
export function mapParts(e: Expression, f: (part: Expression) => Expression): Expression {
  switch (e.kind) {
    case 'product':
      return product([number(e.coefficient), ...e.factors.map(({ base, exponent }) => power(f(base), exponent))]);
    case 'sum':
      return sum(e.terms.map(f));
    case 'power':
      return { ...e, base: f(e.base), exponent: f(e.exponent) };
    case 'name':
      return e;
    case 'call':
      if (e.open === ROOT) return squareRoot(f(e.operands[0]));
      return e.reading === 'entrywise'
        ? enclosed(e.open, e.operands.map(f), e.close)
        : { ...e, operands: e.operands.map(f) };
    case 'total':
      return { ...e, of: f(e.of) };
    case 'part':
      return part(
        f(e.of),
        e.indices.map((index) => (typeof index === 'string' ? index : f(index))),
      );
    case 'relation':
      return relation(f(e.left), e.sign, f(e.right));
    case 'connective':
      return connective(f(e.left), e.sign, f(e.right));
    case 'cases': {
      const last = f(e.otherwise);
      return e.branches.reduceRight((rest, { condition, value }) => cases(f(condition), f(value), rest), last);
    }
    case 'matrixProduct':
      return matrixProduct(e.factors.map(f), e.single);
    case 'transposed':
      return transposed(f(e.of));
  }
}

/** The transpose, with the transposition moved inwards to what it cannot be moved into. */
export function transposed(e: Expression): Expression {
  if (e.single) return e;
  switch (e.kind) {
    case 'transposed':
      return e.of;
    case 'matrixProduct':
      return matrixProduct(e.factors.map(transposed).reverse(), e.single);
    case 'name':
    case 'part':
      return { kind: 'transposed', of: e, single: false };
    case 'call': {
      if (e.reading === 'whole') return { kind: 'transposed', of: e, single: false };
      const reading = e.reading === 'entrywise' ? e.reading : e.reading.map((d) => 1 - d);
      return { ...e, reading, operands: e.operands.map(transposed) };
    }
    default:
      return mapParts(e, transposed);
  }
}

/** The expression or its transpose, whichever has fewer transposes in it. */
export function leastTransposed(e: Expression): Expression {
  const other = transposed(e);
  return countTransposes(other) < countTransposes(e) ? other : e;
}

/** Rows of ones do not count: they stand where they must. */
export function countTransposes(e: Expression): number {
  const own = e.kind === 'transposed' && !isOnes(e) ? 1 : 0;
  return partsOf(e).reduce((sum, part) => sum + countTransposes(part), own);
}

/** The same expression with other parts in the place of some; what `replacement` gives is not looked into. */
export function replace(e: Expression, replacement: (part: Expression) => Expression | undefined): Expression {
  return replacement(e) ?? mapParts(e, (part) => replace(part, replacement));
}

/** {@link cases}, whose values are simplified by what is known of the condition where they count. */
export function select(condition: Expression, value: Expression, otherwise: Expression): Expression {
  const [key, keyOfOpposite] = [keyOf(condition), keyOf(not(condition))];
  const knowing = (holds: boolean) => (known: Expression) => {
    if (keyOf(known) === key) return number(holds ? 1 : 0);
    if (keyOf(known) === keyOfOpposite) return number(holds ? 0 : 1);
    return condition.kind === 'relation' ? decidedExtreme(known, condition, holds) : undefined;
  };
  return cases(condition, replace(value, knowing(true)), replace(otherwise, knowing(false)));
}

/** `min(a, b)` and `max(a, b)` where it is known whether a ≤ b. */
function decidedExtreme(e: Expression, { left, sign, right }: Relation, holds: boolean): Expression | undefined {
  if (e.kind !== 'call' || (e.open !== '\\min(' && e.open !== '\\max(')) return undefined;
  const compared = e.operands.map(keyOf).sort().join() === [left, right].map(keyOf).sort().join();
  if (!compared || (sign !== '<' && sign !== '\\le')) return undefined;
  return holds === (e.open === '\\min(') ? left : right;
}
