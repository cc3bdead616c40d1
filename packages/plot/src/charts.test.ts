// What holds for every picture, whatever it shows.
import { createRequire } from 'node:module';
import { Resvg } from '@resvg/resvg-js';
import fc from 'fast-check';
import { DOMParser } from 'linkedom';
import { describe, expect, test } from 'vitest';
import {
  confusionMatrix,
  decisionBoundary,
  type Heading,
  heatMap,
  histogram,
  histogramsOverTime,
  imageGrid,
  landscape,
  lineChart,
  networkDiagram,
  type Picture,
} from './index.ts';

const require = createRequire(import.meta.url);
const fontFiles = ['DejaVuSans', 'DejaVuSans-Bold'].map((name) => require.resolve(`dejavu-fonts-ttf/ttf/${name}.ttf`));
const font = { fontFiles, loadSystemFonts: false, defaultFontFamily: 'DejaVu Sans' };

const hill = (points: Float64Array, n: number): number[] =>
  Array.from({ length: n }, (_, i) => 1 / (1 + Math.hypot(points[2 * i] as number, points[2 * i + 1] as number)));

/** Every picture, with one text in all places that take any, and some numbers. */
const charts: Record<string, (text: string, numbers: readonly number[], heading?: Heading) => Picture> = {
  lineChart: (text, numbers, heading) =>
    lineChart({ [text]: numbers, other: [1, 2] }, { ...heading, xLabel: text, yLabel: text }),
  'lineChart, logarithmic': (text, numbers, heading) =>
    lineChart({ [text]: { x: numbers, y: numbers } }, { ...heading, xScale: 'log', yScale: 'log' }),
  'lineChart with a band': (text, numbers, heading) =>
    lineChart({ [text]: { y: numbers, band: { low: numbers, high: numbers.map((y) => 2 * y) } } }, heading),
  'lineChart of many': (text, numbers, heading) =>
    lineChart(Object.fromEntries(Array.from({ length: 12 }, (_, i) => [text + i, numbers])), heading),
  imageGrid: (text, numbers, heading) => imageGrid([[[0, ...numbers]]], { ...heading, captions: [text] }),
  confusionMatrix: (text, numbers, heading) =>
    confusionMatrix(
      [
        [Math.min(1e15, Math.floor(Math.abs(numbers[0] || 0))), 1],
        [0, 9],
      ],
      { ...heading, classNames: [text, 'other'] },
    ),
  decisionBoundary: (text, numbers, heading) =>
    decisionBoundary(
      (points, n) => hill(points, n).map((height) => height * (numbers[0] ?? 1)),
      [
        [0, 0],
        [1, 1],
      ],
      [0, 1],
      { ...heading, classNames: [text, 'other'], resolution: 20, xLabel: text },
    ),
  heatMap: (text, numbers, heading) =>
    heatMap(
      [
        [0, ...numbers],
        [1, ...numbers],
      ],
      { ...heading, rowNames: [text, 'other'], xLabel: text, yLabel: text },
    ),
  'heatMap of many, logarithmic': (text, numbers, heading) =>
    heatMap(
      Array.from({ length: 40 }, (_, i) => [i, ...numbers, ...Array(40).fill(1)]),
      { ...heading, colourScale: 'log', yLabel: text },
    ),
  landscape: (text, numbers, heading) =>
    landscape((points, n) => hill(points, n).map((height) => height * (numbers[0] ?? 1)), {
      ...heading,
      x: [-1, 1],
      y: [0, 2],
      paths: { [text]: numbers.map((value) => [value, 1]), other: [[0, 1]] },
      marks: [[0, 0]],
      arrows: [[0, 1, 0.2, 0.1]],
      resolution: 40,
      xLabel: text,
      yLabel: text,
    }),
  networkDiagram: (text, numbers, heading) =>
    networkDiagram([[numbers.length > 0 ? numbers : [1]], [[1], [2]]], {
      ...heading,
      biases: [[0], [numbers[0] ?? 0, 1]],
      values: [numbers.length > 0 ? numbers : [1], [1], [1, 2]],
      unitNames: [(numbers.length > 0 ? numbers : [1]).map(() => text), [text], [text, 'y']],
      layerNames: [text, text, text],
    }),
  histogramsOverTime: (text, numbers, heading) =>
    histogramsOverTime([numbers, [1, 2]], { ...heading, times: [text, 1], xLabel: text }),
  histogram: (text, numbers, heading) => histogram({ [text]: numbers, other: [] }, { ...heading, xLabel: text }),
};

/** Where something is drawn, also what the borders of the picture and of its parts would hide. */
function drawnBox({ svg, width, height }: Picture): { left: number; top: number; right: number; bottom: number } {
  const background = `<rect fill="#ffffff" height="${height}" width="${width}" />`;
  expect(svg).toContain(background);
  const visible = svg
    .replace(background, '')
    .replace(/<path fill-rule="evenodd" fill="#ffffff"[^>]*>/, '')
    .replace(/<svg (y="\d+")[^>]*>/, (_, y) => `<g transform="translate(0,${y.slice(3, -1)})" text-anchor="middle">`)
    .replace('</svg>', '</g>');
  const box = new Resvg(visible, { font }).getBBox();
  if (box === undefined) throw new Error('nothing is drawn');
  return { left: box.x, top: box.y, right: box.x + box.width, bottom: box.y + box.height };
}

const anyText = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.string({ unit: 'grapheme' }),
  fc.constantFrom('', 'a < b & "c" > \'d\' ]]>', 'W'.repeat(300), 'two words '.repeat(60), 'line\nbreak', '__proto__'),
);
const latinText = fc.string({
  unit: fc.constantFrom(...'abc WMijl.,%()0123 ÅÉß αβΓΩ ∂∇∑→₁²-–−\n'),
  maxLength: 200,
  size: 'max',
});
const anyNumbers = fc.array(fc.double(), { maxLength: 6 });
const usualNumbers = fc.array(
  fc.oneof(fc.double({ min: -1e30, max: 1e30, noNaN: true }), fc.integer({ min: -2000, max: 1e6 }), fc.double()),
  { maxLength: 6 },
);

describe.each(Object.entries(charts))('%s', (_name, draw) => {
  test('gives the same bytes each time', () => {
    const [first, second] = [draw('name', [1, 2]), draw('name', [1, 2])];
    expect(second.svg).toBe(first.svg);
    expect(second.png(1)).toEqual(first.png(1));
  });

  test('is well-formed XML that holds only numbers where numbers belong, for any text and numbers', () => {
    fc.assert(
      fc.property(anyText, anyNumbers, fc.option(anyText, { nil: undefined }), (text, numbers, title) => {
        const { svg } = draw(text, numbers, title === undefined ? {} : { title, subtitle: text });
        // resvg parses strictly.
        expect(() => new Resvg(svg, { font })).not.toThrow();
        expect(svg).not.toMatch(/="[^"]*(NaN|Infinity|undefined)/);
      }),
      { numRuns: 20 },
    );
  });

  test('cuts nothing off', () => {
    fc.assert(
      fc.property(latinText, usualNumbers, (text, numbers) => {
        const picture = draw(text, numbers, { title: text, subtitle: text });
        const { left, top, right, bottom } = drawnBox(picture);
        expect(left).toBeGreaterThanOrEqual(8);
        expect(top).toBeGreaterThanOrEqual(8);
        expect(right).toBeLessThanOrEqual(picture.width - 8);
        expect(bottom).toBeLessThanOrEqual(picture.height - 2);
      }),
      { numRuns: 20, endOnFailure: true },
    );
  });

  test('on dark paper it is the same drawing in other colours', () => {
    const picture = draw('name', [1, 2]);
    const dark = picture.inDark();
    const withoutColours = ({ svg }: Picture): string => svg.replaceAll(/#[0-9a-f]{6}/g, '#');
    expect(withoutColours(dark)).toBe(withoutColours(picture));
    expect(dark.svg).toContain('<rect fill="#111111"');
    expect(dark.svg).not.toBe(picture.svg);
  });

  test('has a title for those who see it and those who hear it', () => {
    const heading = { title: 'What it shows', subtitle: 'and how' };
    const svg = new DOMParser().parseFromString(draw('name', [1, 2], heading).svg, 'image/svg+xml').documentElement;
    expect(svg.getAttribute('role')).toBe('img');
    expect(svg.getAttribute('aria-label')).toBe('What it shows');
    const texts = [...svg.querySelectorAll('text')].map((text) => text.textContent);
    expect(texts.slice(0, 2)).toEqual(['What it shows', 'and how']);
  });
});

test.each([{ width: 50 }, { height: Number.NaN }, { height: 0 }, { width: Number.POSITIVE_INFINITY }])(
  'a size of %o is refused',
  (size) => {
    expect(() => lineChart({}, size)).toThrow('there is no room to draw');
    expect(() => histogram({}, size)).toThrow('there is no room to draw');
    expect(() => decisionBoundary(hill, [], [], size)).toThrow('there is no room to draw');
  },
);

test('the message for a size that is too small, and that the size it asks for is enough', () => {
  expect(() => histogram({}, { width: 50 })).toThrowErrorMatchingInlineSnapshot(`
    [GradtapeError: picture: there is no room to draw
      got:   width 50, height 340
      needs: pixels, at least 77 × 68 with the text around
      fix:   leave width and height out for the usual size]
  `);
  expect(() => histogram({}, { width: 77, height: 68 })).not.toThrow();
  expect(() => histogram({}, { width: 77, height: 67 })).toThrow('no room');
});
