import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { languages } from './cells.ts';
import { coursePage, pageNames } from './course-page.ts';
import { documentsTable } from './documents-table.ts';
import { home, writeIfChanged } from './places.ts';

/** The pages that are made of the notebooks: where each lies, and what it should say. */
export async function pages(): Promise<ReadonlyMap<string, string>> {
  const course = languages.map((language) => [join(home, pageNames[language]), coursePage(language)] as const);
  const { page } = await documentsTable();
  return new Map([...course, [fileURLToPath(new URL('../../docs/documents.md', import.meta.url)), page]]);
}

/** Writes those that say something else; their paths. */
export async function writePages(): Promise<string[]> {
  const changed: string[] = [];
  for (const [path, text] of await pages()) if (await writeIfChanged(path, text)) changed.push(path);
  return changed;
}
