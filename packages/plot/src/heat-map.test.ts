import fc from 'fast-check';
import { DOMParser } from 'linkedom';
import { expect, test } from 'vitest';
import { type HeatMapOptions, heatMap } from './heat-map.ts';
import { toOklab } from './oklab.ts';

function cellsOf(values: readonly number[][], options: HeatMapOptions = {}): { colours: string[]; texts: string[] } {
  const svg = new DOMParser().parseFromString(heatMap(values, options).svg, 'image/svg+xml');
  const of = (selector: string): Element[] => [...svg.querySelectorAll(selector)] as unknown as Element[];
  return {
    colours: of('[aria-label="cell"] rect').map((rect) => rect.getAttribute('fill') ?? ''),
    texts: of('[aria-label="text"] text').map((text) => text.textContent ?? ''),
  };
}

const lightness = (colour: string | undefined): number => toOklab(colour ?? '').lightness;

test('the larger a value, the darker its cell, on either scale', () => {
  const positive = fc.double({ min: 1e-6, max: 1e6, noNaN: true });
  fc.assert(
    fc.property(
      fc.array(positive, { minLength: 2, maxLength: 6 }),
      fc.constantFrom('linear', 'log'),
      (row, colourScale) => {
        const { colours } = cellsOf([row], { colourScale });
        for (const [i, a] of row.entries()) {
          for (const [j, b] of row.entries()) {
            if (a <= b) expect(lightness(colours[i])).toBeGreaterThanOrEqual(lightness(colours[j]) - 0.01);
          }
        }
      },
    ),
    { numRuns: 30 },
  );
});

test('values whose logarithms are the same have one colour', () => {
  const [low, high] = [1.0000000000000014e-6, 1.0000000000000016e-6];
  const { colours } = cellsOf([[low, high]], { colourScale: 'log' });
  expect(colours[0]).toBe(colours[1]);
});

test('values of both signs are colours on both sides of white', () => {
  const { colours } = cellsOf([[-2, 0, 1]]);
  expect(colours[0]).toBe('#d55e00');
  expect(colours[1]).toBe('#ffffff');
  expect(lightness(colours[2])).toBeGreaterThan(lightness('#0072b2'));
  expect(toOklab(colours[2] as string).b).toBeLessThan(0);
});

test('numbers stand in the cells, unless they are too many or unwanted', () => {
  expect(cellsOf([[0.12345, 1e-9]]).texts).toEqual(['0.123', '1e−9']);
  expect(cellsOf([[0.5]], { format: (value) => `${100 * value} %` }).texts).toEqual(['50 %']);
  expect(cellsOf([[1]], { format: false }).texts).toEqual([]);
  expect(cellsOf([Array(30).fill(1)]).texts).toEqual([]);
});

test('what is not finite, or not positive on a log scale, is orange', () => {
  expect(cellsOf([[Number.NaN, 1, Infinity]]).colours[0]).toBe('#d55e00');
  expect(cellsOf([[0, 1, 10]], { colourScale: 'log' }).colours[0]).toBe('#d55e00');
});

test('what cannot be drawn is told', () => {
  expect(() => heatMap([])).toThrowErrorMatchingInlineSnapshot(`
    [GradtapeError: heatMap: there is nothing to draw
      got:   shape [0, 0]
      needs: shape [rows, columns], at least one of each
      fix:   check where the values come from]
  `);
  expect(() => heatMap([[1, 2]], { columnNames: ['a'] })).toThrowErrorMatchingInlineSnapshot(`
    [GradtapeError: heatMap: there are not as many names as columns
      got:   1 names for 2 columns
      needs: one name for each column
      fix:   pass columnNames in their order, or leave it out]
  `);
  expect(() => heatMap([[1, 2]], { range: [2, 1] })).toThrowErrorMatchingInlineSnapshot(`
    [GradtapeError: picture: not a range of values for colours
      got:   range [2, 1] on a linear scale
      needs: finite numbers, the lower one first
      fix:   leave range out for the lowest and the highest value]
  `);
  expect(() => heatMap([[1, 2]], { colourScale: 'log', range: [0, 1] })).toThrow('both above 0');
});
