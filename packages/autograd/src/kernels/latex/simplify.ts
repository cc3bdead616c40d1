import { fromTerm, power, product, sum, type Term, termOf } from './arithmetic.ts';
import { type Expression, type Factor, factorsKey, number, partsOf } from './expression.ts';
import { absolute, isNumber } from './fraction.ts';
import { mapParts } from './rewrite.ts';

/** Sums that would grow beyond this are left as they are. */
const LARGEST = 200;

/**
 * The shortest of: the expression itself, the same multiplied out, and each of them with what all terms share put in
 * front. So `t (a - 1) + (1 - t) a` becomes `a - t`, and `a (1 - a)` stays.
 */
export function simplify(e: Expression): Expression {
  const simple = mapParts(e, simplify);
  const open = multipliedOut(simple);
  const candidates = [simple, withSharedInFront(simple), open, withSharedInFront(open)];
  return candidates.reduce((best, other) => (weight(other) < weight(best) ? other : best));
}

/** How much there is to read. */
export function weight(e: Expression): number {
  const parts = partsOf(e).reduce((sum, part) => sum + weight(part), 0);
  return parts + ownWeight(e);
}

function ownWeight(e: Expression): number {
  switch (e.kind) {
    case 'product': {
      const powers = e.factors.reduce((sum, { exponent }) => sum + Math.abs(exponent) - 1, 0);
      return powers + (isNumber(absolute(e.coefficient), 1) && e.factors.length > 0 ? 0 : 1);
    }
    case 'sum':
    case 'power':
    case 'transposed':
    case 'part':
    case 'matrixProduct':
      return 0;
    default:
      return 1;
  }
}

/** Products of sums as sums of products. */
function multipliedOut(e: Expression): Expression {
  if (weight(e) > LARGEST) return e;
  if (e.kind === 'sum') return sum(e.terms.map(multipliedOut));
  if (e.kind !== 'product') return e;
  const at = nextToOpen(e.factors);
  if (at === undefined) return e;
  const others = e.factors.filter((factor) => factor !== at).map(({ base, exponent }) => power(base, exponent));
  const rest = product([number(e.coefficient), ...others, power(at.base, at.exponent - 1)]);
  const terms = at.base.kind === 'sum' ? at.base.terms : [];
  return sum(terms.map((term) => multipliedOut(product([rest, term]))));
}

/** Sums with denominators come first, so that these cancel against factors that are sums themselves. */
function nextToOpen(factors: readonly Factor[]): Factor | undefined {
  const sums = factors.filter(({ base, exponent }) => base.kind === 'sum' && exponent > 0);
  const hasDenominator = ({ base }: Factor): boolean =>
    base.kind === 'sum' && base.terms.some((term) => termOf(term).factors.some(({ exponent }) => exponent < 0));
  return sums.find(hasDenominator) ?? sums[0];
}

/** `a b + a c` as `a (b + c)`. */
function withSharedInFront(e: Expression): Expression {
  if (e.kind !== 'sum') return e;
  const terms = e.terms.map(termOf);
  const shared = terms[0].factors.filter((factor) => terms.every((term) => has(term, factor)));
  if (shared.length === 0) return e;
  const keys = new Set(shared.map((factor) => factorsKey([factor])));
  const rest = terms.map(({ coefficient, factors }) =>
    fromTerm({ coefficient, factors: factors.filter((factor) => !keys.has(factorsKey([factor]))) }),
  );
  return product([...shared.map(({ base, exponent }) => power(base, exponent)), sum(rest)]);
}

function has({ factors }: Term, factor: Factor): boolean {
  const key = factorsKey([factor]);
  return factors.some((other) => factorsKey([other]) === key);
}
