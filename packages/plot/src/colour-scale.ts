import { GradtapeError } from '@gradtape/autograd';
import { formatNumber, isOnAxis, type Range, type ScaleType, widen } from './axis.ts';
import { fromOklab, toOklab } from './oklab.ts';
import type { Shade } from './pixels.ts';
import { colourOf, fontSize, frameLine, notFiniteColour, paper, quietInk } from './style.ts';
import { svgElement, svgText } from './svg.ts';
import { textWidth } from './text.ts';
import { isDrawable, rangeOf } from './values.ts';

/** From pale to dark, for sizes; or from one colour over white to another, for what has a sign, white being zero. */
export type ColourScheme = 'sequential' | 'diverging';

export interface ColourScale {
  readonly colour: Shade;
  readonly range: Range;
  readonly type: ScaleType;
}

export interface ColourOptions {
  /** Default: 'diverging' where values have both signs, else 'sequential'. */
  readonly colours?: ColourScheme;
  /** Default 'linear'. On a 'log' scale, values that are not positive count as not finite. */
  readonly colourScale?: ScaleType;
  /** The values of the outermost colours; what lies beyond is clipped. Default: the lowest and the highest value. */
  readonly range?: Range;
}

// Lightness falls evenly, so that a print in grey and eyes of any kind of colour blindness see the order.
const sequential = [paper, '#9ecae1', '#3182bd', '#08306b'].map(toOklab);
const diverging = [colourOf(1), '#f2b98a', paper, '#8fc1e3', colourOf(0)].map(toOklab);

/** The colours of values. */
export function colourScale(values: ArrayLike<number>, options: ColourOptions): ColourScale {
  const { colourScale: type = 'linear' } = options;
  const shown = Array.from(values).filter((value) => isOnAxis(value, type));
  const found = options.range ?? rangeOf([shown]) ?? (type === 'log' ? [1, 10] : [0, 1]);
  checkRange(found, type);
  const hasBothSigns = found[0] < 0 && found[1] > 0;
  const scheme = options.colours ?? (hasBothSigns && type === 'linear' ? 'diverging' : 'sequential');
  const reach = Math.max(Math.abs(found[0]), Math.abs(found[1]));
  const range = widen(scheme === 'diverging' && options.range === undefined ? [-reach, reach] : found);
  const stops = scheme === 'diverging' ? diverging : sequential;
  const place = type === 'log' ? Math.log : (value: number): number => value;
  const [low, high] = range.map(place) as [number, number];
  const colour: Shade = (value) => {
    if (!isOnAxis(value, type)) return notFiniteColour;
    // Numbers that differ in their last digits may have the same logarithm.
    const share = low < high ? (place(value) - low) / (high - low) : 0.5;
    return between(stops, Math.min(1, Math.max(0, share)));
  };
  return { colour, range, type };
}

function checkRange([low, high]: Range, type: ScaleType): void {
  if (isDrawable(low) && isDrawable(high) && low <= high && (type === 'linear' || low > 0)) return;
  throw new GradtapeError('picture: not a range of values for colours', {
    got: `range [${low}, ${high}] on a ${type} scale`,
    needs: `finite numbers, the lower one first${type === 'log' ? ', both above 0' : ''}`,
    fix: 'leave range out for the lowest and the highest value',
  });
}

function between(stops: readonly ReturnType<typeof toOklab>[], share: number): string {
  const at = share * (stops.length - 1);
  const first = Math.min(stops.length - 2, Math.floor(at));
  const [from, to] = [stops[first], stops[first + 1]] as [(typeof stops)[number], (typeof stops)[number]];
  const mix = (a: number, b: number): number => a + (b - a) * (at - first);
  return fromOklab({ lightness: mix(from.lightness, to.lightness), a: mix(from.a, to.a), b: mix(from.b, to.b) });
}

/** Whether text on a colour is better drawn pale. */
export function isDark(colour: string): boolean {
  return toOklab(colour).lightness < 0.62;
}

const barWidth = 14;
const gap = 14;
const slices = 64;

/** The numbers written beside the bar: its ends, and its middle. */
function barLabels({ range: [low, high], type }: ColourScale): { value: number; text: string }[] {
  const middle = type === 'log' ? Math.sqrt(low * high) : (low + high) / 2;
  return [low, middle, high].map((value) => ({ value, text: formatNumber(Number(value.toPrecision(3))) }));
}

/** The width in pixels that the bar and its numbers take right of a drawing. */
export function colourBarWidth(scale: ColourScale): number {
  return gap + barWidth + 6 + Math.max(...barLabels(scale).map(({ text }) => textWidth(text, fontSize)));
}

/** A bar of all colours with their values, from `top` downwards, `left` pixels from the left. */
export function drawColourBar(scale: ColourScale, left: number, top: number, height: number): SVGElement {
  const [low, high] = scale.range;
  const valueAt = (share: number): number =>
    scale.type === 'log' ? low * (high / low) ** share : low + (high - low) * share;
  const x = left + gap;
  const bars = Array.from({ length: slices }, (_, k) =>
    svgElement('rect', {
      x,
      y: top + (height * k) / slices,
      width: barWidth,
      height: height / slices + 0.5,
      fill: scale.colour(valueAt(1 - (k + 0.5) / slices)),
    }),
  );
  const frame = svgElement('rect', { x, y: top, width: barWidth, height, fill: 'none', stroke: frameLine });
  const labels = barLabels(scale).map(({ text }, k) => {
    const y = top + height * (1 - k / 2) + (k === 0 ? 0 : k === 2 ? fontSize - 2 : 4);
    return svgText(text, x + barWidth + 6, y, { fill: quietInk });
  });
  return svgElement('g', { 'aria-label': 'colours' }, [...bars, frame, ...labels]);
}
