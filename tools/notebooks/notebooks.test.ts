import { readFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { describe, expect, test } from 'vitest';
import { lessons } from '../../examples/notebooks/course.ts';
import { type Cell, cellsOf, languages } from './cells.ts';
import { claimsIn } from './claims.ts';
import { documentsTable } from './documents-table.ts';
import { execute } from './execute.ts';
import type { Output } from './kernel.ts';
import { type NotebookFile, notebookOf } from './notebook-file.ts';
import { pages } from './pages.ts';
import { notebookPath, sourcePath } from './places.ts';

const FIVE_MINUTES = 300_000;

async function cellsOfLesson(file: string): Promise<Cell[]> {
  return cellsOf(await readFile(sourcePath(file), 'utf8'), file);
}

describe.each(lessons)('$file', ({ file }) => {
  test.each(languages)('the notebook in %s says what the source says', async (language) => {
    const written = JSON.parse(await readFile(notebookPath(file, language), 'utf8')) as NotebookFile;
    const expected = notebookOf(await cellsOfLesson(file), language, []);
    const sources = ({ cells }: NotebookFile): string[] => cells.map(({ source }) => source.join(''));
    expect(sources(written)).toEqual(sources(expected));
    const outputs = written.cells.flatMap((cell) => (cell.cell_type === 'code' ? [cell.outputs as Output[]] : []));
    expect(outputs.every((shown) => shown.every(({ output_type }) => output_type !== 'error'))).toBe(true);
  });

  test(
    'runs in the short setting, and its claims hold',
    async () => {
      const folder = dirname(notebookPath(file, 'en'));
      const outputs = await execute(await cellsOfLesson(file), folder, { NOTEBOOKS: 'short' });
      expect(claimsIn(outputs).length).toBeGreaterThan(0);
    },
    FIVE_MINUTES,
  );
});

test('everything that the notes state is shown', async () => {
  const { missing } = await documentsTable();
  expect(missing).toEqual([]);
});

test('the pages that are made of notebooks are up to date', async () => {
  for (const [path, text] of await pages()) expect(await readFile(path, 'utf8'), path).toBe(text);
});
