import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { Picture } from './picture.ts';

const svg = '<svg xmlns="http://www.w3.org/2000/svg" width="30" height="20"><text y="15">ab</text></svg>';
const picture = new Picture(svg, 30, 20);
let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'picture-'));
});
afterAll(() => rm(folder, { recursive: true }));

/** Width and height as the header of a PNG file has them. */
function sizeOf(png: Uint8Array): [number, number] {
  expect(Array.from(png.subarray(0, 8))).toEqual([137, 80, 78, 71, 13, 10, 26, 10]);
  const view = new DataView(png.buffer, png.byteOffset);
  return [view.getUint32(16), view.getUint32(20)];
}

test('a PNG has the size of the picture times the scale', () => {
  expect(sizeOf(picture.png())).toEqual([60, 40]);
  expect(sizeOf(picture.png(1))).toEqual([30, 20]);
  expect(sizeOf(picture.png(3))).toEqual([90, 60]);
});

test('text is drawn: the font is found', () => {
  const empty = new Picture(svg.replace('ab', ''), 30, 20);
  expect(picture.png().length).toBeGreaterThan(empty.png().length + 50);
});

test.each([0, -1, Number.NaN, Number.POSITIVE_INFINITY])('a scale of %s is refused', (scale) => {
  expect(() => picture.png(scale)).toThrow(`got:   scale ${scale}`);
});

test('the message for a wrong scale', () => {
  expect(() => picture.png(0)).toThrowErrorMatchingInlineSnapshot(`
    [GradtapeError: png: the scale is not positive
      got:   scale 0
      needs: image pixels for each CSS pixel, a positive number
      fix:   use 1 for the size of the SVG, 2 for sharp text]
  `);
});

test('a path without extension is saved as SVG and PNG, in new folders', async () => {
  const path = join(folder, 'new', 'loss-0.1');
  expect(await picture.save(path)).toEqual([`${path}.svg`, `${path}.png`]);
  expect(await readFile(`${path}.svg`, 'utf8')).toBe(svg);
  expect(new Uint8Array(await readFile(`${path}.png`))).toEqual(picture.png());
});

test.each(['svg', 'png'])('a path that ends with .%s is saved as that only', async (extension) => {
  const path = join(folder, extension, `loss.${extension}`);
  expect(await picture.save(path)).toEqual([path]);
  expect(await readdir(join(folder, extension))).toEqual([`loss.${extension}`]);
});
