import { unitRoundoff } from '../core/dtype.ts';
import { indexAt, showShape } from '../core/shape.ts';
import type { Tensor } from '../core/tensor.ts';

/** What two orders of the same few hundred operations in float64 may differ by, relative to the largest number. */
export const ROUNDING: number = 1024 * unitRoundoff('float64');
/** What differences are trusted to beside their own estimate, relative to the largest number. */
export const DIFFERENCES = 1e-8;

/** The entries of a tensor in reading order. */
export function numbersOf(x: Tensor): readonly number[] {
  const entries = x.toTypedArray();
  const numbers = new Array<number>(entries.length);
  for (let i = 0; i < entries.length; i++) numbers[i] = entries[i];
  return numbers;
}

/** Whether no entry is infinite or NaN. */
export function isFiniteTensor(x: Tensor): boolean {
  const entries = x.toTypedArray();
  for (let i = 0; i < entries.length; i++) if (!Number.isFinite(entries[i])) return false;
  return true;
}

/** The largest absolute value among the entries, 0 if there are none. NaN and infinities do not count. */
export function magnitude(...lists: readonly (readonly number[])[]): number {
  let largest = 0;
  for (const list of lists) {
    for (const entry of list) if (Math.abs(entry) < Infinity) largest = Math.max(largest, Math.abs(entry));
  }
  return largest;
}

/** A sum that is exact but for one rounding of each product, and how large its terms are. */
export function innerProduct(a: readonly number[], b: readonly number[]): { value: number; terms: number } {
  let [value, terms] = [0, 0];
  a.forEach((entry, i) => {
    value += entry * b[i];
    terms += Math.abs(entry * b[i]);
  });
  return { value, terms };
}

/**
 * Where two lists differ first by more than is allowed, in words; undefined if nowhere. NaN agrees with NaN, an infinity
 * with itself, and with `allowed` left out numbers only with themselves (0 and -0 differ).
 */
export function firstDifference(
  what: string,
  got: Tensor,
  expected: ArrayLike<number>,
  allowed?: (i: number) => number,
): string | undefined {
  const entries = numbersOf(got);
  if (entries.length !== expected.length) return `${what} has ${entries.length} entries, not ${expected.length}`;
  const i = entries.findIndex((entry, k) => {
    if (Object.is(entry, expected[k])) return false;
    return allowed === undefined || !(Math.abs(entry - expected[k]) <= allowed(k));
  });
  if (i < 0) return undefined;
  const tolerance = allowed === undefined ? '' : ` (allowed: ${allowed(i).toExponential(1)})`;
  return `${what} is ${entries[i]} at ${placeOf(i, got)}, not ${expected[i]}${tolerance}`;
}

/** The index of the i-th entry in reading order. */
export function placeOf(i: number, x: Tensor): string {
  return showShape(indexAt(i, x.shape));
}

/** What is said of the first item of which something is said. */
export function firstOf<T>(items: readonly T[], say: (item: T, i: number) => string | undefined): string | undefined {
  for (const [i, item] of items.entries()) {
    const sentence = say(item, i);
    if (sentence !== undefined) return sentence;
  }
  return undefined;
}
