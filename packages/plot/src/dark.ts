import { fromOklab, toOklab } from './oklab.ts';
import { ink, paper } from './style.ts';

/** What paper and ink become. */
const darkPaper = toOklab('#0d1117').lightness;
const paleInk = toOklab('#e6edf3').lightness;

const colours = /(fill|stroke|color|stop-color)="(#[0-9a-f]{6})"/g;
const image = /<g [^>]*aria-label="image"[^>]*>.*?<\/g>/gs;

/**
 * The text of a drawing on dark paper: the lightness of every colour is turned around, so that what stood out stands out,
 * and hues stay. Images stay as they are.
 */
export function onDarkPaper(svg: string): string {
  const images = [...svg.matchAll(image)];
  const drawings = svg
    .split(image)
    .map((part) => part.replace(colours, (_, name, colour) => `${name}="${turned(colour)}"`));
  return drawings.map((part, k) => part + (images[k]?.[0] ?? '')).join('');
}

const light = { paper: toOklab(paper).lightness, ink: toOklab(ink).lightness };

function turned(colour: string): string {
  const { lightness, a, b } = toOklab(colour);
  const share = (light.paper - lightness) / (light.paper - light.ink);
  return fromOklab({ lightness: Math.min(1, darkPaper + share * (paleInk - darkPaper)), a, b });
}
