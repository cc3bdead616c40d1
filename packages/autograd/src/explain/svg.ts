import { showShape } from '../core/shape.ts';
import { layered, type Placed } from './layers.ts';
import { titleOf } from './mermaid.ts';
import type { RecordedLine } from './recorded-line.ts';

const [LETTER, HEIGHT, STEP, MARGIN] = [7.4, 40, 72, 12];

/** A picture of the tape: inputs round, operations in boxes; behind each stands what pointing at it shows. */
export function svgOf(lines: readonly RecordedLine[]): string {
  const widthOf = (line: RecordedLine): number =>
    Math.max(titleOf(line).length, showShape(line.shape).length, 3) * LETTER + 20;
  const drawing = layered(
    lines.map((line) => ({
      id: line.line,
      width: widthOf(line),
      from: line.from.flatMap((source) => source.line ?? []),
    })),
  );
  const height = Math.max(drawing.layers - 1, 0) * STEP + HEIGHT;
  const boxes = lines.map((line) => box(line, drawing.nodes.get(line.line) as Placed, widthOf(line)));
  const size = [drawing.width + 2 * MARGIN, height + 2 * MARGIN].map(Math.ceil);
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${size[0]} ${size[1]}" width="${size[0]}" height="${size[1]}" role="img" aria-label="The operations of the tape and what feeds them" font-family="system-ui, 'DejaVu Sans', sans-serif" font-size="13" text-anchor="middle" fill="currentColor" style="max-width: 100%; height: auto">`,
    '<defs><marker id="tip" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="7" markerHeight="7" orient="auto"><path d="M0 0 8 4 0 8z" fill="#8888"/></marker></defs>',
    `<g transform="translate(${MARGIN} ${MARGIN})">`,
    ...drawing.edges.map(
      (edge) => `<path d="${curve(edge)}" fill="none" stroke="#8888" stroke-width="1.5" marker-end="url(#tip)"/>`,
    ),
    ...boxes,
    '</g>',
    '</svg>',
  ].join('\n');
}

const top = ({ layer }: Placed): number => layer * STEP;

/** From the foot of a box to the head of another: past the boxes of a layer straight down, between layers in curves. */
function curve([start, ...path]: readonly Placed[]): string {
  let [x, y] = [start.x, top(start) + HEIGHT];
  const pieces = path.map((place, i) => {
    const middle = (y + top(place)) / 2;
    const piece = `C${[x, middle, place.x, middle, place.x, top(place)].map(round).join(' ')}`;
    [x, y] = [place.x, top(place) + HEIGHT];
    return i === path.length - 1 ? piece : `${piece}V${round(y)}`;
  });
  return `M${round(start.x)} ${round(top(start) + HEIGHT)}${pieces.join('')}`;
}

function box(line: RecordedLine, place: Placed, width: number): string {
  const isStart = line.from.length === 0;
  const color = isStart ? '#4c8bf5' : line.name === undefined ? '#888888' : '#f29900';
  const [x, y] = [round(place.x), top(place)];
  return [
    `<g><title>${escaped(`line ${line.line}: ${line.operation}, ${line.dtype}, ${line.values}`)}</title>`,
    `<rect x="${round(place.x - width / 2)}" y="${y}" width="${round(width)}" height="${HEIGHT}" rx="${isStart ? HEIGHT / 2 : 5}" fill="${color}" fill-opacity="0.14" stroke="${color}"/>`,
    `<text x="${x}" y="${y + 17}">${escaped(titleOf(line))}</text>`,
    `<text x="${x}" y="${y + 33}" font-size="11" fill-opacity="0.65">${showShape(line.shape)}</text></g>`,
  ].join('');
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}
