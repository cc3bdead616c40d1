import fs from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { readFile, writeFile } from './files.ts';

let folder: string;
let file: string;
beforeEach(async () => {
  folder = await fs.mkdtemp(join(tmpdir(), 'files-'));
  file = join(folder, 'state');
  await writeFile('save', file, Uint8Array.of(1, 1, 1));
});
afterEach(async () => {
  vi.restoreAllMocks();
  await fs.rm(folder, { recursive: true });
});

/** The methods of all open files. */
async function openFiles(): Promise<fs.FileHandle> {
  const handle = await fs.open(file);
  await handle.close();
  return Object.getPrototypeOf(handle) as fs.FileHandle;
}

const content = async (): Promise<number[]> => [...(await readFile('load', file))];

test('the new bytes are on the disk before they take the place of the old, and then their name is', async () => {
  const shared = await openFiles();
  const steps: string[] = [];
  const { open, rename } = fs;
  vi.spyOn(fs, 'open').mockImplementation((path, ...others) => {
    steps.push(path === folder ? 'open the folder' : 'open a file');
    return open(path, ...others);
  });
  vi.spyOn(fs, 'rename').mockImplementation((from, to) => {
    steps.push('rename');
    return rename(from, to);
  });
  const { writeFile: write, sync } = shared;
  vi.spyOn(shared, 'writeFile').mockImplementation(function (this: fs.FileHandle, bytes) {
    steps.push('write');
    return write.call(this, bytes);
  });
  vi.spyOn(shared, 'sync').mockImplementation(function (this: fs.FileHandle) {
    steps.push('sync');
    return sync.call(this);
  });
  await writeFile('save', file, Uint8Array.of(2));
  expect(steps).toEqual(['open a file', 'write', 'sync', 'rename', 'open the folder', 'sync']);
  expect(await content()).toEqual([2]);
});

test.each(['open', 'write', 'sync', 'rename'])(
  'if it fails to %s, the old bytes stay, and nothing else',
  async (step) => {
    const shared = await openFiles();
    const full = Object.assign(new Error('no space left on device'), { code: 'ENOSPC' });
    if (step === 'open') vi.spyOn(fs, 'open').mockRejectedValueOnce(full);
    if (step === 'write') vi.spyOn(shared, 'writeFile').mockRejectedValueOnce(full);
    if (step === 'sync') vi.spyOn(shared, 'sync').mockRejectedValueOnce(full);
    if (step === 'rename') vi.spyOn(fs, 'rename').mockRejectedValueOnce(full);
    await expect(writeFile('save', file, Uint8Array.of(2))).rejects.toThrow('no space left on device');
    expect(await content()).toEqual([1, 1, 1]);
    expect(await fs.readdir(folder)).toEqual(['state']);
  },
);

test('a folder that cannot be opened or synced, as on some platforms, is no failure', async () => {
  const { open } = fs;
  vi.spyOn(fs, 'open').mockImplementation((path, ...others) =>
    path === folder ? Promise.reject(new Error('EISDIR')) : open(path, ...others),
  );
  await writeFile('save', file, Uint8Array.of(3));
  expect(await content()).toEqual([3]);
});

test('of several that are written at the same time, the last one stays', async () => {
  const writings = Array.from({ length: 20 }, (_, i) =>
    writeFile('save', file, new Uint8Array(20_000 * (20 - i)).fill(i)),
  );
  await Promise.all(writings);
  expect(await content()).toEqual(new Array(20_000).fill(19));
  expect(await fs.readdir(folder)).toEqual(['state']);
});

test('one that fails does not keep the next from being written', async () => {
  vi.spyOn(fs, 'rename').mockRejectedValueOnce(new Error('busy'));
  const first = writeFile('save', file, Uint8Array.of(4));
  const second = writeFile('save', file, Uint8Array.of(5));
  await expect(first).rejects.toThrow('busy');
  await second;
  expect(await content()).toEqual([5]);
});

test('where there are no files, it is told', async () => {
  vi.spyOn(process, 'getBuiltinModule').mockReturnValue(undefined as never);
  await expect(readFile('loadNpy', 'x.npy')).rejects.toThrowErrorMatchingInlineSnapshot(`
    [GradtapeError: loadNpy: there are no files here
      got:   a platform without Node modules
      needs: Node or Deno
      fix:   in a page, fetch bytes and give them to the function that begins with read; take bytes from the one with write]
  `);
  await expect(writeFile('saveNpy', 'x.npy', new Uint8Array())).rejects.toThrow('saveNpy: there are no files here');
});
