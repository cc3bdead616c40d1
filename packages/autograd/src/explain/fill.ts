import type { Tensor } from '../core/tensor.ts';
import type { Expression, Name } from '../kernels/latex/expression.ts';
import { print } from '../kernels/latex/print.ts';
import { ATOM, SUM, type Text } from '../kernels/latex/text.ts';

/** Tensors of more entries stay names. */
const LARGEST = 12;
const DIGITS = 4;

/** The numbers of a small tensor: a number, a column, or a matrix. */
export function valueText(x: Tensor): Text | undefined {
  if (x.rank > 2 || x.length > LARGEST || x.length === 0) return undefined;
  const entries = [...x.toTypedArray()].map(numberText);
  if (x.length === 1) return { text: entries[0], precedence: entries[0].startsWith('-') ? SUM : ATOM };
  const columns = x.shape[1] ?? 1;
  const rows = Array.from({ length: x.shape[0] }, (_, i) => entries.slice(i * columns, (i + 1) * columns).join(' & '));
  return { text: `\\begin{bmatrix} ${rows.join(' \\\\ ')} \\end{bmatrix}`, precedence: ATOM };
}

function numberText(value: number): string {
  if (Number.isNaN(value)) return '\\mathrm{NaN}';
  if (Math.abs(value) === Infinity) return value < 0 ? '-\\infty' : '\\infty';
  const [mantissa, exponent] = `${Number(value.toPrecision(DIGITS)) + 0}`.split('e');
  return exponent === undefined ? mantissa : `${mantissa} \\cdot 10^{${Number(exponent)}}`;
}

/** An expression in numbers, and its value: what is new beside the expression itself. */
export function inNumbers(e: Expression, value: Tensor): readonly string[] {
  const result = valueText(value)?.text;
  if (result === undefined) return [];
  const missing: Name[] = [];
  const filled = print(e, {
    dot: ' \\cdot ',
    instead: (name) => {
      const text = name.tensor && valueText(name.tensor);
      if (text === undefined && name.tensor) missing.push(name);
      return text;
    },
  });
  const isNew = missing.length === 0 && filled !== result && filled !== print(e);
  return isNew ? [filled, result] : [result];
}
