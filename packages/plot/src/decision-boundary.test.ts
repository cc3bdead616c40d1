import { Tensor, tensor } from '@gradtape/autograd';
import { DOMParser } from 'linkedom';
import { expect, test } from 'vitest';
import { decisionBoundary } from './decision-boundary.ts';
import type { Classify } from './field.ts';
import type { Picture } from './picture.ts';
import { palette } from './style.ts';

function parse({ svg }: Picture): Element {
  return new DOMParser().parseFromString(svg, 'image/svg+xml').documentElement as unknown as Element;
}

/** Answers by a formula of x and y. */
const by =
  (answer: (x: number, y: number) => number): Classify =>
  (points, n) =>
    Float64Array.from({ length: n }, (_, i) => answer(points[2 * i] as number, points[2 * i + 1] as number));

const square = [
  [0, 0],
  [4, 0],
  [0, 2],
  [4, 2],
];

interface Corner {
  readonly x: number;
  readonly y: number;
}

function cornersOf(path: Element): Corner[] {
  return [...(path.getAttribute('d') ?? '').matchAll(/([-\d.]+),([-\d.]+)/g)].map(([, x, y]) => ({
    x: Number(x),
    y: Number(y),
  }));
}

/** Where the axes end, in pixels. */
function frameOf(picture: Picture): { left: number; right: number; top: number; bottom: number } {
  const frame = parse(picture).querySelector('[aria-label="margins"] path:last-child')?.getAttribute('d') ?? '';
  const [, left, top, right, bottom] = /^M([\d.]+),([\d.]+)H([\d.]+)V([\d.]+)/.exec(frame) as RegExpExecArray;
  return { left: Number(left), right: Number(right), top: Number(top), bottom: Number(bottom) };
}

/** The corners of the boundary line that are in sight. */
function boundaryOf(picture: Picture): Corner[] {
  const line = [...parse(picture).querySelectorAll('[aria-label="contour"]')][1] as Element;
  const { left, right, top, bottom } = frameOf(picture);
  return [...line.querySelectorAll('path')]
    .flatMap(cornersOf)
    .filter(({ x, y }) => x > left && x < right && y > top && y < bottom);
}

/** The bands of colour from the lowest answer to the highest. */
function bandsOf(picture: Picture): Element[] {
  return [...(parse(picture).querySelector('[aria-label="contour"]') as Element).querySelectorAll('path')];
}

function textsOf(picture: Picture, selector: string): (string | null)[] {
  return [...parse(picture).querySelectorAll(selector)].map((text) => text.textContent);
}

test('the classifier is asked once, at points that cover all given ones', () => {
  const asked: [Float64Array, number][] = [];
  const classify: Classify = (points, n) => {
    asked.push([points, n]);
    return new Float64Array(n);
  };
  decisionBoundary(classify, square, [0, 1, 0, 1], { resolution: 10 });
  expect(asked).toHaveLength(1);
  const [points, n] = asked[0] as [Float64Array, number];
  expect(n).toBe(144);
  expect(points).toHaveLength(2 * n);
  const xs = points.filter((_, i) => i % 2 === 0);
  const ys = points.filter((_, i) => i % 2 === 1);
  expect([Math.min(...xs) < 0, Math.max(...xs) > 4, Math.min(...ys) < 0, Math.max(...ys) > 2]).toEqual(
    new Array(4).fill(true),
  );
  expect(Math.min(...xs)).toBeGreaterThan(-2);
  expect(Math.max(...ys)).toBeLessThan(3);
});

test('the boundary lies where the answer crosses the threshold, right way round', () => {
  // Class 1 from x = 1 on: a quarter of the way between the points at 0 and 4.
  const picture = decisionBoundary(
    by((x) => 0.5 + (x - 1) / 10),
    square,
    [0, 1, 0, 1],
  );
  const dots = [...parse(picture).querySelectorAll('[aria-label="dot"]')].flatMap((group) =>
    [...group.querySelectorAll('circle, path')].map(
      (dot) => dot.getAttribute('cx') ?? /translate\(([\d.]+)/.exec(dot.getAttribute('transform') ?? '')?.[1],
    ),
  );
  const [left, right] = [Math.min(...dots.map(Number)), Math.max(...dots.map(Number))];
  const line = boundaryOf(picture);
  expect(line.length).toBeGreaterThan(50);
  for (const { x } of line) expect((x - left) / (right - left)).toBeCloseTo(0.25, 2);
});

test('y grows upwards', () => {
  const picture = decisionBoundary(
    by((_, y) => 0.5 + (y - 0.5) / 10),
    square,
    [0, 1, 0, 1],
  );
  const { top, bottom } = frameOf(picture);
  const line = boundaryOf(picture);
  expect(line.length).toBeGreaterThan(50);
  for (const { y } of line) expect(y).toBeGreaterThan((top + bottom) / 2);
  const highest = bandsOf(picture).at(-1) as Element;
  expect(Math.max(...cornersOf(highest).map(({ y }) => y))).toBeLessThan((line[0] as Corner).y);
});

test('no line is drawn where the field ends', () => {
  expect(
    boundaryOf(
      decisionBoundary(
        by(() => 1),
        square,
        [0, 1, 0, 1],
      ),
    ),
  ).toEqual([]);
  expect(
    boundaryOf(
      decisionBoundary(
        by(() => 0),
        square,
        [0, 1, 0, 1],
      ),
    ),
  ).toEqual([]);
});

test('bands are of the one class below the threshold, of the other above', () => {
  const bands = bandsOf(
    decisionBoundary(
      by((x) => x / 4),
      square,
      [0, 1, 0, 1],
    ),
  ).map((band) => (band.getAttribute('fill') as string).slice(1));
  expect(bands).toHaveLength(10);
  const redderThanBlue = bands.map(
    (colour) => Number.parseInt(colour.slice(0, 2), 16) > Number.parseInt(colour.slice(4), 16),
  );
  expect(redderThanBlue).toEqual([...new Array(5).fill(false), ...new Array(5).fill(true)]);
});

test('scores of any size have bands as far as they go from their threshold', () => {
  // With some room around the points x goes from -0.48 to 4.48, so the steepest fifth above begins near 3.8.
  const picture = decisionBoundary(
    by((x) => 1000 * (x - 1)),
    square,
    [0, 1, 0, 1],
    { threshold: 0 },
  );
  const { left, right } = frameOf(picture);
  const start = Math.min(...cornersOf(bandsOf(picture).at(-1) as Element).map(({ x }) => x));
  expect((start - left) / (right - left)).toBeCloseTo((3.8 + 0.48) / 4.96, 1);
  expect(textsOf(picture, '[aria-label="key entry"] text')).toContain('boundary (0)');
});

test('each class has its points, its colour, its shape and its name', () => {
  const picture = decisionBoundary(
    by(() => 0),
    [...square, [1, 1]],
    [0, 1, 2, 2, 2],
    { classNames: ['a', 'b', 'c'] },
  );
  const groups = [...parse(picture).querySelectorAll('[aria-label="dot"]')];
  expect(groups.map((group) => group.querySelectorAll('circle, path').length)).toEqual([1, 1, 3]);
  expect(groups.map((group) => group.getAttribute('fill'))).toEqual(palette.slice(0, 3));
  expect(new Set(groups.map((group) => group.querySelector('path')?.getAttribute('d'))).size).toBe(3);
  expect(textsOf(picture, '[aria-label="key entry"] text')).toEqual(['a', 'b', 'c', 'boundary (0.5)']);
});

test('without names, the classes that occur are named by their index', () => {
  const picture = decisionBoundary(
    by(() => 0),
    square,
    [3, 1, 3, 1],
  );
  expect(textsOf(picture, '[aria-label="key entry"] text')).toEqual(['class 1', 'class 3', 'boundary (0.5)']);
});

test.each([
  ['no point', [], []],
  ['one point', [[2, 3]], [1]],
  [
    'points on a line',
    [
      [1, 5],
      [2, 5],
    ],
    [0, 1],
  ],
])('%s: there are axes with ticks', (_name, points: number[][], classes: number[]) => {
  const picture = decisionBoundary(
    by((x) => x),
    points,
    classes,
  );
  expect(textsOf(picture, '[aria-label="x-axis tick label"] text').length).toBeGreaterThan(1);
  expect(textsOf(picture, '[aria-label="y-axis tick label"] text').length).toBeGreaterThan(1);
});

test('answers that are not finite are left white, and counted in a note', () => {
  const picture = decisionBoundary(
    by((x) => (x > 2 ? Number.NaN : 0.2)),
    square,
    [0, 1, 0, 1],
    { resolution: 10 },
  );
  const { left, right } = frameOf(picture);
  const filled = bandsOf(picture).flatMap(cornersOf);
  expect(Math.max(...filled.map(({ x }) => x))).toBeLessThan(left + 0.6 * (right - left));
  expect(textsOf(picture, 'text')).toContain('No finite answer (white): 72 of 144 points');
});

test('tensors in, tensors out', () => {
  const answer: Classify = (points, n) =>
    tensor(points)
      .reshape([n, 2])
      .mul(tensor([1, 0], { dtype: 'float64' }))
      .sum(1);
  expect(answer(new Float64Array(4), 2)).toBeInstanceOf(Tensor);
  const picture = decisionBoundary(answer, tensor(square), tensor([0, 1, 0, 1]));
  expect(picture.svg).toBe(
    decisionBoundary(
      by((x) => x),
      square,
      [0, 1, 0, 1],
    ).svg,
  );
});

test('classes that are missing are told', () => {
  expect(() =>
    decisionBoundary(
      by(() => 0),
      square,
      [0, 1],
    ),
  ).toThrowErrorMatchingInlineSnapshot(`
    [GradtapeError: decisionBoundary: there are not as many classes as points
      got:   2 classes for 4 points
      needs: the class of each point
      fix:   pass one whole number for each point]
  `);
});

test('points that are not in the plane are told', () => {
  expect(() =>
    decisionBoundary(
      by(() => 0),
      [[1, 2, 3]],
      [0],
    ),
  ).toThrowErrorMatchingInlineSnapshot(`
    [GradtapeError: decisionBoundary: the points are not in the plane
      got:   shape [1, 3]
      needs: shape [points, 2]: x and y of each point
      fix:   choose two features to draw]
  `);
});

test.each([
  [[[1, Number.NaN]], [0]],
  [[[Number.POSITIVE_INFINITY, 0]], [0]],
  [[[0, 0]], [-1]],
  [[[0, 0]], [0.5]],
])('the point %j of class %j is told', (points, classes) => {
  expect(() =>
    decisionBoundary(
      by(() => 0),
      points,
      classes,
    ),
  ).toThrow('a point cannot be drawn');
});

test('the message for a point that cannot be drawn', () => {
  expect(() =>
    decisionBoundary(
      by(() => 0),
      [
        [1, 2],
        [0, 0],
      ],
      [0, 0.5],
    ),
  ).toThrowErrorMatchingInlineSnapshot(`
    [GradtapeError: decisionBoundary: a point cannot be drawn
      got:   x 0, y 0, class 0.5 at 1
      needs: finite coordinates, and a class that is a whole number from 0
      fix:   leave out such points; pass class indices, not one-hot rows]
  `);
});

test('a class without a name is told', () => {
  expect(() =>
    decisionBoundary(
      by(() => 0),
      square,
      [0, 1, 2, 1],
      { classNames: ['a', 'b'] },
    ),
  ).toThrowErrorMatchingInlineSnapshot(`
    [GradtapeError: decisionBoundary: a class has no name
      got:   2 names, and a point of class 2
      needs: a name for each class from 0
      fix:   add names to classNames, or leave it out]
  `);
});

test('a classifier that answers for other than its points is told', () => {
  const probabilities: Classify = (_, n) => new Float64Array(2 * n);
  expect(() =>
    decisionBoundary(probabilities, square, [0, 1, 0, 1], { resolution: 10 }),
  ).toThrowErrorMatchingInlineSnapshot(`
    [GradtapeError: decisionBoundary: classify returned another number of answers
      got:   288 answers for 144 points
      needs: one number for each point: the probability of class 1, or a score
      fix:   return one column of the output, such as the probability of class 1]
  `);
});

test('a resolution that is no count is told', () => {
  expect(() =>
    decisionBoundary(
      by(() => 0),
      [],
      [],
      { resolution: 1 },
    ),
  ).toThrowErrorMatchingInlineSnapshot(`
    [GradtapeError: decisionBoundary: the resolution is not a count
      got:   1
      needs: a whole number from 2
      fix:   leave it out for 120]
  `);
});
