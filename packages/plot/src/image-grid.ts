import { GradtapeError } from '@gradtape/autograd';
import { formatNumber } from './axis.ts';
import { drawFigure, type Heading } from './figure.ts';
import type { Picture } from './picture.ts';
import { drawPixels, greys } from './pixels.ts';
import { edge } from './style.ts';
import { svgElement, svgText } from './svg.ts';
import { formatCount, widestText, wrapText } from './text.ts';
import { type Block, countUndrawable, type Matrices, rangeOf, readBlock } from './values.ts';

export interface ImageGridOptions extends Heading {
  /** A text below each image; '\n' breaks the line. */
  readonly captions?: readonly string[];
  /** Images in a row. Default: about as many as there are rows. */
  readonly columns?: number;
  /** The values drawn black and white; what lies beyond is clipped. Default: the lowest and the highest value. */
  readonly range?: readonly [black: number, white: number];
  /** Pixels of the picture for each pixel of an image, a whole number. Default: images of about 112 pixels. */
  readonly pixelSize?: number;
}

const gap = 14;
const captionSize = 11;
const captionLine = 15;

/**
 * Grey images in rows, pixels kept sharp. Values that are not finite are drawn orange, and counted in a note.
 *
 * @param images - shape [images, height, width].
 * @throws GradtapeError if there is nothing to draw, there are not as many captions as images, or an option is out of
 * range.
 * @example
 * const images = [[[0, 1], [1, 0]], [[1, 1], [0, 0]]];
 * const picture = imageGrid(images, { captions: ['diagonal', 'top'], range: [0, 1] });
 * picture.svg.includes('diagonal'); // true
 */
export function imageGrid(images: Matrices, options: ImageGridOptions = {}): Picture {
  const block = readBlock('imageGrid', images, ['images', 'height', 'width']);
  checkOptions(block.shape, options);
  const [count, rows, width] = block.shape as [number, number, number];
  const columns = Math.min(count, options.columns ?? Math.ceil(Math.sqrt(count)));
  const pixelSize = options.pixelSize ?? Math.max(1, Math.round(112 / Math.max(rows, width)));
  const imageWidth = width * pixelSize;
  const captions = (options.captions ?? []).map((caption) => wrapText(caption, Math.max(imageWidth, 160), captionSize));
  const captionHeight = Math.max(0, ...captions.map((lines) => lines.length)) * captionLine;
  const cellWidth = Math.max(imageWidth, Math.ceil(widestText(captions.flat(), captionSize)));
  const cellHeight = rows * pixelSize + captionHeight + gap;
  const shade = greys(options.range ?? rangeOf([block.values]) ?? [0, 1]);

  const drawn = Array.from({ length: count }, (_, i) => {
    const middle = edge + (i % columns) * (cellWidth + gap) + cellWidth / 2;
    const top = Math.floor(i / columns) * cellHeight + 1;
    const pixels = Array.prototype.slice.call(block.values, i * rows * width, (i + 1) * rows * width);
    const placement = { left: Math.round(middle - imageWidth / 2), top, pixelSize };
    return [
      drawPixels(pixels, width, shade, placement),
      ...drawCaption(captions[i] ?? [], middle, top + rows * pixelSize),
    ];
  });
  return drawFigure({
    heading: options,
    notes: notesOf(block, options.range),
    width: Math.max(280, 2 * edge + columns * (cellWidth + gap) - gap),
    height: Math.ceil(count / columns) * cellHeight,
    plot: { axis: null, marks: [() => svgElement('g', { 'aria-label': 'images' }, drawn.flat())] },
  });
}

function drawCaption(lines: readonly string[], middle: number, top: number): SVGElement[] {
  const style = { 'font-size': captionSize, 'text-anchor': 'middle' };
  return lines.map((line, i) => svgText(line, middle, top + (i + 1) * captionLine, style));
}

/** What the reader cannot see: a range that was found, and pixels that have no grey. */
function notesOf({ values }: Block, given: ImageGridOptions['range']): string[] {
  const range = rangeOf([values]);
  const notFinite = countUndrawable(values);
  const notes: string[] = [];
  if (given === undefined && range !== undefined) {
    notes.push(`Black is ${formatNumber(range[0])}, white is ${formatNumber(range[1])}`);
  }
  if (notFinite > 0) notes.push(`Not finite (orange): ${formatCount(notFinite)}`);
  return notes;
}

function checkOptions(shape: readonly number[], { captions, columns, range, pixelSize }: ImageGridOptions): void {
  const [count = 0] = shape;
  if (shape.includes(0)) {
    throw new GradtapeError('imageGrid: there is nothing to draw', {
      got: `shape [${shape.join(', ')}]`,
      needs: 'at least one image of at least one pixel',
      fix: 'pass values of shape [images, height, width]',
    });
  }
  if (captions !== undefined && captions.length !== count) {
    throw new GradtapeError('imageGrid: there are not as many captions as images', {
      got: `${captions.length} captions for ${count} images`,
      needs: 'one caption for each image, or no captions',
      fix: "write '' for an image without a caption",
    });
  }
  for (const [name, value] of Object.entries({ columns, pixelSize })) {
    if (value === undefined || (Number.isInteger(value) && value > 0)) continue;
    throw new GradtapeError(`imageGrid: ${name} is not a count`, {
      got: `${value}`,
      needs: 'a whole number from 1',
      fix: 'round it',
    });
  }
  if (range !== undefined && !(range[1] > range[0])) {
    throw new GradtapeError('imageGrid: the range has no extent', {
      got: `[${range.join(', ')}]`,
      needs: 'the value drawn black, then a greater one drawn white',
      fix: 'leave range out to take the lowest and the highest value',
    });
  }
}
