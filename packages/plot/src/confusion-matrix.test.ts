import { tensor } from '@gradtape/autograd';
import fc from 'fast-check';
import { DOMParser } from 'linkedom';
import { expect, test } from 'vitest';
import { confusionMatrix } from './confusion-matrix.ts';
import type { Picture } from './picture.ts';

function parse({ svg }: Picture): Element {
  return new DOMParser().parseFromString(svg, 'image/svg+xml').documentElement as unknown as Element;
}

interface DrawnCell {
  readonly x: number;
  readonly y: number;
  /** From 0 (black) to 255 (white). */
  readonly red: number;
  readonly text: string | null;
}

/** The cells in the order of reading. */
function cellsOf(picture: Picture): DrawnCell[] {
  const texts = [...parse(picture).querySelectorAll('[aria-label="text"] text')];
  return [...parse(picture).querySelectorAll('[aria-label="cell"] rect')]
    .map((rect, i) => ({
      x: Number(rect.getAttribute('x')),
      y: Number(rect.getAttribute('y')),
      red: Number.parseInt(rect.getAttribute('fill')?.slice(1, 3) ?? '', 16),
      text: texts[i]?.textContent ?? null,
    }))
    .sort((a, b) => a.y - b.y || a.x - b.x);
}

function ticksOf(picture: Picture, axis: 'x' | 'y'): (string | null)[] {
  return [...parse(picture).querySelectorAll(`[aria-label="${axis}-axis tick label"] text`)].map(
    (tick) => tick.textContent,
  );
}

test('rows are true classes from the top, columns predicted ones from the left', () => {
  const picture = confusionMatrix(
    [
      [1, 2, 3],
      [4, 5, 6],
      [7, 8, 1234],
    ],
    { classNames: ['a', 'b', 'c'] },
  );
  expect(cellsOf(picture).map((cell) => cell.text)).toEqual(['1', '2', '3', '4', '5', '6', '7', '8', '1,234']);
  expect(ticksOf(picture, 'x')).toEqual(['a', 'b', 'c']);
  expect(ticksOf(picture, 'y')).toEqual(['a', 'b', 'c']);
  expect(parse(picture).querySelector('[aria-label="x-axis label"]')?.textContent).toBe('predicted class');
  expect(parse(picture).querySelector('[aria-label="y-axis label"]')?.textContent).toBe('true class');
});

test('the larger the share of its row, the darker a cell; rows of any size compare', () => {
  const row = fc.array(fc.nat(1000), { minLength: 4, maxLength: 4 });
  fc.assert(
    fc.property(fc.array(row, { minLength: 4, maxLength: 4 }), (counts) => {
      const cells = cellsOf(confusionMatrix(counts));
      const shares = counts.flatMap((row) => {
        const total = row.reduce((sum, count) => sum + count, 0);
        return row.map((count) => (total === 0 ? 0 : count / total));
      });
      for (const [i, a] of shares.entries()) {
        for (const [j, b] of shares.entries()) {
          if (a <= b) expect((cells[i] as DrawnCell).red).toBeGreaterThanOrEqual((cells[j] as DrawnCell).red);
          if (a + 0.02 < b) expect((cells[i] as DrawnCell).red).toBeGreaterThan((cells[j] as DrawnCell).red);
        }
      }
    }),
    { numRuns: 30 },
  );
});

test('a cell that is all of its row has the full colour, however small the row', () => {
  const cells = cellsOf(
    confusionMatrix([
      [1, 0],
      [0, 1000],
    ]),
  );
  expect(cells.map((cell) => cell.red === 0)).toEqual([true, false, false, true]);
});

test('the subtitle tells the accuracy, rounded down, unless another is given', () => {
  const subtitle = (counts: number[][], given?: string): string | null | undefined =>
    parse(confusionMatrix(counts, given === undefined ? {} : { subtitle: given })).querySelector('text')?.textContent;
  expect(
    subtitle([
      [9, 1],
      [2, 8],
    ]),
  ).toBe('accuracy 85.00 % of 20');
  expect(
    subtitle([
      [99999, 1],
      [0, 0],
    ]),
  ).toBe('accuracy 99.99 % of 100,000');
  expect(
    subtitle([
      [3, 0],
      [0, 4],
    ]),
  ).toBe('accuracy 100.00 % of 7');
  expect(
    subtitle([
      [0, 0],
      [0, 0],
    ]),
  ).toBe('no predictions');
  expect(
    subtitle(
      [
        [1, 0],
        [0, 1],
      ],
      'after 3 epochs',
    ),
  ).toBe('after 3 epochs');
});

test('class names may be equal, and are 0, 1, … when not given', () => {
  const picture = confusionMatrix(
    [
      [1, 2],
      [3, 4],
    ],
    { classNames: ['same', 'same'] },
  );
  expect(ticksOf(picture, 'x')).toEqual(['same', 'same']);
  expect(new Set(cellsOf(picture).map((cell) => `${cell.x} ${cell.y}`)).size).toBe(4);
  expect(
    ticksOf(
      confusionMatrix([
        [1, 2],
        [3, 4],
      ]),
      'y',
    ),
  ).toEqual(['0', '1']);
});

test('a tensor and nested arrays are the same matrix', () => {
  expect(
    confusionMatrix(
      tensor([
        [1, 2],
        [3, 4],
      ]),
    ).svg,
  ).toBe(
    confusionMatrix([
      [1, 2],
      [3, 4],
    ]).svg,
  );
});

test('a hundred classes are drawn', () => {
  const counts = Array.from({ length: 100 }, (_, i) => Array.from({ length: 100 }, (_, j) => Number(i === j)));
  expect(cellsOf(confusionMatrix(counts))).toHaveLength(10000);
});

test('counts that are not square are told', () => {
  expect(() =>
    confusionMatrix([
      [1, 2, 3],
      [4, 5, 6],
    ]),
  ).toThrowErrorMatchingInlineSnapshot(`
    [GradtapeError: confusionMatrix: the counts are not square
      got:   shape [2, 3]
      needs: one row (true) and one column (predicted) for each class
      fix:   count into a [classes, classes] array, also the classes that never occur]
  `);
  expect(() => confusionMatrix([])).toThrow('the counts are empty');
});

test('what is no count is told', () => {
  expect(() =>
    confusionMatrix([
      [1, 0],
      [0.5, 1],
    ]),
  ).toThrowErrorMatchingInlineSnapshot(`
    [GradtapeError: confusionMatrix: an entry is not a count
      got:   0.5 at [1, 0]
      needs: whole numbers from 0
      fix:   pass counts; shares of the row are computed here]
  `);
  expect(() =>
    confusionMatrix([
      [1, -1],
      [0, 1],
    ]),
  ).toThrow('-1 at [0, 1]');
  expect(() =>
    confusionMatrix([
      [1, Number.NaN],
      [0, 1],
    ]),
  ).toThrow('NaN at [0, 1]');
});

test('names that are missing are told', () => {
  expect(() =>
    confusionMatrix(
      [
        [1, 2],
        [3, 4],
      ],
      { classNames: ['one'] },
    ),
  ).toThrowErrorMatchingInlineSnapshot(`
    [GradtapeError: confusionMatrix: there are not as many names as classes
      got:   1 names for 2 classes
      needs: one name for each class
      fix:   pass classNames in the order of the rows, or leave it out]
  `);
});
