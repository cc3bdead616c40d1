/** A piece of LaTeX, and how tightly its outermost operation binds. */
export interface Text {
  readonly text: string;
  readonly precedence: number;
}

/** From loose to tight; what binds less tightly than its place asks for is put in brackets. */
export const SUM = 1;
/** `∑ x`: reaches over what stands behind it. */
export const TOTAL = 2;
/** Entry by entry, with ⊙ or without. */
export const PRODUCT = 3;
export const MATRIX_PRODUCT = 4;
/** What has an exponent, or may not get one without brackets. */
export const POWER = 5;
/** What has an index, or may not get one without brackets. */
export const INDEXED = 6;
export const ATOM = 7;

/** The text for a place that asks for a precedence. */
export function within(precedence: number, { text, precedence: own }: Text): string {
  return own < precedence ? inBrackets(text) : text;
}

export function inBrackets(text: string): string {
  const isTall = /\\(frac|sum|begin)/.test(text);
  return isTall ? `\\left(${text}\\right)` : `(${text})`;
}
