import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { root } from '../workspace/packages.ts';
import { catches, lawsPage, pageFile } from './table.ts';

const caught = catches();
const page = lawsPage(caught);

test(`${pageFile} is up to date (if not: pnpm laws-table)`, () => {
  console.log(page.slice(page.indexOf('## The bestiary')));
  expect(readFileSync(join(root, pageFile), 'utf8')).toBe(page);
});

test('every mistake is caught, and there are enough of them', () => {
  expect(caught.size).toBeGreaterThanOrEqual(40);
  expect([...caught].filter(([, names]) => names.length === 0)).toEqual([]);
});

test('every law is stated', () => {
  expect(page).not.toMatch(/^\| \w+ \| {2}\|/m);
});
