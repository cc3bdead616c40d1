import { GradtapeError } from '@gradtape/autograd';
import * as Plot from '@observablehq/plot';
import type { Range } from './axis.ts';
import { colourOf, frameLine, ink, paper, tint } from './style.ts';
import { svgElement } from './svg.ts';
import { type Numbers, rangeOf, readNumbers } from './values.ts';

/**
 * What a classifier says of points.
 *
 * @param points - shape [n, 2] in row-major order: x, y, x, y, …
 * @param n - the number of points.
 * @returns for each point the probability of class 1, or any score.
 */
export type Classify = (points: Float64Array, n: number) => Numbers;

/** What the classifier answered at the centres of `side` × `side` cells, from the lowest row upwards. */
export interface Field {
  readonly x: Range;
  readonly y: Range;
  readonly side: number;
  readonly answers: ArrayLike<number>;
}

/** Asks the classifier once, for all cells of x × y and one more on each side. */
export function sampleField(
  classify: Classify,
  x: Range,
  y: Range,
  resolution: number,
  operation: 'decisionBoundary' | 'landscape' = 'decisionBoundary',
): Field {
  // Contours close along the border of the field, which so lies out of sight.
  const side = resolution + 2;
  const field = { x: oneCellMore(x, resolution), y: oneCellMore(y, resolution), side };
  const at = ([low, high]: Range, cell: number): number => low + ((high - low) * (cell + 0.5)) / side;
  const points = new Float64Array(2 * side * side);
  for (let row = 0; row < side; row++) {
    for (let column = 0; column < side; column++) {
      points[2 * (row * side + column)] = at(field.x, column);
      points[2 * (row * side + column) + 1] = at(field.y, row);
    }
  }
  const answers = readNumbers(classify(points, side * side));
  if (answers.length !== side * side) {
    const isBoundary = operation === 'decisionBoundary';
    const what = isBoundary ? 'the probability of class 1, or a score' : 'its height';
    throw new GradtapeError(
      `${operation}: ${isBoundary ? 'classify' : 'the function'} returned another number of answers`,
      {
        got: `${answers.length} answers for ${side * side} points`,
        needs: `one number for each point: ${what}`,
        fix: isBoundary
          ? 'return one column of the output, such as the probability of class 1'
          : 'return all heights in one list',
      },
    );
  }
  return { ...field, answers };
}

function oneCellMore([low, high]: Range, cells: number): Range {
  const cell = (high - low) / cells;
  return [low - cell, high + cell];
}

const bandsOnEachSide = 5;

/** Bands from class 0's colour over white at the threshold to class 1's. Probabilities have 0 and 1 as their ends. */
export function drawBands(field: Field, threshold: number): Plot.Markish {
  const [lowest, highest] = rangeOf([field.answers]) ?? [threshold, threshold];
  const areProbabilities = lowest >= 0 && highest <= 1 && threshold > 0 && threshold < 1;
  const reach = Math.max(highest - threshold, threshold - lowest);
  const [low, high] = areProbabilities ? [0, 1] : [Math.min(lowest, threshold - reach), threshold + reach];
  const bands = Array.from({ length: 2 * bandsOnEachSide }, (_, band) => {
    const steps = band - bandsOnEachSide;
    const side = steps < 0 ? threshold - low : high - threshold;
    const strength = 0.1 + (0.4 * Math.abs(steps + 0.5)) / bandsOnEachSide;
    return { from: threshold + (steps * side) / bandsOnEachSide, colour: tint(colourOf(steps < 0 ? 0 : 1), strength) };
  });
  const colours = new Map(bands.map((band) => [band.from, band.colour]));
  return Plot.contour(field.answers, {
    ...contourOptions(field),
    thresholds: [...colours.keys()],
    fill: (contour: { value: number }) => colours.get(contour.value),
    stroke: 'none',
  });
}

export function drawBoundary(field: Field, threshold: number): Plot.Markish {
  return Plot.contour(field.answers, {
    ...contourOptions(field),
    thresholds: [threshold],
    stroke: ink,
    strokeWidth: 1.8,
  });
}

function contourOptions({ x, y, side }: Field): Plot.ContourOptions {
  return { x1: x[0], x2: x[1], y1: y[0], y2: y[1], width: side, height: side, value: Plot.identity, interpolate: null };
}

/** Covers what reaches beyond the axes. */
export const hideMargins: Plot.RenderFunction = (_index, _scales, _values, dimensions) => {
  const { width, height, marginTop, marginRight, marginBottom, marginLeft } = dimensions;
  const frame = `M${marginLeft},${marginTop}H${width - marginRight}V${height - marginBottom}H${marginLeft}Z`;
  const margins = svgElement('path', { d: `M0,0H${width}V${height}H0Z${frame}`, fill: paper, 'fill-rule': 'evenodd' });
  return svgElement('g', { 'aria-label': 'margins' }, [
    margins,
    svgElement('path', { d: frame, fill: 'none', stroke: frameLine }),
  ]);
};
