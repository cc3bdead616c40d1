import { DOMParser } from 'linkedom';
import { expect, test } from 'vitest';
import { type LandscapeOptions, landscape } from './landscape.ts';

const bowl = (points: Float64Array, n: number): number[] =>
  Array.from({ length: n }, (_, i) => (points[2 * i] as number) ** 2 + (points[2 * i + 1] as number) ** 2);
const view = { x: [-1, 1], y: [-1, 1], resolution: 30 } as const;

function drawn(options: Partial<LandscapeOptions>): (selector: string) => Element[] {
  const svg = new DOMParser().parseFromString(landscape(bowl, { ...view, ...options }).svg, 'image/svg+xml');
  return (selector) => [...svg.querySelectorAll(selector)] as unknown as Element[];
}

test('there are as many lines of equal height as levels', () => {
  expect(drawn({ levels: 7 })('[aria-label="contour"] path')).toHaveLength(7);
  expect(drawn({ levels: 9, heightScale: 'log' })('[aria-label="contour"] path')).toHaveLength(9);
});

test('a path has a line, its steps and an end; what lies outside is left out', () => {
  const all = drawn({ paths: { way: [[0, 0], [0.5, 0], [4, 0]] } }); // biome-ignore format: three points
  const dots = all('[aria-label="dot"]').map((group) => group.querySelectorAll('circle').length);
  expect(dots).toEqual([2, 1]);
  expect(all('[aria-label="line"] path')).toHaveLength(2);
});

test('arrows and marks are drawn where they are', () => {
  const all = drawn({ arrows: [[0, 0, 0.5, 0.5]], marks: [[0, 0], [1, 1]] }); // biome-ignore format: two points
  expect(all('[aria-label="arrow"] path')).toHaveLength(1);
  expect(all('[aria-label="marks"] path')).toHaveLength(2);
});

test('what cannot be drawn is told', () => {
  expect(() => landscape(bowl, { ...view, x: [1, 1] })).toThrowErrorMatchingInlineSnapshot(`
    [GradtapeError: landscape: not a range
      got:   [1, 1]
      needs: finite numbers, the lower one first
      fix:   pass what of the plane is to be shown, as x: [low, high], y: [low, high]]
  `);
  expect(() => landscape(bowl, { ...view, levels: 0 })).toThrowErrorMatchingInlineSnapshot(`
    [GradtapeError: landscape: levels is not a count
      got:   0
      needs: a whole number from 1
      fix:   leave it out for the usual one]
  `);
  expect(() => landscape(() => [1], view)).toThrowErrorMatchingInlineSnapshot(`
    [GradtapeError: landscape: the function returned another number of answers
      got:   1 answers for 1024 points
      needs: one number for each point: its height
      fix:   return all heights in one list]
  `);
  expect(() => landscape(bowl, { ...view, paths: { way: [[1, 2, 3]] } })).toThrowErrorMatchingInlineSnapshot(`
    [GradtapeError: landscape: path 'way': another number of columns
      got:   shape [1, 3]
      needs: x and y of each point
      fix:   choose the two coordinates that are drawn]
  `);
});
