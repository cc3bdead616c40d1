import { GradtapeError } from '@gradtape/autograd';
import * as Plot from '@observablehq/plot';
import { drawAxes, isOnAxis, numericAxis, type ScaleType, withRoundEnds } from './axis.ts';
import { drawFigure, type Heading } from './figure.ts';
import { drawKeyEntry, type KeyEntry, keyEntryWidth } from './key.ts';
import type { Picture } from './picture.ts';
import { spreadApart } from './spread-apart.ts';
import { colourOf, dashOf } from './style.ts';
import { svgElement } from './svg.ts';
import { formatCount } from './text.ts';
import { type Numbers, readBlock } from './values.ts';

/** Points (x, y), joined in the order given. Without `x` the values stand at 0, 1, 2, … */
export interface Curve {
  readonly x?: Numbers;
  readonly y: Numbers;
  /** How far values go down and up at each point, such as the least and the greatest over seeds: a pale band. */
  readonly band?: { readonly low: Numbers; readonly high: Numbers };
}

export interface LineChartOptions extends Heading {
  readonly xLabel?: string;
  readonly yLabel?: string;
  /** Default 'linear'. On a 'log' axis, values that are not positive are gaps. */
  readonly xScale?: ScaleType;
  /** Default 'linear'. On a 'log' axis, values that are not positive are gaps. */
  readonly yScale?: ScaleType;
  /** Of the drawing without heading and notes, in pixels. Default 640. */
  readonly width?: number;
  /** Of the drawing without heading and notes, in pixels. Default 380. */
  readonly height?: number;
}

interface Point {
  readonly x: number;
  readonly y: number;
}

interface Stretch {
  readonly x: number;
  readonly low: number;
  readonly high: number;
}

/** A curve ready to be drawn; a gap is a point of two NaN. */
interface Line {
  readonly key: KeyEntry;
  readonly points: readonly Point[];
  /** Of the band, where there is one. */
  readonly stretches: readonly Stretch[];
  readonly gaps: number;
}

const gapToNames = 10;
const nameHeight = 18;

/**
 * Curves over a common axis, such as the loss of every epoch. Values that are not finite are gaps, counted in a note.
 * The names stand at the ends of their curves where there is room (by default for eight), else below the title.
 *
 * @param series - by name: a list of values, or `{ x, y }`, with a band around it or not.
 * @throws GradtapeError if a series has not as many x as y, or as many ends of its band, or has more than one dim.
 * @example
 * const picture = lineChart(
 *   { training: [2.3, 0.9, 0.4], test: { x: [0, 2], y: [2.3, 0.6] } },
 *   { title: 'Loss', xLabel: 'epoch', yLabel: 'cross-entropy', yScale: 'log' },
 * );
 * picture.svg.startsWith('<svg'); // true
 */
export function lineChart(series: Readonly<Record<string, Numbers | Curve>>, options: LineChartOptions = {}): Picture {
  const { xScale = 'linear', yScale = 'linear', width = 640, height = 380, xLabel, yLabel } = options;
  const lines = Object.entries(series).map(([name, data], index) => readLine(name, data, index, xScale, yScale));
  const xs = lines.flatMap(({ points, stretches }) => [...points, ...stretches].map(({ x }) => x));
  const ys = lines.flatMap(({ points, stretches }) => [
    ...points.map((point) => point.y),
    ...stretches.flatMap(({ low, high }) => [low, high]),
  ]);
  const x = numericAxis(xScale, xs, xLabel);
  const y = withRoundEnds(numericAxis(yScale, ys, yLabel));
  const keys = lines.map((line) => line.key);
  const namesWidth = Math.max(0, ...keys.map(keyEntryWidth));
  const namesAtEnds = nameHeight * lines.length < 0.4 * height && namesWidth < width / 3;
  const { axes, grid, margins } = drawAxes(x, y, width, namesAtEnds ? gapToNames + namesWidth : 0);
  return drawFigure({
    heading: options,
    key: namesAtEnds ? [] : keys,
    notes: gapNotes(lines, xScale, yScale),
    width,
    height,
    plot: {
      ...margins,
      x: x.scale,
      y: y.scale,
      marks: [grid, axes, lines.map(drawBand), lines.map(drawLine), namesAtEnds ? drawNames(lines) : []],
    },
  });
}

function readLine(name: string, data: Numbers | Curve, index: number, xScale: ScaleType, yScale: ScaleType): Line {
  const curve: Curve = 'y' in data ? data : { y: data };
  const read = (values: Numbers): ArrayLike<number> =>
    readBlock(`lineChart: series '${name}'`, values, ['points']).values;
  const y = read(curve.y);
  const x = curve.x === undefined ? Array.from(y, (_, i) => i) : read(curve.x);
  checkLength(name, 'x', x, y);
  const band = curve.band === undefined ? undefined : { low: read(curve.band.low), high: read(curve.band.high) };
  if (band !== undefined) for (const end of ['low', 'high'] as const) checkLength(name, end, band[end], y);
  const points = Array.from(x, (at, i) => {
    const value = y[i] as number;
    return isOnAxis(at, xScale) && isOnAxis(value, yScale) ? { x: at, y: value } : gap;
  });
  const stretches = Array.from(x, (at, i): Stretch => {
    const [low, high] = [band?.low[i] ?? Number.NaN, band?.high[i] ?? Number.NaN];
    return { x: at, low, high };
  }).filter(({ x, low, high }) => isOnAxis(x, xScale) && isOnAxis(low, yScale) && isOnAxis(high, yScale));
  const key: KeyEntry = { name, sample: 'line', colour: colourOf(index), dash: dashOf(index) };
  return { key, points, stretches, gaps: points.filter((point) => point === gap).length };
}

function checkLength(name: string, what: string, values: ArrayLike<number>, y: ArrayLike<number>): void {
  if (values.length === y.length) return;
  throw new GradtapeError(`lineChart: series '${name}' has not as many ${what} as y`, {
    got: `${values.length} ${what} and ${y.length} y`,
    needs: `one ${what} for each y`,
    fix: 'pass lists of one length, or leave x out to count from 0',
  });
}

const gap: Point = { x: Number.NaN, y: Number.NaN };

function gapNotes(lines: readonly Line[], xScale: ScaleType, yScale: ScaleType): string[] {
  const gappy = lines.filter((line) => line.gaps > 0);
  if (gappy.length === 0) return [];
  const reason = xScale === 'log' || yScale === 'log' ? 'not finite, or not positive on a log axis' : 'not finite';
  const counts = gappy.map((line) => `${formatCount(line.gaps)} in ${line.key.name}`);
  return [`Gaps (${reason}): ${counts.join(', ')}`];
}

function drawBand({ key, stretches }: Line): Plot.Markish {
  return Plot.areaY(stretches, { x: 'x', y1: 'low', y2: 'high', fill: key.colour, fillOpacity: 0.18 });
}

function drawLine({ key, points }: Line): Plot.Markish {
  const alone = points.filter((point, i) => point !== gap && isGap(points[i - 1]) && isGap(points[i + 1]));
  const stroke = { x: 'x', y: 'y', stroke: key.colour, strokeWidth: 2 };
  return [
    Plot.line(points, key.dash === undefined ? stroke : { ...stroke, strokeDasharray: key.dash }),
    // A line through a single point has no length.
    Plot.dot(alone, { x: 'x', y: 'y', fill: key.colour, r: 3 }),
  ];
}

function isGap(point: Point | undefined): boolean {
  return point === undefined || point === gap;
}

/** The names right of the plot, each as near to the end of its curve as the others allow. */
function drawNames(lines: readonly Line[]): Plot.Markish {
  return (_index, scales, _values, { width, height, marginTop, marginRight, marginBottom }) => {
    const ends = lines.map(({ points }) => points.findLast((point) => point !== gap));
    const heights = ends.map((end) => (end === undefined ? marginTop : (scales.y?.(end.y) as number)));
    const spread = spreadApart(heights, nameHeight, marginTop, height - marginBottom);
    const names = lines.map(({ key }, i) => drawKeyEntry(key, width - marginRight + gapToNames, spread[i] as number));
    return svgElement('g', { 'aria-label': 'names' }, names);
  };
}
