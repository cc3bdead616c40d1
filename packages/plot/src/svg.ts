import { drawingDocument } from './platform.ts';
import { fontSize } from './style.ts';
import { printable } from './text.ts';

export type Attributes = Readonly<Record<string, string | number | undefined>>;

/** An SVG element; attributes that are undefined are left out. */
export function svgElement(name: string, attributes: Attributes, children: readonly SVGElement[] = []): SVGElement {
  const element = drawingDocument().createElementNS('http://www.w3.org/2000/svg', name) as SVGElement;
  for (const [attribute, value] of Object.entries(attributes)) {
    if (value !== undefined) element.setAttribute(attribute, printable(String(value)));
  }
  element.append(...children);
  return element;
}

/** One line of text whose baseline starts at (`x`, `y`). */
export function svgText(text: string, x: number, y: number, attributes: Attributes = {}): SVGElement {
  const element = svgElement('text', { x, y, 'text-anchor': 'start', 'font-size': fontSize, ...attributes });
  element.append(printable(text));
  return element;
}
