import type { Box } from './boxes.ts';
import { layered, type Placed } from './layers.ts';

const [LETTER, SMALL_LETTER, LINE, GAP, MARGIN] = [7.4, 6.3, 16, 32, 12];

/** A picture of a graph; behind each box stands what pointing at it shows. */
export function svgOf(boxes: readonly Box[], label: string): string {
  const height = 24 + LINE * Math.max(1, ...boxes.map(({ lines }) => lines.length));
  const drawing = layered(boxes.map((box) => ({ id: box.id, width: widthOf(box), from: box.from })));
  const rows: Rows = { height, step: height + GAP };
  const size = [drawing.width + 2 * MARGIN, Math.max(drawing.layers - 1, 0) * rows.step + height + 2 * MARGIN];
  const [width, length] = size.map(Math.ceil);
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${length}" width="${width}" height="${length}" role="img" aria-label="${escaped(label)}" font-family="system-ui, 'DejaVu Sans', sans-serif" font-size="13" text-anchor="middle" fill="currentColor" style="max-width: 100%; height: auto">`,
    '<defs><marker id="tip" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="7" markerHeight="7" orient="auto"><path d="M0 0 8 4 0 8z" fill="#8888"/></marker></defs>',
    `<g transform="translate(${MARGIN} ${MARGIN})">`,
    ...drawing.edges.map(
      (edge) => `<path d="${curve(edge, rows)}" fill="none" stroke="#8888" stroke-width="1.5" marker-end="url(#tip)"/>`,
    ),
    ...boxes.map((box) => boxText(box, drawing.nodes.get(box.id) as Placed, rows)),
    '</g>',
    '</svg>',
  ].join('\n');
}

/** Layers are rows of boxes of one height. */
interface Rows {
  readonly height: number;
  readonly step: number;
}

function widthOf({ title, lines }: Box): number {
  return Math.max(3 * LETTER, title.length * LETTER, ...lines.map(({ length }) => length * SMALL_LETTER)) + 20;
}

/** From the foot of a box to the head of another: past the boxes of a layer straight down, between layers in curves. */
function curve([start, ...path]: readonly Placed[], { height, step }: Rows): string {
  let [x, y] = [start.x, start.layer * step + height];
  const pieces = path.map((place, i) => {
    const top = place.layer * step;
    const middle = (y + top) / 2;
    const piece = `C${[x, middle, place.x, middle, place.x, top].map(round).join(' ')}`;
    [x, y] = [place.x, top + height];
    return i === path.length - 1 ? piece : `${piece}V${round(y)}`;
  });
  return `M${round(start.x)} ${round(start.layer * step + height)}${pieces.join('')}`;
}

function boxText(box: Box, place: Placed, { height, step }: Rows): string {
  const { title, lines, hint, isRound, color } = box;
  const width = widthOf(box);
  const [x, y] = [round(place.x), place.layer * step];
  const first = y + (height - LINE * (lines.length + 1)) / 2 + 13;
  return [
    `<g><title>${escaped(hint)}</title>`,
    `<rect x="${round(place.x - width / 2)}" y="${y}" width="${round(width)}" height="${height}" rx="${isRound ? height / 2 : 5}" fill="${color}" fill-opacity="0.14" stroke="${color}"/>`,
    `<text x="${x}" y="${first}">${escaped(title)}</text>`,
    ...lines.map(
      (line, i) =>
        `<text x="${x}" y="${first + LINE * (i + 1)}" font-size="11" fill-opacity="0.65">${escaped(line)}</text>`,
    ),
    '</g>',
  ].join('');
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');
}
