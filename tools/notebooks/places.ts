import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Language } from './cells.ts';

/** The folder of the notebooks. */
export const home: string = fileURLToPath(new URL('../../examples/notebooks', import.meta.url));

export function sourcePath(file: string): string {
  return join(home, 'source', `${file}.ts`);
}

export function notebookPath(file: string, language: Language): string {
  return join(home, language, `${file}.ipynb`);
}

/** Writes a file, unless it says the same already; whether it did. */
export async function writeIfChanged(path: string, text: string): Promise<boolean> {
  const before = await readFile(path, 'utf8').catch(() => undefined);
  if (before === text) return false;
  await writeFile(path, text);
  return true;
}
