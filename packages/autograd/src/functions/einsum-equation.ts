import { fail } from '../core/errors.ts';
import { showShape } from '../core/shape.ts';
import type { Tensor } from '../core/tensor.ts';

/**
 * An equation of `einsum`, fitted to its operands. A label is a letter, or `...1`, `...2`, … for the dims of an
 * ellipsis, counted from the last one.
 */
export interface Equation {
  /** For each operand a label for each dim. */
  readonly inputs: readonly (readonly string[])[];
  readonly output: readonly string[];
  readonly sizes: ReadonlyMap<string, number>;
}

/** Reads an equation and fits it to its operands. */
export function parseEquation(equation: string, operands: readonly Tensor[]): Equation {
  const [left, right, more] = equation.replaceAll(/\s/g, '').split('->');
  const subscripts = left.split(',');
  if (more !== undefined) failOnText(equation, 'more than one ->');
  for (const text of [...subscripts, right ?? '']) checkSubscript(equation, text);
  if (subscripts.length !== operands.length) {
    fail('einsum: not as many operands as the equation has', {
      got: `${operands.length} operands for '${equation}'`,
      needs: `${subscripts.length}: one for each part between commas`,
      fix: 'add the missing operand or the missing part',
    });
  }
  const inputs = operands.map((x, i) => labelsOf(subscripts[i], x, i));
  const sizes = sizesOf(inputs, operands);
  return { inputs, output: outputOf(right, inputs, equation), sizes };
}

function checkSubscript(equation: string, text: string): void {
  const rest = text.replace('...', '').replaceAll(/[a-zA-Z]/g, '');
  if (rest !== '') failOnText(equation, `'${rest[0]}' in '${text}'`);
}

function failOnText(equation: string, what: string): never {
  return fail('einsum: the equation cannot be read', {
    got: `${what}, in '${equation}'`,
    needs: 'letters, one for each dim, commas between operands, at most one ... in each, and one ->',
    fix: "write it as in 'bij,bjk->bik'",
  });
}

/** The labels of an operand's dims. */
function labelsOf(text: string, x: Tensor, place: number): string[] {
  const [before, after] = text.split('...');
  const named = before.length + (after?.length ?? 0);
  const open = x.rank - named;
  if (open < 0 || (open > 0 && after === undefined)) {
    fail('einsum: an operand has not as many dims as letters', {
      got: `operand ${place} of shape ${showShape(x.shape)} for '${text}'`,
      needs: after === undefined ? `${named} dims` : `at least ${named} dims`,
      fix:
        open > 0 ? "name every dim, or write '...' for those that are not named" : 'leave out a letter, or add a dim',
    });
  }
  return [...before, ...ellipsisLabels(open), ...(after ?? '')];
}

function ellipsisLabels(count: number): string[] {
  return Array.from({ length: count }, (_, i) => `...${count - i}`);
}

/** The size under each label. A size of one gives way to another, but not to one of the same operand. */
function sizesOf(inputs: readonly (readonly string[])[], operands: readonly Tensor[]): Map<string, number> {
  const sizes = new Map<string, number>();
  inputs.forEach((labels, i) => {
    const { shape } = operands[i];
    labels.forEach((label, d) => {
      const first = labels.indexOf(label);
      if (shape[first] !== shape[d])
        failOnSizes(label, shape[first], shape[d], `dims ${first} and ${d} of operand ${i}`);
      const known = sizes.get(label) ?? 1;
      if (known !== 1 && shape[d] !== 1 && known !== shape[d]) {
        const other = inputs.findIndex((others, k) => operands[k].shape[others.indexOf(label)] === known);
        failOnSizes(label, known, shape[d], `operand ${other} and operand ${i}`);
      }
      if (shape[d] !== 1 || known === 1) sizes.set(label, shape[d]);
    });
  });
  return sizes;
}

function failOnSizes(label: string, size: number, other: number, where: string): never {
  const what = label.startsWith('...') ? `dim ${-Number(label.slice(3))} of '...'` : `'${label}'`;
  return fail(`einsum: the sizes of ${what} differ`, {
    got: `${size} and ${other}, in ${where}`,
    needs: 'one size under one letter',
    fix: 'use another letter for another dim, or check the order of the letters',
  });
}

function outputOf(text: string | undefined, inputs: readonly (readonly string[])[], equation: string): string[] {
  const all = inputs.flat();
  const open = ellipsisLabels(all.filter((label, i) => label.startsWith('...') && all.indexOf(label) === i).length);
  if (text === undefined) {
    const once = all.filter((label) => !label.startsWith('...') && all.indexOf(label) === all.lastIndexOf(label));
    return [...open, ...once.sort()];
  }
  const [before, after] = text.split('...');
  const output = [...before, ...(after === undefined ? [] : open), ...(after ?? '')];
  const wrong = output.find((label, i) => !all.includes(label) || output.indexOf(label) < i);
  if (wrong !== undefined) {
    fail(`einsum: the result cannot have '${wrong}'${all.includes(wrong) ? ' twice' : ''}`, {
      got: `'${text}' in '${equation}'`,
      needs: `letters of the operands, each at most once: ${[...new Set(all)].filter((label) => !label.startsWith('...')).join('')}`,
      fix: all.includes(wrong) ? 'use diag(…) to put entries on a diagonal' : 'check the letter; expand adds a dim',
    });
  }
  return output;
}
