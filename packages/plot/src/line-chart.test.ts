import { tensor } from '@gradtape/autograd';
import { DOMParser } from 'linkedom';
import { expect, test } from 'vitest';
import { lineChart } from './line-chart.ts';
import type { Picture } from './picture.ts';
import { palette } from './style.ts';

function parse({ svg }: Picture): Element {
  return new DOMParser().parseFromString(svg, 'image/svg+xml').documentElement as unknown as Element;
}

/** The points of each curve in pixels, as segments between gaps. */
function curvesOf(picture: Picture): number[][][][] {
  return [...parse(picture).querySelectorAll('[aria-label="line"] path')].map((path) =>
    (path.getAttribute('d') as string)
      .split('M')
      .slice(1)
      .map((segment) =>
        segment
          .split(/[LZ]/)
          .filter(Boolean)
          .map((point) => point.split(',').map(Number)),
      ),
  );
}

function textsOf(picture: Picture, selector: string): (string | null)[] {
  return [...parse(picture).querySelectorAll(selector)].map((text) => text.textContent);
}

test('a curve goes through its points: x rightwards, y upwards, to scale', () => {
  const [[curve]] = curvesOf(lineChart({ loss: { x: [0, 1, 4], y: [0, 2, 1] } })) as [[number[][]]];
  const [[x0, y0], [x1, y1], [x2, y2]] = curve as [[number, number], [number, number], [number, number]];
  expect((x2 - x0) / (x1 - x0)).toBeCloseTo(4, 1);
  expect(y0 - y1).toBeGreaterThan(100);
  expect((y0 - y1) / (y0 - y2)).toBeCloseTo(2, 1);
});

test('without x, values stand at 0, 1, 2, …', () => {
  expect(lineChart({ loss: [3, 1, 2] }).svg).toBe(lineChart({ loss: { x: [0, 1, 2], y: [3, 1, 2] } }).svg);
});

test('arrays, typed arrays and tensors are the same curve', () => {
  const picture = lineChart({ loss: [3, 1, 2] });
  expect(lineChart({ loss: Float32Array.of(3, 1, 2) }).svg).toBe(picture.svg);
  expect(lineChart({ loss: tensor([3, 1, 2]) }).svg).toBe(picture.svg);
  expect(lineChart({ loss: { x: tensor([0, 1, 2]), y: tensor([3, 1, 2]) } }).svg).toBe(picture.svg);
});

test('a log axis has equal steps for equal factors', () => {
  const [[curve]] = curvesOf(lineChart({ loss: [100, 10, 1] }, { yScale: 'log' })) as [[number[][]]];
  const [y0, y1, y2] = curve.map((point) => point[1]) as [number, number, number];
  expect(y1 - y0).toBeCloseTo(y2 - y1, 1);
});

test('what is not finite is a gap; a point alone is a dot; a note counts', () => {
  const picture = lineChart({ a: [1, 2, Number.NaN, 3, Number.POSITIVE_INFINITY, 4, 5], b: [1, 2] });
  const [a] = curvesOf(picture) as [number[][][]];
  expect(a.map((segment) => segment.length)).toEqual([2, 1, 2]);
  expect(parse(picture).querySelectorAll('[aria-label="dot"] circle')).toHaveLength(1);
  expect(textsOf(picture, 'text')).toContain('Gaps (not finite): 2 in a');
});

test('on a log axis, what is not positive is a gap', () => {
  const picture = lineChart({ a: [1, 0, 2, -1] }, { yScale: 'log' });
  expect(textsOf(picture, 'text')).toContain('Gaps (not finite, or not positive on a log axis): 2 in a');
});

test('without gaps there is no note', () => {
  expect(lineChart({ a: [1, 2] }).svg).not.toContain('Gaps');
});

test('one series has one colour, for its curve and beside its name', () => {
  const colours = (selector: string): (string | null)[] =>
    [...parse(lineChart({ a: [1, 2], b: [3, 1], c: [2, 2] })).querySelectorAll(selector)].map((element) =>
      element.getAttribute('stroke'),
    );
  expect(colours('[aria-label="line"]')).toEqual(palette.slice(0, 3));
  expect(colours('[aria-label="key entry"] path')).toEqual(palette.slice(0, 3));
});

test('a few names stand at the ends of their curves, from top to bottom as these end', () => {
  const picture = parse(lineChart({ low: [0, 0], high: [0, 9], middle: [0, 5] }));
  const height = Object.fromEntries(
    [...picture.querySelectorAll('[aria-label="names"] text')].map((text) => [
      text.textContent,
      Number(text.getAttribute('y')),
    ]),
  );
  expect(height.high).toBeLessThan(height.middle as number);
  expect(height.middle).toBeLessThan(height.low as number);
});

test.each([
  [8, 'ends'],
  [9, 'rows'],
])('the names of %i series stand at the %s', (count, place) => {
  const picture = lineChart(Object.fromEntries(Array.from({ length: count }, (_, i) => [`s${i}`, [1, 2]])));
  expect(textsOf(picture, '[aria-label="names"] text')).toHaveLength(place === 'ends' ? count : 0);
  expect(textsOf(picture, '[aria-label="key entry"] text')).toHaveLength(count);
});

test.each([
  ['no series', {}],
  ['an empty series', { a: [] }],
  ['a single point', { a: [3] }],
  ['a constant', { a: [0.5, 0.5] }],
  ['nothing finite', { a: [Number.NaN, Number.NaN] }],
])('%s: there are axes with ticks', (_name, series: Record<string, number[]>) => {
  const picture = lineChart(series);
  expect(textsOf(picture, '[aria-label="x-axis tick label"] text').length).toBeGreaterThan(1);
  expect(textsOf(picture, '[aria-label="y-axis tick label"] text').length).toBeGreaterThan(1);
});

test('axes have their labels', () => {
  const picture = lineChart({ a: [1, 2] }, { xLabel: 'epoch', yLabel: 'loss' });
  expect(textsOf(picture, '[aria-label="x-axis label"] text')).toEqual(['epoch']);
  expect(textsOf(picture, '[aria-label="y-axis label"] text')).toEqual(['↑ loss']);
});

test('lists of unequal length are told', () => {
  expect(() => lineChart({ loss: { x: [0, 1, 2], y: [1, 2] } })).toThrowErrorMatchingInlineSnapshot(`
    [GradtapeError: lineChart: series 'loss' has not as many x as y
      got:   3 x and 2 y
      needs: one x for each y
      fix:   pass lists of one length, or leave x out to count from 0]
  `);
});

test('a series with two dims is told', () => {
  expect(() => lineChart({ loss: tensor([[1, 2]]) })).toThrowErrorMatchingInlineSnapshot(`
    [GradtapeError: lineChart: series 'loss': the data has 2 dims instead of 1
      got:   shape [1, 2]
      needs: shape [points]
      fix:   reshape it, or pass nested arrays]
  `);
});

test('a band lies behind its curve, and the axis has room for it', () => {
  const picture = lineChart({ loss: { y: [2, 1], band: { low: [1, 0.5], high: [9, 2] } } });
  const band = parse(picture).querySelector('[aria-label="area"] path') as Element;
  const [low0, low1, high1, high0] = ['low', 'low', 'high', 'high'].map((_, k) => {
    const points = (band.getAttribute('d') as string).split(/[MLZ]/).filter(Boolean);
    return points.map((point) => Number(point.split(',')[1]))[k] as number;
  }) as [number, number, number, number];
  expect(Math.abs(low0 - high0)).toBeGreaterThan(5 * Math.abs(low1 - high1));
  expect(Math.min(low0, high0)).toBeGreaterThanOrEqual(0);
  const [[curve]] = curvesOf(picture) as [[[number, number][]]];
  const [[, y0]] = curve as [[number, number]];
  expect([Math.min(low0, high0) < y0, y0 < Math.max(low0, high0)]).toEqual([true, true]);
});

test('a band of another length than its curve is refused; what is not finite is left out', () => {
  expect(() => lineChart({ loss: { y: [2, 1], band: { low: [1], high: [3, 2] } } })).toThrow('not as many low as y');
  const picture = lineChart({ loss: { y: [2, 1, 1], band: { low: [1, Number.NaN, 1], high: [3, 2, 2] } } });
  expect(picture.svg).not.toContain('NaN');
});
