import { GradtapeError } from '@gradtape/autograd';
import * as Plot from '@observablehq/plot';
import { drawFigure, type Heading } from './figure.ts';
import type { Picture } from './picture.ts';
import { edge, fontSize, ink, palette, paper, quietInk, tint } from './style.ts';
import { formatCount, printable, shortenText, widestText } from './text.ts';
import { type Matrix, readBlock } from './values.ts';

export interface ConfusionMatrixOptions extends Heading {
  /** In the order of rows and columns. Default: 0, 1, 2, … */
  readonly classNames?: readonly string[];
}

interface Cell {
  readonly row: number;
  readonly column: number;
  readonly count: number;
  /** Of all that truly are of this row's class; 0 in a row without any. */
  readonly share: number;
}

/**
 * How often each true class (row) was predicted as each class (column). A cell is the darker, the larger its share of
 * the row. The
 * subtitle, unless one is given, tells the accuracy: the sum of the diagonal over the sum of all.
 *
 * @param counts - shape [classes, classes], whole numbers from 0.
 * @throws GradtapeError if the counts are not square, empty, or not counts; if there is not one name for each class.
 * @example
 * const picture = confusionMatrix([[9, 1], [2, 8]], { classNames: ['cat', 'dog'] });
 * picture.svg.includes('accuracy 85.00 % of 20'); // true
 */
export function confusionMatrix(counts: Matrix, options: ConfusionMatrixOptions = {}): Picture {
  const { values, shape } = readBlock('confusionMatrix', counts, ['classes', 'classes']);
  checkCounts(values, shape);
  const [classes = 0] = shape;
  const names = namesOf(options.classNames, classes);
  const cells = cellsOf(values, classes);
  const countWidth = widestText(
    cells.map((cell) => formatCount(cell.count)),
    fontSize,
  );
  const cellHeight = Math.ceil(Math.max(28, Math.min(80, 420 / classes), countWidth + 8));
  const nameWidth = widestText(names, fontSize);
  const upright = classes * (nameWidth + 10) > Math.max(widestWithLevelNames, classes * cellHeight);
  const cellWidth = upright ? cellHeight : Math.max(cellHeight, nameWidth + 10);
  const margins = {
    marginTop: 4,
    marginRight: edge,
    marginBottom: (upright ? nameWidth : fontSize) + 40,
    marginLeft: edge + 30 + nameWidth,
  };
  const band = { type: 'band', domain: names.map((_, i) => i), padding: 0.04 } as const;
  const axis = {
    color: quietInk,
    tickSize: 0,
    tickFormat: (i: number) => names[i],
    labelArrow: 'none',
    labelAnchor: 'center',
  } as const;
  return drawFigure({
    heading: { subtitle: accuracy(cells), ...options },
    notes: ['The darker, the larger the share of the row'],
    width: Math.max(280, margins.marginLeft + classes * cellWidth + margins.marginRight),
    height: margins.marginTop + classes * cellHeight + margins.marginBottom,
    plot: {
      ...margins,
      x: { ...band, label: 'predicted class' },
      y: { ...band, label: 'true class' },
      marks: [
        Plot.axisX({ ...axis, ...(upright ? { tickRotate: -90 } : {}), labelOffset: margins.marginBottom - 8 }),
        Plot.axisY({ ...axis, labelOffset: margins.marginLeft - edge }),
        Plot.cell(cells, { x: 'column', y: 'row', fill: (cell: Cell) => tint(strong, depth(cell)), inset: 0.5 }),
        Plot.text(cells, { x: 'column', y: 'row', text: (cell: Cell) => formatCount(cell.count), fill: textColour }),
      ],
    },
  });
}

const strong = palette[0] as string;

const widestWithLevelNames = 640;
const widestName = 220;

/** How much colour a cell has: the root of its share lets rare confusions show, and cells without any stay visible. */
function depth({ share }: Cell): number {
  return 0.05 + 0.95 * Math.sqrt(share);
}

function textColour(cell: Cell): string {
  if (cell.count === 0) return quietInk;
  return depth(cell) > 0.85 ? paper : ink;
}

function cellsOf(values: ArrayLike<number>, classes: number): Cell[] {
  return Array.from({ length: classes }, (_, row) => {
    const counts = Array.from({ length: classes }, (_, column) => values[row * classes + column] as number);
    const total = counts.reduce((sum, count) => sum + count, 0);
    return counts.map((count, column) => ({ row, column, count, share: total === 0 ? 0 : count / total }));
  }).flat();
}

function accuracy(cells: readonly Cell[]): string {
  const sum = (some: readonly Cell[]): number => some.reduce((total, cell) => total + cell.count, 0);
  const all = sum(cells);
  if (all === 0) return 'no predictions';
  const right = sum(cells.filter((cell) => cell.row === cell.column));
  // Rounded down: 100 % means that there is no mistake.
  return `accuracy ${(Math.floor((10000 * right) / all) / 100).toFixed(2)} % of ${formatCount(all)}`;
}

function checkCounts(values: ArrayLike<number>, shape: readonly number[]): void {
  const [rows = 0, columns = 0] = shape;
  if (rows !== columns || rows === 0) {
    throw new GradtapeError(`confusionMatrix: the counts are ${rows === columns ? 'empty' : 'not square'}`, {
      got: `shape [${rows}, ${columns}]`,
      needs: 'one row (true) and one column (predicted) for each class',
      fix: 'count into a [classes, classes] array, also the classes that never occur',
    });
  }
  for (let i = 0; i < values.length; i++) {
    const count = values[i] as number;
    if (Number.isInteger(count) && count >= 0) continue;
    throw new GradtapeError('confusionMatrix: an entry is not a count', {
      got: `${count} at [${Math.floor(i / columns)}, ${i % columns}]`,
      needs: 'whole numbers from 0',
      fix: 'pass counts; shares of the row are computed here',
    });
  }
}

function namesOf(names: readonly string[] | undefined, classes: number): string[] {
  if (names === undefined) return Array.from({ length: classes }, (_, i) => String(i));
  if (names.length === classes) return names.map((name) => printable(shortenText(name, widestName, fontSize)));
  throw new GradtapeError('confusionMatrix: there are not as many names as classes', {
    got: `${names.length} names for ${classes} classes`,
    needs: 'one name for each class',
    fix: 'pass classNames in the order of the rows, or leave it out',
  });
}
