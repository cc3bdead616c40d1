import { GradtapeError } from '@gradtape/autograd';
import { drawAxes, numericAxis, type Range, widen } from './axis.ts';
import { type Classify, drawBands, drawBoundary, type Field, hideMargins, sampleField } from './field.ts';
import { drawFigure, type Heading } from './figure.ts';
import { drawGroup, groupByClass, readSamples } from './labelled-points.ts';
import type { Picture } from './picture.ts';
import { ink } from './style.ts';
import { formatCount } from './text.ts';
import { countUndrawable, type Matrix, type Numbers, rangeOf } from './values.ts';

export interface DecisionBoundaryOptions extends Heading {
  /** Default: class 0, class 1, … */
  readonly classNames?: readonly string[];
  /** The value of `classify` between the two classes. Default 0.5; for logits 0. */
  readonly threshold?: number;
  /** Points of the grid along each side. Default 120. */
  readonly resolution?: number;
  readonly xLabel?: string;
  readonly yLabel?: string;
  /** Of the drawing without heading and key, in pixels. Default 560. */
  readonly width?: number;
  /** Of the drawing without heading and key, in pixels. Default 480. */
  readonly height?: number;
}

/**
 * What a classifier of the plane has learned: its answer on a grid as bands of colour, the line between the two classes,
 * and the points it learned from, each class of a colour and a shape.
 *
 * @param classify - called once, with all points of the grid.
 * @param points - shape [points, 2].
 * @param classes - the class of each point: 0, 1, …
 * @throws GradtapeError if the lengths differ, `classify` returns another number of answers than it got points, a point is
 * not finite, or a class is not a whole number from 0.
 * @example
 * const isRight = (points: Float64Array, n: number) => Array.from({ length: n }, (_, i) => Number(points[2 * i]! > 1));
 * const picture = decisionBoundary(isRight, [[0, 0], [2, 1], [-2, -1]], [0, 1, 0], { title: 'Right of 1' });
 * picture.svg.includes('class 1'); // true
 */
export function decisionBoundary(
  classify: Classify,
  points: Matrix,
  classes: Numbers,
  options: DecisionBoundaryOptions = {},
): Picture {
  const { threshold = 0.5, width = 560, height = 480 } = options;
  const samples = readSamples(points, classes);
  const groups = groupByClass(samples, options.classNames);
  const x = paddedRange(samples.map((sample) => sample.x));
  const y = paddedRange(samples.map((sample) => sample.y));
  const field = sampleField(classify, x, y, checkResolution(options.resolution ?? 120));
  const xAxis = numericAxis('linear', x, options.xLabel);
  const yAxis = numericAxis('linear', y, options.yLabel);
  const { axes, margins } = drawAxes(xAxis, yAxis, width);
  return drawFigure({
    heading: options,
    key: [...groups.map((group) => group.key), { name: `boundary (${threshold})`, sample: 'line', colour: ink }],
    notes: notesOf(field),
    width,
    height,
    plot: {
      ...margins,
      x: xAxis.scale,
      y: yAxis.scale,
      marks: [drawBands(field, threshold), drawBoundary(field, threshold), hideMargins, axes, groups.map(drawGroup)],
    },
  });
}

/** The range of the coordinates with some room around the outermost points. */
function paddedRange(coordinates: readonly number[]): Range {
  const [low, high] = widen(rangeOf([coordinates]) ?? [-1, 1]);
  const room = 0.12 * (high - low);
  return [low - room, high + room];
}

function checkResolution(resolution: number): number {
  if (Number.isInteger(resolution) && resolution >= 2) return resolution;
  throw new GradtapeError('decisionBoundary: the resolution is not a count', {
    got: `${resolution}`,
    needs: 'a whole number from 2',
    fix: 'leave it out for 120',
  });
}

function notesOf({ answers }: Field): string[] {
  const missing = countUndrawable(answers);
  if (missing === 0) return [];
  return [`No finite answer (white): ${formatCount(missing)} of ${formatCount(answers.length)} points`];
}
