import { GradtapeError } from '@gradtape/autograd';
import * as Plot from '@observablehq/plot';
import { drawAxes, numericAxis, type Range, type ScaleType } from './axis.ts';
import { clipPath, type Place } from './clip-path.ts';
import { type Field, hideMargins, sampleField } from './field.ts';
import { drawFigure, type Heading } from './figure.ts';
import type { KeyEntry } from './key.ts';
import type { Picture } from './picture.ts';
import { colourOf, dashOf, ink, paper, quietInk, tint } from './style.ts';
import { svgElement } from './svg.ts';
import { isDrawable, type Matrix, rangeOf, readBlock } from './values.ts';

export interface LandscapeOptions extends Heading {
  /** What of the plane is shown. */
  readonly x: Range;
  readonly y: Range;
  /** Ways through the plane by name, each of shape [points, 2]: where an optimizer went. */
  readonly paths?: Readonly<Record<string, Matrix>>;
  /** Points that are marked with a cross, shape [points, 2]: minima. */
  readonly marks?: Matrix;
  /** Arrows: where each starts and how far it goes, shape [arrows, 4] (x, y, Δx, Δy): gradients. */
  readonly arrows?: Matrix;
  /** How heights become lines: evenly, or each a multiple of the one below. Default 'linear'. */
  readonly heightScale?: ScaleType;
  /** How many lines of equal height. Default 14. */
  readonly levels?: number;
  /** Points of the grid along each side. Default 120. */
  readonly resolution?: number;
  readonly xLabel?: string;
  readonly yLabel?: string;
  /** Of the drawing without heading and key, in pixels. Default 560. */
  readonly width?: number;
  /** Of the drawing without heading and key, in pixels. Default 460. */
  readonly height?: number;
}

/** The height at each of `n` points of shape [n, 2] in row-major order: x, y, x, y, … */
export type Height = (points: Float64Array, n: number) => ArrayLike<number>;

/**
 * A function of the plane by its lines of equal height, the higher the darker, with paths, arrows and points on it: an
 * error surface and the descent, a narrow valley and how optimizers go through it.
 *
 * @param heightOf - called once, with all points of the grid.
 * @throws GradtapeError if a range is none, `heightOf` returns another number of heights than it got points, or a path or
 * arrow has not as many columns as it needs.
 * @example
 * const bowl = (p: Float64Array, n: number) => Array.from({ length: n }, (_, i) => p[2 * i]! ** 2 + 9 * p[2 * i + 1]! ** 2);
 * const picture = landscape(bowl, { x: [-2, 2], y: [-1, 1], paths: { SGD: [[-1.5, 0.8], [-1.2, -0.6], [-1, 0.4]] } });
 * picture.svg.includes('SGD'); // true
 */
export function landscape(heightOf: Height, options: LandscapeOptions): Picture {
  const { width = 560, height = 460, heightScale = 'linear', resolution = 120, levels = 14 } = options;
  checkOptions(options, levels, resolution);
  const field = sampleField(heightOf, options.x, options.y, resolution, 'landscape');
  const paths = Object.entries(options.paths ?? {}).map(([name, points], index) =>
    readPath(name, points, index, options),
  );
  const marks = rowsOf('landscape: marks', options.marks ?? [], 2);
  const arrows = rowsOf('landscape: arrows', options.arrows ?? [], 4);
  const x = numericAxis('linear', options.x, options.xLabel);
  const y = numericAxis('linear', options.y, options.yLabel);
  const { axes, margins } = drawAxes(x, y, width);
  return drawFigure({
    heading: options,
    key: paths.map(({ key }) => key),
    width,
    height,
    plot: {
      ...margins,
      x: x.scale,
      y: y.scale,
      marks: [
        drawLevels(field, levelsOf(field, levels, heightScale)),
        Plot.arrow(arrows, {
          x1: '0',
          y1: '1',
          x2: endOf(0),
          y2: endOf(1),
          stroke: quietInk,
          strokeWidth: 1.3,
          headLength: 6,
        }),
        paths.map(drawPath),
        drawMarks(marks),
        hideMargins,
        axes,
      ],
    },
  });
}

interface Path {
  readonly key: KeyEntry;
  /** What of it lies in the picture, with gaps. */
  readonly line: readonly Place[];
  /** Where it went, without what lies outside. */
  readonly steps: readonly Place[];
}

/** Up to the first point that is not finite: there is no way from there. */
function readPath(name: string, points: Matrix, index: number, { x, y }: LandscapeOptions): Path {
  const rows = rowsOf(`landscape: path '${name}'`, points, 2).map((row): Place => [row[0] as number, row[1] as number]);
  const broken = rows.findIndex((row) => !row.every(isDrawable));
  const line = clipPath(broken < 0 ? rows : rows.slice(0, broken), x, y);
  const inside = new Set(rows);
  const key: KeyEntry = { name, sample: 'line', colour: colourOf(index + 1), dash: dashOf(index + 1) };
  return { key, line, steps: line.filter((place) => inside.has(place)) };
}

function rowsOf(what: string, data: Matrix, columns: number): number[][] {
  const { values, shape } = readBlock(what, data, ['points', String(columns)]);
  if (values.length > 0 && shape[1] !== columns) {
    throw new GradtapeError(`${what}: another number of columns`, {
      got: `shape [${shape.join(', ')}]`,
      needs: columns === 2 ? 'x and y of each point' : 'x, y, Δx and Δy of each arrow',
      fix: 'choose the two coordinates that are drawn',
    });
  }
  return Array.from({ length: values.length / columns }, (_, i) =>
    Array.from({ length: columns }, (_, k) => values[i * columns + k] as number),
  );
}

function endOf(coordinate: 0 | 1): (arrow: readonly number[]) => number {
  return (arrow) => (arrow[coordinate] as number) + (arrow[coordinate + 2] as number);
}

/** Heights from just above the lowest to the highest. */
function levelsOf({ answers }: Field, count: number, type: ScaleType): number[] {
  const [low, high] = rangeOf([answers]) ?? [0, 1];
  // Ratios of heights above the lowest, so that it need not be positive.
  const span = high - low;
  const lowest = 1e-4;
  return Array.from({ length: count }, (_, k) => {
    const share = (k + 0.5) / count;
    return low + span * (type === 'log' ? lowest ** (1 - share) : share);
  });
}

function drawLevels({ x, y, side, answers }: Field, levels: readonly number[]): Plot.Markish {
  const shades = new Map(levels.map((level, k) => [level, tint(colourOf(0), 0.06 + (0.5 * k) / levels.length)]));
  const grid = { x1: x[0], x2: x[1], y1: y[0], y2: y[1], width: side, height: side };
  return Plot.contour(answers, {
    ...grid,
    value: Plot.identity,
    interpolate: null,
    thresholds: [...levels],
    fill: (contour: { value: number }) => shades.get(contour.value),
    stroke: paper,
    strokeWidth: 0.7,
  });
}

function drawPath({ key, line, steps }: Path): Plot.Markish {
  const place = { x: '0', y: '1' };
  const r = steps.length > 60 ? 1.2 : 2.4;
  return [
    Plot.line(line, { ...place, stroke: paper, strokeWidth: 3.4 }),
    Plot.line(line, { ...place, stroke: key.colour, strokeWidth: 1.8, ...(key.dash && { strokeDasharray: key.dash }) }),
    Plot.dot(steps, { ...place, fill: key.colour, r }),
    Plot.dot(line.slice(-1), { ...place, fill: key.colour, stroke: paper, r: 5 }),
  ];
}

function drawMarks(marks: readonly number[][]): Plot.RenderFunction {
  return (_index, scales) => {
    const crosses = marks.map(([x = 0, y = 0]) => {
      const [left, top] = [scales.x?.(x) as number, scales.y?.(y) as number];
      return svgElement('path', { d: `M${left - 5},${top - 5}l10,10m0,-10l-10,10`, stroke: ink, 'stroke-width': 2 });
    });
    return svgElement('g', { 'aria-label': 'marks' }, crosses);
  };
}

function checkOptions({ x, y }: LandscapeOptions, levels: number, resolution: number): void {
  for (const [low, high] of [x, y]) {
    if (isDrawable(low) && isDrawable(high) && low < high) continue;
    throw new GradtapeError('landscape: not a range', {
      got: `[${low}, ${high}]`,
      needs: 'finite numbers, the lower one first',
      fix: 'pass what of the plane is to be shown, as x: [low, high], y: [low, high]',
    });
  }
  for (const [name, count, least] of [
    ['levels', levels, 1],
    ['resolution', resolution, 2],
  ] as const) {
    if (Number.isInteger(count) && count >= least) continue;
    throw new GradtapeError(`landscape: ${name} is not a count`, {
      got: `${count}`,
      needs: `a whole number from ${least}`,
      fix: 'leave it out for the usual one',
    });
  }
}
