import { GradtapeError } from '@gradtape/autograd';
import { formatNumber } from './axis.ts';
import { drawFigure, type Heading } from './figure.ts';
import type { Picture } from './picture.ts';
import { colourOf, edge, fontSize, frameLine, ink, paper, quietInk } from './style.ts';
import { svgElement, svgText } from './svg.ts';
import { shortenText, textWidth } from './text.ts';
import { isDrawable, type Matrix, type Numbers, rangeOf, readBlock, readNumbers } from './values.ts';

export interface NetworkDiagramOptions extends Heading {
  /** Added to the units of each layer, written below them. */
  readonly biases?: readonly Numbers[];
  /** What is written in the units, layer by layer from the input. Default: nothing, or the values. */
  readonly unitNames?: readonly (readonly string[])[];
  /** What each unit holds, layer by layer from the input: its colour, and its text where it has no name. */
  readonly values?: readonly Numbers[];
  /** Below each layer, from the input. Default: input, layer 1, …, output. */
  readonly layerNames?: readonly string[];
  /** Whether weights are written on their lines. Default: where there are at most 16. */
  readonly showWeights?: boolean;
}

interface Unit {
  readonly x: number;
  readonly y: number;
}

const radius = 17;
const between = 150;
const row = 58;
const mostUnits = 10;

/**
 * The units of a network as circles, its weights as lines: thick where they are large, blue where positive and orange and
 * dashed where negative. Layers of more than 10 units show the first ones.
 *
 * @param weights - of each layer, shape [units, units before].
 * @throws GradtapeError if there are no weights, a layer does not fit the one before, or names or values are not one for each.
 * @example
 * const picture = networkDiagram([[[1, 1], [1, 1]], [[1, -2]]], {
 *   biases: [[0, -1], [0]], unitNames: [['x₁', 'x₂'], ['h₁', 'h₂'], ['y']], title: 'XOR',
 * });
 * picture.svg.includes('h₂'); // true
 */
export function networkDiagram(weights: readonly Matrix[], options: NetworkDiagramOptions = {}): Picture {
  const layers = weights.map((matrix, k) =>
    readBlock(`networkDiagram: layer ${k + 1}`, matrix, ['units', 'units before']),
  );
  const sizes = sizesOf(layers.map(({ shape }) => shape));
  const shown = sizes.map((size) => Math.min(size, mostUnits));
  const height = Math.max(...shown) * row + 36;
  const names = layerNamesOf(options.layerNames, sizes);
  const texts = textsOf(sizes, options);
  const outermost = [0, sizes.length - 1].flatMap((k) => [
    textWidth(names[k] as string, fontSize),
    ...(texts[k] as UnitTexts[]).map(({ below }) => textWidth(below, smallSize)),
  ]);
  const side = Math.max(radius, ...outermost.map((wide) => wide / 2));
  const width = Math.max(320, 2 * (edge + side) + between * (sizes.length - 1));
  const first = (width - between * (sizes.length - 1)) / 2;
  const units = shown.map((count, layer) =>
    Array.from(
      { length: count },
      (_, k): Unit => ({
        x: first + between * layer,
        y: 4 + (height - 36) / 2 + (k - (count - 1) / 2) * row,
      }),
    ),
  );
  const largest = Math.max(...(rangeOf(layers.map(({ values }) => values)) ?? [0, 1]).map(Math.abs), 1e-300);
  const count = layers.reduce((sum, { values }) => sum + values.length, 0);
  const lines = layers.map(({ values }, k) =>
    drawWeights(values, sizes[k] as number, units[k] as Unit[], units[k + 1] as Unit[], {
      largest,
      isWritten: options.showWeights ?? count <= 16,
    }),
  );
  const circles = units.map((layer, k) => drawUnits(layer, texts[k] as UnitTexts[], k === 0));
  const captions = names.map((name, k) =>
    svgText(name, first + between * k, height - 8, { 'text-anchor': 'middle', fill: quietInk }),
  );
  const hidden = sizes.flatMap((size, k) => (size > mostUnits ? [`${names[k]}: ${mostUnits} of ${size} units`] : []));
  return drawFigure({
    heading: options,
    notes: hidden.length > 0 ? [`Shown of ${hidden.join(', ')}`] : [],
    width,
    height,
    plot: {
      margin: 0,
      x: { axis: null },
      y: { axis: null },
      marks: [() => svgElement('g', { 'aria-label': 'network' }, [...lines.flat(), ...circles.flat(), ...captions])],
    },
  });
}

function drawWeights(
  values: ArrayLike<number>,
  before: number,
  from: readonly Unit[],
  to: readonly Unit[],
  { largest, isWritten }: { readonly largest: number; readonly isWritten: boolean },
): SVGElement[] {
  const lines: SVGElement[] = [];
  const numbers: SVGElement[] = [];
  // Below units stand their values and biases.
  const taken: Unit[] = [...from, ...to].map(({ x, y }) => ({ x, y: y + radius + 10 }));
  for (const [j, end] of to.entries()) {
    for (const [i, start] of from.entries()) {
      const weight = values[j * before + i] as number;
      const isNegative = weight < 0;
      const width = isDrawable(weight) ? 0.4 + (thickest(from.length * to.length) * Math.abs(weight)) / largest : 1;
      lines.push(
        svgElement('path', {
          d: `M${start.x + radius},${start.y}L${end.x - radius},${end.y}`,
          fill: 'none',
          stroke: isDrawable(weight) ? colourOf(isNegative ? 1 : 0) : quietInk,
          'stroke-width': width,
          'stroke-dasharray': isNegative ? '6 3' : undefined,
          'stroke-opacity': 0.85,
        }),
      );
      if (!isWritten) continue;
      const place = freePlace(start, end, taken);
      taken.push(place);
      numbers.push(...labelled(formatNumber(Number(weight.toPrecision(3))), place.x, place.y));
    }
  }
  return [...lines, ...numbers];
}

/** Of some places along a line, the one farthest from all that are taken; a number is twice as wide as it is high. */
function freePlace(start: Unit, end: Unit, taken: readonly Unit[]): Unit {
  const places = [0.5, 0.4, 0.6, 0.3, 0.7, 0.22].map((share) => ({
    x: start.x + (end.x - start.x) * share,
    y: start.y + (end.y - start.y) * share,
  }));
  const room = ({ x, y }: Unit): number =>
    Math.min(40, ...taken.map((other) => Math.hypot((x - other.x) / 2, y - other.y)));
  return places.reduce((best, place) => (room(place) > room(best) ? place : best));
}

/** The width of the line of the largest weight: thinner where many lines cross. */
function thickest(lines: number): number {
  return lines > 24 ? 2 : 4;
}

/** A number on a line, with paper below it. */
function labelled(text: string, x: number, y: number): SVGElement[] {
  const width = textWidth(text, 11);
  return [
    svgElement('rect', {
      x: x - width / 2 - 1,
      y: y - 8,
      width: width + 2,
      height: 15,
      fill: paper,
      'fill-opacity': 0.85,
    }),
    svgText(text, x, y + 4, { 'text-anchor': 'middle', 'font-size': 11, fill: ink }),
  ];
}

/** What is written in a unit, and below it. */
interface UnitTexts {
  readonly within: string;
  readonly below: string;
}

/** The texts of every layer's units. */
function textsOf(sizes: readonly number[], options: NetworkDiagramOptions): UnitTexts[][] {
  const numbers = (given: Numbers | undefined): string[] | undefined =>
    given && Array.from(readNumbers(given), (value) => formatNumber(Number(value.toPrecision(3))));
  return sizes.map((size, k) => {
    const names = options.unitNames?.[k];
    const values = numbers(options.values?.[k]);
    const biases = k === 0 ? undefined : numbers(options.biases?.[k - 1]);
    for (const [option, list] of Object.entries({ unitNames: names, values, biases })) {
      checkCount(option, list?.length, k, size);
    }
    return Array.from({ length: size }, (_, unit) => {
      const value = values?.[unit];
      const bias = biases?.[unit];
      const name = names?.[unit];
      const below = [...(name && value ? [value] : []), ...(bias ? [`b ${bias}`] : [])].join(', ');
      return { within: shortenText(name || value || '', 2 * radius + 4, fontSize), below };
    });
  });
}

const smallSize = 10;

function drawUnits(layer: readonly Unit[], texts: readonly UnitTexts[], isInput: boolean): SVGElement[] {
  const middle = { 'text-anchor': 'middle' };
  return layer.flatMap(({ x, y }, k) => {
    const { within, below } = texts[k] as UnitTexts;
    return [
      svgElement('circle', {
        cx: x,
        cy: y,
        r: radius,
        fill: paper,
        stroke: isInput ? frameLine : ink,
        'stroke-width': 1.4,
      }),
      svgText(within, x, y + 4, middle),
      svgText(below, x, y + radius + 13, { ...middle, 'font-size': smallSize, fill: quietInk }),
    ];
  });
}

function sizesOf(shapes: readonly (readonly number[])[]): number[] {
  if (shapes.length === 0) {
    throw new GradtapeError('networkDiagram: there are no weights', {
      got: 'no layers',
      needs: 'the weights of each layer, shape [units, units before]',
      fix: 'pass [layer1.weight, layer2.weight]',
    });
  }
  for (const [k, [, before]] of shapes.entries()) {
    const above = k === 0 ? before : shapes[k - 1]?.[0];
    if (before === above && before !== 0 && shapes[k]?.[0] !== 0) continue;
    throw new GradtapeError(`networkDiagram: layer ${k + 1} does not fit the one before`, {
      got: `shape [${shapes[k]?.join(', ')}] after ${above} units`,
      needs: 'shape [units, units before], at least one of each',
      fix: 'pass the weights in order, each with a row for each of its units',
    });
  }
  return [shapes[0]?.[1] as number, ...shapes.map(([units]) => units as number)];
}

function layerNamesOf(names: readonly string[] | undefined, sizes: readonly number[]): string[] {
  checkCount('layerNames', names?.length, undefined, sizes.length);
  if (names !== undefined) return names.map((name) => shortenText(name, between - 10, fontSize));
  return sizes.map((_, k) => (k === 0 ? 'input' : k === sizes.length - 1 ? 'output' : `layer ${k}`));
}

function checkCount(option: string, count: number | undefined, layer: number | undefined, needed: number): void {
  if (count === undefined || count === needed) return;
  throw new GradtapeError(`networkDiagram: ${option} has another number of entries`, {
    got: `${count}${layer === undefined ? '' : ` for layer ${layer}`}`,
    needs: `${needed}: one for each ${layer === undefined ? 'layer' : 'unit'}`,
    fix: option === 'biases' ? 'pass one list for each layer of weights' : 'count the input as a layer, too',
  });
}
