import { type Fraction, toNumber } from './fraction.ts';
import { ATOM, MATRIX_PRODUCT, POWER, type Text } from './text.ts';

/** Numbers that are written as what they are. */
const known: readonly (readonly [number, string])[] = [
  [Math.PI, '\\pi'],
  [Math.SQRT2, '\\sqrt{2}'],
  [Math.SQRT1_2, '\\frac{1}{\\sqrt{2}}'],
  [Math.LN2, '\\log(2)'],
  [Math.LN10, '\\log(10)'],
  [1 / Math.LN2, '\\frac{1}{\\log(2)}'],
  [1 / Math.LN10, '\\frac{1}{\\log(10)}'],
  [2 / Math.sqrt(Math.PI), '\\frac{2}{\\sqrt{\\pi}}'],
  [Math.sqrt(2 / Math.PI), '\\sqrt{\\frac{2}{\\pi}}'],
  [1 / Math.sqrt(2 * Math.PI), '\\frac{1}{\\sqrt{2 \\pi}}'],
];
const SINGLE_PRECISION = 1e-7;
const DIGITS = 6;
/** Larger numbers under a root would be found by chance. */
const LARGEST_ROOT = 1024;

/** A number that is not negative: whole, as a fraction, or with six digits. Tenths, hundredths and so on are decimals. */
export function numberText(fraction: Fraction): Text {
  const { numerator, denominator } = fraction;
  const value = toNumber(fraction);
  if (Number.isNaN(value)) return { text: '\\mathrm{NaN}', precedence: ATOM };
  if (value === Infinity) return { text: '\\infty', precedence: ATOM };
  if (denominator !== 1 && !/^10+$/.test(`${denominator}`)) {
    return { text: `\\frac{${numerator}}{${denominator}}`, precedence: POWER };
  }
  const name = known.find(([number]) => Math.abs(number - value) <= SINGLE_PRECISION * number);
  const text = name?.[1] ?? rootText(value);
  return text === undefined ? decimalText(value) : { text, precedence: POWER };
}

/** `√n` or `1/√n`, as the scores of attention are scaled, if six digits do not say all of the number. */
function rootText(value: number): string | undefined {
  const isNear = (a: number, b: number): boolean => Math.abs(a - b) <= 2 * SINGLE_PRECISION * b;
  if (isNear(value, Number(value.toPrecision(DIGITS)))) return undefined;
  const [above, below] = [value ** 2, value ** -2].map((square) => {
    const count = Math.round(square);
    return count > 1 && count <= LARGEST_ROOT && isNear(square, count) ? `\\sqrt{${count}}` : undefined;
  });
  return above ?? (below && `\\frac{1}{${below}}`);
}

function decimalText(value: number): Text {
  const short = Number(value.toPrecision(DIGITS));
  if (short === 0 || (short >= 1e-4 && short < 1e7)) return { text: `${short}`, precedence: ATOM };
  const [mantissa, exponent] = short.toExponential().split('e') as [string, string];
  const power = `10^{${Number(exponent)}}`;
  return mantissa === '1'
    ? { text: power, precedence: POWER }
    : { text: `${mantissa} \\cdot ${power}`, precedence: MATRIX_PRODUCT };
}
