import { statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { UsageError } from './read-arguments.ts';
import { stackOf } from './stack-of.ts';

const TYPESCRIPT = /\.[cm]?tsx?$/;

/** A file throws, or imports what is not there; the message tells where. */
export class LoadError extends Error {}

/** What a file exports, by name. */
export async function loadModule(file: string): Promise<Readonly<Record<string, unknown>>> {
  const path = resolve(file);
  const found = statSync(path, { throwIfNoEntry: false });
  if (found === undefined) throw new UsageError(`no file ${file}`);
  if (found.isDirectory()) throw new UsageError(`${file} is a folder: name its files, ${join(file, '*.ts')}`);
  if (TYPESCRIPT.test(path) && !loadsTypeScript()) await useTsx(file);
  try {
    return await import(pathToFileURL(path).href);
  } catch (error) {
    throw new LoadError(`${file} cannot be loaded\n${stackOf(error)}`);
  }
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
