export { textTable } from '../core/text-table.ts';

/** A number in six digits. */
export function showNumber(x: number): string {
  return String(Number(x.toPrecision(6)));
}

/** Two numbers in as many digits as it takes to tell them apart. */
export function showApart(a: number, b: number): readonly [string, string] {
  for (let digits = 6; digits < 17; digits += 2) {
    const [first, second] = [a, b].map((x) => String(Number(x.toPrecision(digits))));
    if (first !== second || a === b) return [first, second];
  }
  return [String(a), String(b)];
}

/** How far apart, where 1 is as far as expected: two digits. */
export function showError(error: number): string {
  return error >= 1e4 ? error.toExponential(0).replace('e+', 'e') : String(Number(error.toPrecision(2)));
}

/** Moves every line to the right. */
export function indent(text: string): string {
  return text.replace(/^(?=.)/gm, '  ');
}
