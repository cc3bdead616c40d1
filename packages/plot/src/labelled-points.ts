import { GradtapeError } from '@gradtape/autograd';
import * as Plot from '@observablehq/plot';
import { type KeyEntry, type PointSymbol, pointSymbols } from './key.ts';
import { colourOf, paper } from './style.ts';
import { isDrawable, type Matrix, type Numbers, readBlock } from './values.ts';

/** A point of the plane, and the index of its class. */
export interface Sample {
  readonly x: number;
  readonly y: number;
  readonly index: number;
}

/** The points of shape [points, 2] with the class of each. */
export function readSamples(points: Matrix, classes: Numbers): Sample[] {
  const { values, shape } = readBlock('decisionBoundary', points, ['points', '2']);
  const indices = readBlock('decisionBoundary: the classes', classes, ['points']).values;
  const [count = 0, coordinates] = shape;
  if (count > 0 && coordinates !== 2) {
    throw new GradtapeError('decisionBoundary: the points are not in the plane', {
      got: `shape [${shape.join(', ')}]`,
      needs: 'shape [points, 2]: x and y of each point',
      fix: 'choose two features to draw',
    });
  }
  if (indices.length !== count) {
    throw new GradtapeError('decisionBoundary: there are not as many classes as points', {
      got: `${indices.length} classes for ${count} points`,
      needs: 'the class of each point',
      fix: 'pass one whole number for each point',
    });
  }
  return Array.from({ length: count }, (_, i) => {
    const sample = { x: values[2 * i] as number, y: values[2 * i + 1] as number, index: indices[i] as number };
    checkSample(sample, i);
    return sample;
  });
}

function checkSample({ x, y, index }: Sample, position: number): void {
  if (isDrawable(x) && isDrawable(y) && Number.isInteger(index) && index >= 0) return;
  throw new GradtapeError('decisionBoundary: a point cannot be drawn', {
    got: `x ${x}, y ${y}, class ${index} at ${position}`,
    needs: 'finite coordinates, and a class that is a whole number from 0',
    fix: 'leave out such points; pass class indices, not one-hot rows',
  });
}

/** The points of one class, and how they look. */
export interface Group {
  readonly key: KeyEntry & { readonly sample: PointSymbol };
  readonly samples: readonly Sample[];
}

/** One group for each class that has a name or, where no names are given, a point. */
export function groupByClass(samples: readonly Sample[], names: readonly string[] | undefined): Group[] {
  const present = [...new Set(samples.map((sample) => sample.index))].sort((a, b) => a - b);
  const highest = present.at(-1) ?? 0;
  if (names !== undefined && present.length > 0 && highest >= names.length) {
    throw new GradtapeError('decisionBoundary: a class has no name', {
      got: `${names.length} names, and a point of class ${highest}`,
      needs: 'a name for each class from 0',
      fix: 'add names to classNames, or leave it out',
    });
  }
  const indices = names === undefined ? present : [...names.keys()];
  return indices.map((index) => ({
    key: {
      name: names?.[index] ?? `class ${index}`,
      colour: colourOf(index),
      sample: pointSymbols[index % pointSymbols.length] as PointSymbol,
    },
    samples: samples.filter((sample) => sample.index === index),
  }));
}

export function drawGroup({ key, samples }: Group): Plot.Markish {
  const r = samples.length > 300 ? 3 : 4.5;
  return Plot.dot(samples, { x: 'x', y: 'y', r, symbol: key.sample, fill: key.colour, stroke: paper, strokeWidth: 1 });
}
