import { GradtapeError } from '@gradtape/autograd';
import * as Plot from '@observablehq/plot';
import { drawAxes, numericAxis, widen, withRoundEnds } from './axis.ts';
import { type Bins, binEdge, countInBins, roundBins } from './bins.ts';
import { drawFigure, type Heading } from './figure.ts';
import type { Picture } from './picture.ts';
import { colourOf, dashOf, quietInk } from './style.ts';
import { formatCount } from './text.ts';
import { countUndrawable, type Numbers, rangeOf, readNumbers } from './values.ts';

export interface HistogramOptions extends Heading {
  /** About how many bins; their width is a round number. Default 30. */
  readonly bins?: number;
  /** Draw shares of each list instead of counts, so that lists of unequal length compare. Default false. */
  readonly share?: boolean;
  readonly xLabel?: string;
  /** Default 'count' or 'share'. */
  readonly yLabel?: string;
  /** Of the drawing without heading and notes, in pixels. Default 640. */
  readonly width?: number;
  /** Of the drawing without heading and notes, in pixels. Default 340. */
  readonly height?: number;
}

/**
 * How often values fall into equal intervals, the same ones for all lists. An interval holds its lower end, the last one
 * both. Values that are not finite are left out, and counted in a note.
 *
 * @param lists - by name; a tensor of any shape is a list of its entries.
 * @throws GradtapeError if `bins` is not a whole number from 1.
 * @example
 * const picture = histogram({ 'layer 1': [-0.2, 0.1, 0.3], 'layer 2': [0, 0.05] }, { title: 'Weights' });
 * picture.svg.includes('layer 2'); // true
 */
export function histogram(lists: Readonly<Record<string, Numbers>>, options: HistogramOptions = {}): Picture {
  const { share = false, width = 640, height = 340, xLabel, yLabel = share ? 'share' : 'count' } = options;
  const named = Object.entries(lists).map(([name, list]) => ({ name, values: readNumbers(list) }));
  const bins = chooseBins(
    named.map(({ values }) => values),
    options.bins ?? 30,
  );
  const bars = named.map(({ values }) => {
    const counts = countInBins(values, bins);
    const total = share ? counts.reduce((sum, count) => sum + count, 0) : 1;
    return counts.map((count) => (count === 0 ? 0 : count / total));
  });
  const x = numericAxis('linear', [binEdge(bins, 0), binEdge(bins, bins.count)], xLabel);
  const y = withRoundEnds(numericAxis('linear', [0, ...bars.flat()], yLabel));
  const { axes, grid, margins } = drawAxes(x, y, width);
  return drawFigure({
    heading: options,
    key: named.map(({ name }, i) => ({ name, sample: 'area', colour: colourOf(i) })),
    notes: notesOf(named),
    width,
    height,
    plot: {
      ...margins,
      x: x.scale,
      y: y.scale,
      marks: [
        grid,
        axes,
        bars.map((heights, i) => drawBars(heights, bins, i)),
        Plot.ruleY([0], { stroke: quietInk, strokeWidth: 1.5 }),
      ],
    },
  });
}

function chooseBins(lists: readonly ArrayLike<number>[], wanted: number): Bins {
  if (!Number.isInteger(wanted) || wanted < 1) {
    const needs = 'a whole number from 1';
    throw new GradtapeError('histogram: bins is not a count', {
      got: `${wanted}`,
      needs,
      fix: 'leave it out for 30 bins',
    });
  }
  return roundBins(widen(rangeOf(lists) ?? [0, 1]), wanted);
}

/** One list as a single outline, filled so that others show through. */
function drawBars(heights: readonly number[], bins: Bins, index: number): Plot.Markish {
  const steps = heights.map((y, i) => ({ x: binEdge(bins, i), y }));
  const last = { x: binEdge(bins, bins.count), y: 0 };
  const outline = [{ x: binEdge(bins, 0), y: 0 }, ...steps, last];
  const step = { x: 'x', y: 'y', curve: 'step-after' } as const;
  const dash = dashOf(index);
  return [
    Plot.areaY(outline, { ...step, fill: colourOf(index), fillOpacity: 0.3 }),
    Plot.lineY(outline, { ...step, stroke: colourOf(index), strokeWidth: 1.5, ...(dash && { strokeDasharray: dash }) }),
  ];
}

function notesOf(named: readonly { name: string; values: ArrayLike<number> }[]): string[] {
  const left = named
    .map(({ name, values }) => ({ name, count: countUndrawable(values) }))
    .filter(({ count }) => count > 0)
    .map(({ name, count }) => `${formatCount(count)} in ${name}`);
  return left.length === 0 ? [] : [`Left out (not finite): ${left.join(', ')}`];
}
