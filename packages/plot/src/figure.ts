import { GradtapeError } from '@gradtape/autograd';
import * as Plot from '@observablehq/plot';
import { drawKey, type KeyEntry } from './key.ts';
import { Picture } from './picture.ts';
import { drawingDocument, serialize } from './platform.ts';
import { edge, fontFamily, fontSize, ink, paper, quietInk } from './style.ts';
import { svgElement, svgText } from './svg.ts';
import { wrapText } from './text.ts';

/** What every picture may say about itself, above the drawing. Long text is broken into lines. */
export interface Heading {
  readonly title?: string;
  readonly subtitle?: string;
}

/** A drawing with what stands above and below it. */
export interface Figure {
  readonly heading: Heading;
  readonly key?: readonly KeyEntry[];
  /** What the reader must know so as not to be misled, below the drawing. */
  readonly notes?: readonly string[];
  /** Of the drawing in pixels; the picture is higher by its heading, key and notes. */
  readonly width: number;
  readonly height: number;
  readonly plot: Plot.PlotOptions;
}

/** Draws the figure from top to bottom: title, subtitle, key, drawing, notes. */
export function drawFigure(figure: Figure): Picture {
  checkSize(figure);
  const { heading, key = [], notes = [], width } = figure;
  const drawn: SVGElement[] = [];
  let top = edge;
  const stack = (
    lines: readonly string[],
    size: number,
    lineHeight: number,
    attributes: Record<string, string>,
  ): void => {
    for (const line of lines) {
      drawn.push(svgText(line, edge, top + size, { 'font-size': size, ...attributes }));
      top += lineHeight;
    }
  };
  const lines = (text: string | undefined, size: number, weight: 'normal' | 'bold' = 'normal'): string[] =>
    text === undefined ? [] : wrapText(text, width - 2 * edge, size, weight);

  stack(lines(heading.title, 16, 'bold'), 16, 22, { fill: ink, 'font-weight': 'bold' });
  stack(lines(heading.subtitle, fontSize), fontSize, 18, { fill: quietInk });
  const drawnKey = drawKey(key, edge, top + 4, width - 2 * edge);
  drawn.push(...drawnKey.drawn);
  top += drawnKey.height + 8;
  drawn.push(drawPlot(figure, top));
  top += figure.height + (notes.length > 0 ? 6 : 0);
  stack(
    notes.flatMap((note) => lines(note, 11)),
    11,
    16,
    { fill: quietInk },
  );
  return finish(drawn, width, top + edge / 2, heading.title);
}

const leastRoom = 10;

function checkSize({ width, height, plot }: Figure): void {
  const least = {
    width: leastRoom + (plot.marginLeft ?? 0) + (plot.marginRight ?? 0),
    height: leastRoom + (plot.marginTop ?? 0) + (plot.marginBottom ?? 0),
  };
  if (width >= least.width && height >= least.height && Number.isFinite(width + height)) return;
  throw new GradtapeError('picture: there is no room to draw', {
    got: `width ${width}, height ${height}`,
    needs: `pixels, at least ${Math.ceil(least.width)} × ${Math.ceil(least.height)} with the text around`,
    fix: 'leave width and height out for the usual size',
  });
}

function drawPlot({ plot, width, height }: Figure, top: number): SVGElement {
  const svg = Plot.plot({ ...plot, width, height, document: drawingDocument() });
  // Its own style sheet and font would override the picture's.
  svg.querySelector('style')?.remove();
  for (const attribute of ['class', 'font-family', 'font-size', 'fill']) svg.removeAttribute(attribute);
  svg.setAttribute('y', String(top));
  return svg as SVGSVGElement;
}

function finish(drawn: readonly SVGElement[], width: number, height: number, title: string | undefined): Picture {
  const background = svgElement('rect', { width, height, fill: paper });
  const picture = svgElement(
    'svg',
    {
      xmlns: 'http://www.w3.org/2000/svg',
      width,
      height,
      viewBox: `0 0 ${width} ${height}`,
      role: 'img',
      'aria-label': title,
      'font-family': fontFamily,
      'font-size': fontSize,
      fill: ink,
      color: ink,
    },
    [background, ...drawn],
  );
  return new Picture(`${serialize(picture as SVGSVGElement)}\n`, width, height);
}
