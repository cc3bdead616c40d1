import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Box } from './boxes.ts';
import { svgOf } from './svg.ts';

/** Graphs whose boxes take from one, two or three boxes before them, or from none. */
const graphs = fc
  .array(
    fc.tuple(
      fc.constantFrom('mul', 'sum', 'broadcastTo', 'binaryCrossEntropy'),
      fc.array(fc.constantFrom('[2, 3]', 'a line that is longer'), { maxLength: 3 }),
      fc.array(fc.nat(), { maxLength: 3 }),
    ),
    { minLength: 2, maxLength: 25 },
  )
  .map((boxes) =>
    boxes.map(
      ([title, lines, from], id): Box => ({
        id,
        title,
        lines,
        hint: '',
        isRound: id % 2 === 0,
        color: '#888888',
        from: id === 0 ? [] : from.map((choice) => choice % id),
      }),
    ),
  );

interface Rectangle {
  readonly [side: string]: number;
}

function boxesOf(svg: string): readonly Rectangle[] {
  const rects = svg.matchAll(/<rect x="([\d.-]+)" y="([\d.-]+)" width="([\d.]+)" height="([\d.]+)"/g);
  return [...rects].map(([, ...numbers]) => {
    const [x, y, width, height] = numbers.map(Number);
    return { left: x, right: x + width, top: y, bottom: y + height };
  });
}

type Point = readonly [x: number, y: number];

/** Points on the curves and lines of a path. */
function pointsOf(path: string): readonly Point[] {
  const points: Point[] = [];
  for (const [, command, text] of path.matchAll(/([MCV])([^MCV]*)/g)) {
    const numbers = text.trim().split(' ').map(Number);
    const [x, y] = points.at(-1) ?? [0, 0];
    for (let t = 0.05; t <= 1; t += 0.05) {
      if (command === 'M') points.push([numbers[0], numbers[1]]);
      else if (command === 'V') points.push([x, y + t * (numbers[0] - y)]);
      else
        points.push([
          bezier(t, x, numbers[0], numbers[2], numbers[4]),
          bezier(t, y, numbers[1], numbers[3], numbers[5]),
        ]);
    }
  }
  return points;
}

function bezier(t: number, a: number, b: number, c: number, d: number): number {
  const s = 1 - t;
  return s ** 3 * a + 3 * s * s * t * b + 3 * s * t * t * c + t ** 3 * d;
}

test('no arrow runs through a box', () => {
  fc.assert(
    fc.property(graphs, (drawn) => {
      const svg = svgOf(drawn, 'a graph');
      const boxes = boxesOf(svg);
      for (const [, path] of svg.matchAll(/<path d="([^"]*)" fill="none"/g)) {
        for (const [x, y] of pointsOf(path)) {
          const inside = boxes.find(
            (box) => x > box.left && x < box.right && y > box.top + 0.5 && y < box.bottom - 0.5,
          );
          expect(inside).toBeUndefined();
        }
      }
    }),
  );
});
