import { termOf } from './arithmetic.ts';
import { enclosed, whole } from './calls.ts';
import type { Expression } from './expression.ts';
import { isNumber } from './fraction.ts';

const OPEN = '\\lVert ';
export const ROOT = '\\sqrt{';

export function norm(e: Expression): Expression {
  return { ...whole(OPEN, [e], ' \\rVert'), single: true };
}

/** The root; of a squared norm, the norm. */
export function squareRoot(e: Expression): Expression {
  const { coefficient, factors } = termOf(e);
  const [factor] = factors;
  const isNorm = factor?.exponent === 2 && factor.base.kind === 'call' && factor.base.open === OPEN;
  if (isNorm && factors.length === 1 && isNumber(coefficient, 1)) return factor.base;
  return enclosed(ROOT, [e], '}');
}
