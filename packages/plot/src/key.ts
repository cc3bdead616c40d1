import { fontSize, ink } from './style.ts';
import { svgElement, svgText } from './svg.ts';
import { shortenText, textWidth } from './text.ts';

/** The shapes of points, so that classes differ by more than colour. All are known to Plot by these names. */
export const pointSymbols = ['circle', 'square', 'triangle', 'diamond'] as const;
export type PointSymbol = (typeof pointSymbols)[number];

/** What a colour, a dash or a shape stands for: a sample of the mark, and its name. */
export interface KeyEntry {
  readonly name: string;
  readonly colour: string;
  readonly sample: 'line' | 'area' | PointSymbol;
  readonly dash?: string | undefined;
}

const sampleWidth = 18;
const gapToName = 6;
const gapBetween = 18;
const rowHeight = 20;

export function keyEntryWidth(entry: KeyEntry): number {
  return sampleWidth + gapToName + textWidth(entry.name, fontSize);
}

/** One entry, drawn from `x` rightwards and centred on the height `y`. */
export function drawKeyEntry(entry: KeyEntry, x: number, y: number): SVGElement {
  const name = svgText(entry.name, x + sampleWidth + gapToName, y + 4, { fill: ink });
  return svgElement('g', { 'aria-label': 'key entry' }, [drawSample(entry, x, y), name]);
}

/** The entries in as many equal columns as fit into `width`, from (`x`, `y`) rightwards and downwards. */
export function drawKey(
  entries: readonly KeyEntry[],
  x: number,
  y: number,
  width: number,
): { drawn: SVGElement[]; height: number } {
  if (entries.length === 0) return { drawn: [], height: 0 };
  const columnWidth = Math.min(width, Math.max(...entries.map(keyEntryWidth))) + gapBetween;
  const columns = Math.floor((width + gapBetween) / columnWidth);
  const nameWidth = width - sampleWidth - gapToName;
  const drawn = entries.map((entry, i) => {
    const fitting = { ...entry, name: shortenText(entry.name, nameWidth, fontSize) };
    return drawKeyEntry(fitting, x + (i % columns) * columnWidth, y + rowHeight * (Math.floor(i / columns) + 0.5));
  });
  return { drawn, height: rowHeight * Math.ceil(entries.length / columns) };
}

function drawSample({ sample, colour, dash }: KeyEntry, x: number, y: number): SVGElement {
  if (sample === 'line') {
    const stroke = { fill: 'none', stroke: colour, 'stroke-width': 2, 'stroke-dasharray': dash };
    return svgElement('path', { d: `M${x},${y}h${sampleWidth}`, ...stroke });
  }
  const d = sample === 'area' ? 'm-6,-6h12v12h-12z' : symbolPaths[sample];
  return svgElement('path', { d: `M${x + sampleWidth / 2},${y}${d}`, fill: colour });
}

const symbolPaths: Readonly<Record<PointSymbol, string>> = {
  circle: 'm-4.5,0a4.5,4.5 0 1 0 9,0a4.5,4.5 0 1 0 -9,0z',
  square: 'm-4,-4h8v8h-8z',
  triangle: 'm0,-5l5,8.7h-10z',
  diamond: 'm0,-6l4,6l-4,6l-4,-6z',
};
