import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { Check, Precision } from '../../packages/nn/src/sensitivity/checks/check.ts';
import { checks } from '../../packages/nn/src/sensitivity/checks/index.ts';
import { rules } from '../../packages/nn/src/sensitivity/rules.ts';
import { root } from '../workspace/packages.ts';
import { type Errors, errorsOf, rulesTable, showError, tableFile } from './table.ts';

const written = readFileSync(join(root, tableFile), 'utf8');

/** The last two cells of a row. */
const figures = / \| ((?:0|\de-\d+)?) \| ((?:0|\de-\d+)?) \|$/gm;
const withoutFigures = (page: string): string => page.replace(figures, ' |');

/** Errors below this differ from one processor or version of JavaScript to the next. */
const roundoff: Readonly<Record<Precision, number>> = { float64: 2 ** -53, float32: 2 ** -24 };

/** Whether two figures say the same: no more than ten times apart, the one on another machine than the other. */
function alike(a: string, b: string, precision: Precision): boolean {
  if (a === '' || b === '') return a === b;
  const [x, y] = [a, b].map((figure) => Math.max(Number(figure), roundoff[precision]));
  return x <= 10 * y && y <= 10 * x;
}

describe(`${tableFile} is up to date (if not: pnpm rules-table)`, () => {
  const all = Object.values(checks).flat();
  const nothing = (): Errors => new Map();

  test('in what the rules say', () => {
    expect(withoutFigures(written)).toBe(withoutFigures(rulesTable(nothing)));
  });

  test('and in how far they are off', () => {
    const rows = [...written.matchAll(figures)];
    expect(rows).toHaveLength(all.length);
    all.forEach((check: Check, i) => {
      const errors = errorsOf(check);
      (['float64', 'float32'] as const).forEach((precision, column) => {
        const [said, measured] = [rows[i][column + 1], showError(errors.get(precision))];
        expect(alike(said, measured, precision), `${check.rule.name}, ${precision}: ${said}, now ${measured}`).toBe(
          true,
        );
      });
    });
  });

  test('with a row for every rule', () => {
    for (const name of rules.keys()) expect(written).toContain(`| [${name}](`);
  });
});

test('figures are alike within a factor of ten above the rounding of numbers', () => {
  expect(alike('2e-15', '9e-15', 'float64')).toBe(true);
  expect(alike('2e-15', '9e-14', 'float64')).toBe(false);
  expect(alike('0', '1e-7', 'float32')).toBe(true);
  expect(alike('0', '1e-7', 'float64')).toBe(false);
  expect(alike('', '0', 'float32')).toBe(false);
});
