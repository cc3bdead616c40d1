import { frameLine, notFiniteColour } from './style.ts';
import { svgElement } from './svg.ts';
import { isDrawable } from './values.ts';

/** From a value to its colour. */
export type Shade = (value: number) => string;

/** 256 greys from black to white, values beyond clipped; what is not finite has a colour of its own. */
export function greys([black, white]: readonly [number, number]): Shade {
  return (value) => {
    if (!isDrawable(value)) return notFiniteColour;
    const share = white > black ? (value - black) / (white - black) : 0;
    const level = Math.round(255 * Math.min(1, Math.max(0, share)));
    return `#${level.toString(16).padStart(2, '0').repeat(3)}`;
  };
}

/** Where an image stands, and how large each of its pixels is drawn. */
export interface Placement {
  readonly left: number;
  readonly top: number;
  readonly pixelSize: number;
}

/** An image of `width` columns: one path for each shade, made of horizontal runs. Sharp at every size, and short. */
export function drawPixels(values: ArrayLike<number>, width: number, shade: Shade, placement: Placement): SVGElement {
  const { left, top, pixelSize } = placement;
  const paths = new Map<string, string>();
  for (let start = 0, end = 0; start < values.length; start = end) {
    const colour = shade(values[start] as number);
    const rowEnd = start - (start % width) + width;
    for (end = start + 1; end < rowEnd && shade(values[end] as number) === colour; ) end++;
    const length = (end - start) * pixelSize;
    const x = left + (start % width) * pixelSize;
    const y = top + Math.floor(start / width) * pixelSize;
    paths.set(colour, `${paths.get(colour) ?? ''}M${x},${y}h${length}v${pixelSize}h${-length}z`);
  }
  const shades = [...paths].map(([fill, d]) => svgElement('path', { fill, d }));
  const size = { width: width * pixelSize + 1, height: (values.length / width) * pixelSize + 1 };
  const frame = svgElement('rect', { x: left - 0.5, y: top - 0.5, ...size, fill: 'none', stroke: frameLine });
  return svgElement('g', { 'aria-label': 'image', 'shape-rendering': 'crispEdges' }, [...shades, frame]);
}
