import { tensor } from '@gradtape/autograd';
import { Resvg } from '@resvg/resvg-js';
import fc from 'fast-check';
import { DOMParser } from 'linkedom';
import { expect, test } from 'vitest';
import { imageGrid } from './image-grid.ts';
import type { Picture } from './picture.ts';

function parse({ svg }: Picture): Element {
  return new DOMParser().parseFromString(svg, 'image/svg+xml').documentElement as unknown as Element;
}

/** Left, top, width and height of each image, within its frame. */
function framesOf(picture: Picture): [number, number, number, number][] {
  return [...parse(picture).querySelectorAll('[aria-label="image"] rect')].map((frame) => {
    const [x, y, width, height] = ['x', 'y', 'width', 'height'].map((name) => Number(frame.getAttribute(name)));
    return [(x as number) + 0.5, (y as number) + 0.5, (width as number) - 1, (height as number) - 1];
  });
}

/** The red, green and blue of the middle of each pixel of the first image, as drawn. */
function drawnPixels(picture: Picture, rows: number, columns: number): [number, number, number][] {
  const rendered = new Resvg(picture.svg).render();
  const bytes = rendered.pixels;
  const [left, top, width, height] = framesOf(picture)[0] as [number, number, number, number];
  const below = Number(parse(picture).querySelector('svg')?.getAttribute('y'));
  return Array.from({ length: rows * columns }, (_, i) => {
    const x = Math.floor(left + (((i % columns) + 0.5) * width) / columns);
    const y = Math.floor(below + top + ((Math.floor(i / columns) + 0.5) * height) / rows);
    const at = 4 * (y * rendered.width + x);
    return [bytes[at], bytes[at + 1], bytes[at + 2]] as [number, number, number];
  });
}

test('every pixel is drawn in its place and in its grey', () => {
  const size = fc.integer({ min: 1, max: 7 });
  const image = fc.tuple(size, size).chain(([rows, columns]) =>
    fc.array(fc.array(fc.integer({ min: 0, max: 255 }), { minLength: columns, maxLength: columns }), {
      minLength: rows,
      maxLength: rows,
    }),
  );
  fc.assert(
    fc.property(image, (rows) => {
      const picture = imageGrid([rows], { range: [0, 255] });
      expect(drawnPixels(picture, rows.length, (rows[0] as number[]).length)).toEqual(
        rows.flat().map((level) => [level, level, level]),
      );
    }),
    { numRuns: 40 },
  );
});

test('values beyond the range are clipped, values that are not finite are orange', () => {
  const picture = imageGrid([[[-1, 0, 1, 2, Number.NaN]]], { range: [0, 1] });
  expect(drawnPixels(picture, 1, 5)).toEqual([
    [0, 0, 0],
    [0, 0, 0],
    [255, 255, 255],
    [255, 255, 255],
    [213, 94, 0],
  ]);
  expect(picture.svg).toContain('Not finite (orange): 1');
  expect(picture.svg).not.toContain('Black is');
});

test('a range that is found is told; one of a single value is black', () => {
  expect(imageGrid([[[-1, 3]]]).svg).toContain('Black is −1, white is 3');
  expect(drawnPixels(imageGrid([[[5, 5]]]), 1, 2)).toEqual([
    [0, 0, 0],
    [0, 0, 0],
  ]);
});

test('the range is that of all images together', () => {
  expect(drawnPixels(imageGrid([[[0]], [[2]], [[1]]]), 1, 1)).toEqual([[0, 0, 0]]);
  expect(drawnPixels(imageGrid([[[1]], [[2]], [[0]]]), 1, 1)).toEqual([[128, 128, 128]]);
});

test('images stand in rows, from left to right', () => {
  const frames = framesOf(
    imageGrid(
      Array.from({ length: 5 }, () => [[1]]),
      { columns: 2 },
    ),
  );
  const lefts = frames.map(([left]) => left);
  const tops = frames.map(([, top]) => top);
  expect(lefts).toEqual([lefts[0], lefts[1], lefts[0], lefts[1], lefts[0]]);
  expect(lefts[1]).toBeGreaterThan(lefts[0] as number);
  expect(tops).toEqual([tops[0], tops[0], tops[2], tops[2], tops[4]]);
  expect(tops[2]).toBeGreaterThan(tops[0] as number);
  expect(tops[4]).toBeGreaterThan(tops[2] as number);
});

test('without columns, a grid is about square', () => {
  const columns = (count: number): number =>
    new Set(framesOf(imageGrid(Array.from({ length: count }, () => [[1]]))).map(([left]) => left)).size;
  expect([1, 2, 4, 5, 10].map(columns)).toEqual([1, 2, 2, 3, 4]);
});

test('pixels are whole', () => {
  expect(framesOf(imageGrid([[[1, 2]]], { pixelSize: 5 }))[0]).toEqual([16, 1, 10, 5]);
  expect(framesOf(imageGrid(tensor(new Array(784).fill(0)).reshape([1, 28, 28])))[0]?.slice(2)).toEqual([112, 112]);
  expect(framesOf(imageGrid([[new Array(500).fill(0)]]))[0]?.slice(2)).toEqual([500, 1]);
});

test('each image has its caption, below it and in its middle', () => {
  const picture = imageGrid([[[1]], [[2]]], { captions: ['4 → 9 (87 %)', 'two\nlines'] });
  const captions = [...parse(picture).querySelectorAll('[aria-label="images"] text')];
  expect(captions.map((caption) => caption.textContent)).toEqual(['4 → 9 (87 %)', 'two', 'lines']);
  const frames = framesOf(picture);
  const middles = frames.map(([left, , width]) => left + width / 2);
  for (const [i, frame] of [0, 1, 1].entries()) {
    expect(Number(captions[i]?.getAttribute('x'))).toBeCloseTo(middles[frame] as number, -0.5);
    expect(Number(captions[i]?.getAttribute('y'))).toBeGreaterThan((frames[0]?.[1] ?? 0) + (frames[0]?.[3] ?? 0));
  }
});

test('a tensor and nested arrays are the same images', () => {
  const images = [
    [
      [1, 2],
      [3, 4],
    ],
  ];
  expect(imageGrid(tensor(images)).svg).toBe(imageGrid(images).svg);
});

test('an empty grid is told', () => {
  expect(() => imageGrid([])).toThrowErrorMatchingInlineSnapshot(`
    [GradtapeError: imageGrid: there is nothing to draw
      got:   shape [0, 0, 0]
      needs: at least one image of at least one pixel
      fix:   pass values of shape [images, height, width]]
  `);
  expect(() => imageGrid([[[]]])).toThrow('there is nothing to draw');
});

test('a missing dim is told', () => {
  expect(() => imageGrid(tensor([[1, 2]]))).toThrowErrorMatchingInlineSnapshot(`
    [GradtapeError: imageGrid: the data has 2 dims instead of 3
      got:   shape [1, 2]
      needs: shape [images, height, width]
      fix:   reshape it, or pass nested arrays]
  `);
});

test('captions that are missing are told', () => {
  expect(() => imageGrid([[[1]], [[2]]], { captions: ['one'] })).toThrowErrorMatchingInlineSnapshot(`
    [GradtapeError: imageGrid: there are not as many captions as images
      got:   1 captions for 2 images
      needs: one caption for each image, or no captions
      fix:   write '' for an image without a caption]
  `);
});

test.each([{ columns: 0 }, { columns: 1.5 }, { pixelSize: -1 }, { pixelSize: Number.NaN }])('%o is told', (options) => {
  expect(() => imageGrid([[[1]]], options)).toThrow(`imageGrid: ${Object.keys(options)[0]} is not a count`);
});

test('a range without extent is told', () => {
  expect(() => imageGrid([[[1]]], { range: [1, 1] })).toThrowErrorMatchingInlineSnapshot(`
    [GradtapeError: imageGrid: the range has no extent
      got:   [1, 1]
      needs: the value drawn black, then a greater one drawn white
      fix:   leave range out to take the lowest and the highest value]
  `);
});
