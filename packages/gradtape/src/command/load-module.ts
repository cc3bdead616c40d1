import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { UsageError } from './read-arguments.ts';

const TYPESCRIPT = /\.[cm]?tsx?$/;

/** What a file exports, by name. */
export async function loadModule(file: string): Promise<Readonly<Record<string, unknown>>> {
  const path = resolve(file);
  if (!existsSync(path)) throw new UsageError(`no file ${file}`);
  if (TYPESCRIPT.test(path) && !loadsTypeScript()) await useTsx(file);
  return import(pathToFileURL(path).href);
}

/** Whether this Node loads TypeScript itself. */
function loadsTypeScript(): boolean {
  return 'typescript' in process.features && process.features.typescript !== false;
}

/** Has Node load TypeScript through tsx from now on. */
async function useTsx(file: string): Promise<void> {
  let register: () => unknown;
  try {
    ({ register } = await import('tsx/esm/api'));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ERR_MODULE_NOT_FOUND') throw error;
    throw new UsageError(
      `${file} is TypeScript, which Node ${process.versions.node} does not load: add tsx to your project (npm install --save-dev tsx), or use Node 22.18 or newer`,
    );
  }
  register();
}
