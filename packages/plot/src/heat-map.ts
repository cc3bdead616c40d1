import { GradtapeError } from '@gradtape/autograd';
import * as Plot from '@observablehq/plot';
import { formatNumber, isOnAxis } from './axis.ts';
import {
  type ColourOptions,
  type ColourScale,
  colourBarWidth,
  colourScale,
  drawColourBar,
  isDark,
} from './colour-scale.ts';
import { drawFigure, type Heading } from './figure.ts';
import type { Picture } from './picture.ts';
import { edge, fontSize, ink, paper, quietInk } from './style.ts';
import { formatCount, printable, shortenText, widestText } from './text.ts';
import { type Matrix, readBlock } from './values.ts';

export interface HeatMapOptions extends Heading, ColourOptions {
  /** From the top. Default: 0, 1, 2, … */
  readonly rowNames?: readonly string[];
  /** From the left. Default: 0, 1, 2, … */
  readonly columnNames?: readonly string[];
  readonly xLabel?: string;
  readonly yLabel?: string;
  /** How a value is written in its cell; `false` writes none. Default: with three digits, where there is room. */
  readonly format?: ((value: number) => string) | false;
}

interface Cell {
  readonly row: number;
  readonly column: number;
  readonly value: number;
}

const widestName = 220;
const largestCell = 64;

/**
 * A table of numbers as colours, with the numbers in the cells where they fit: gradient norms by layer and setting, a
 * sweep's results, a matrix of weights. Values that are not finite are orange, and counted in a note.
 *
 * @param values - shape [rows, columns].
 * @throws GradtapeError if there is nothing to draw, there are not as many names as rows or columns, or the range is none.
 * @example
 * const picture = heatMap([[1e-9, 1e-4], [0.1, 0.2]], {
 *   rowNames: ['sigmoid', 'relu'], columnNames: ['20 layers', '10 layers'], colourScale: 'log', title: 'Gradient norm',
 * });
 * picture.svg.includes('sigmoid'); // true
 */
export function heatMap(values: Matrix, options: HeatMapOptions = {}): Picture {
  const block = readBlock('heatMap', values, ['rows', 'columns']);
  const [rows = 0, columns = 0] = block.shape;
  if (rows * columns === 0) failOnNothing(block.shape);
  const rowNames = namesOf('row', options.rowNames, rows);
  const columnNames = namesOf('column', options.columnNames, columns);
  const scale = colourScale(block.values, options);
  const texts = textsOf(block.values, options.format, columns);
  const layout = layoutOf({ rowNames, columnNames, texts, scale, options });
  const cells = Array.from(
    block.values,
    (value, i): Cell => ({ row: Math.floor(i / columns), column: i % columns, value }),
  );
  const band = { type: 'band', padding: 0 } as const;
  const axis = { color: quietInk, tickSize: 0, labelArrow: 'none', labelAnchor: 'center' } as const;
  return drawFigure({
    heading: options,
    notes: notesOf(block.values, scale),
    width: layout.width,
    height: layout.height,
    plot: {
      ...layout.margins,
      x: { ...band, domain: columnNames.map((_, i) => i), label: labelOf(options.xLabel, layout.room.width) },
      y: { ...band, domain: rowNames.map((_, i) => i), label: labelOf(options.yLabel, layout.room.height) },
      marks: [
        Plot.axisX({
          ...axis,
          ...shownNames(columnNames, layout.isUpright ? fontSize + 4 : 0, layout.cellWidth),
          ...(layout.isUpright ? { tickRotate: -90 } : {}),
          labelOffset: layout.margins.marginBottom - 8,
        }),
        Plot.axisY({
          ...axis,
          ...shownNames(rowNames, fontSize + 4, layout.cellHeight),
          labelOffset: layout.margins.marginLeft - edge,
        }),
        Plot.cell(cells, { x: 'column', y: 'row', fill: ({ value }: Cell) => scale.colour(value), inset: 0 }),
        layout.hasTexts
          ? Plot.text(cells, {
              x: 'column',
              y: 'row',
              text: ({ row, column }: Cell) => texts?.[row * columns + column],
              fill: ({ value }: Cell) => (isDark(scale.colour(value)) ? paper : ink),
            })
          : [],
        colourBar(scale),
      ],
    },
  });
}

function colourBar(scale: ColourScale): Plot.RenderFunction {
  return (_index, _scales, _values, { width, height, marginTop, marginRight, marginBottom }) =>
    drawColourBar(scale, width - marginRight, marginTop, height - marginTop - marginBottom);
}

/** The text of every cell, unless there are too many. */
function textsOf(
  values: ArrayLike<number>,
  format: HeatMapOptions['format'] = (value) => formatNumber(Number(value.toPrecision(3))),
  columns: number,
): string[] | undefined {
  return format === false || values.length > 600 || columns > 24 ? undefined : Array.from(values, format);
}

interface Layout {
  readonly width: number;
  readonly height: number;
  /** Of all cells together. */
  readonly room: { readonly width: number; readonly height: number };
  readonly cellWidth: number;
  readonly cellHeight: number;
  readonly isUpright: boolean;
  readonly hasTexts: boolean;
  readonly margins: Required<Pick<Plot.PlotOptions, 'marginTop' | 'marginRight' | 'marginBottom' | 'marginLeft'>>;
}

function layoutOf(parts: {
  readonly rowNames: readonly string[];
  readonly columnNames: readonly string[];
  readonly texts: readonly string[] | undefined;
  readonly scale: ColourScale;
  readonly options: HeatMapOptions;
}): Layout {
  const { rowNames, columnNames, texts, scale, options } = parts;
  const [rows, columns] = [rowNames.length, columnNames.length];
  const textWidth = texts === undefined ? 0 : widestText(texts, fontSize) + 8;
  const columnWidth = widestText(columnNames, fontSize);
  const cellHeight = Math.max(texts ? 24 : 3, Math.min(36, 360 / rows));
  const square = Math.max(textWidth, Math.min(largestCell, 420 / columns));
  const isUpright = columns > 1 && columns <= 24 && columnWidth + 10 > square && columnWidth + 10 > largestCell * 1.5;
  // Many narrow columns have names at some of them only.
  const isNarrow = columns > 24;
  const cellWidth = isUpright || isNarrow ? square : Math.max(square, Math.min(columnWidth + 10, largestCell * 1.5));
  const margins = {
    marginTop: 6,
    marginRight: edge + colourBarWidth(scale),
    marginBottom: (isUpright ? columnWidth : fontSize) + (options.xLabel === undefined ? 18 : 40),
    marginLeft: edge + (options.yLabel === undefined ? 10 : 30) + widestText(rowNames, fontSize),
  };
  const width = Math.max(280, margins.marginLeft + columns * cellWidth + margins.marginRight);
  const height = Math.max(120, margins.marginTop + rows * cellHeight + margins.marginBottom);
  return {
    width,
    height,
    room: {
      width: width - margins.marginLeft - margins.marginRight,
      height: height - margins.marginTop - margins.marginBottom,
    },
    cellWidth,
    cellHeight,
    isUpright,
    hasTexts: texts !== undefined,
    margins,
  };
}

/** All names, or only so many that they do not touch. */
function shownNames(names: readonly string[], room: number, cell: number): Plot.AxisOptions {
  const needed = room === 0 ? widestText(names, fontSize) + 6 : room;
  const stride = Math.max(1, Math.ceil(needed / cell));
  const ticks = names.flatMap((_, i) => (i % stride === 0 ? [i] : []));
  return { ticks, tickFormat: (i: number) => names[i] ?? '' };
}

function namesOf(kind: 'row' | 'column', names: readonly string[] | undefined, count: number): string[] {
  if (names === undefined) return Array.from({ length: count }, (_, i) => String(i));
  if (names.length === count) return names.map((name) => printable(shortenText(name, widestName, fontSize)));
  throw new GradtapeError(`heatMap: there are not as many names as ${kind}s`, {
    got: `${names.length} names for ${count} ${kind}s`,
    needs: `one name for each ${kind}`,
    fix: `pass ${kind}Names in their order, or leave it out`,
  });
}

function labelOf(label: string | undefined, room: number): string | null {
  return label === undefined ? null : printable(shortenText(label, room, fontSize));
}

function notesOf(values: ArrayLike<number>, { type }: ColourScale): string[] {
  const missing = Array.from(values).filter((value) => !isOnAxis(value, type)).length;
  const what = type === 'log' ? 'Not positive, or not finite' : 'Not finite';
  return missing === 0 ? [] : [`${what} (orange): ${formatCount(missing)} of ${formatCount(values.length)}`];
}

function failOnNothing(shape: readonly number[]): never {
  throw new GradtapeError('heatMap: there is nothing to draw', {
    got: `shape [${shape.join(', ')}]`,
    needs: 'shape [rows, columns], at least one of each',
    fix: 'check where the values come from',
  });
}
