import * as Plot from '@observablehq/plot';
import { drawingDocument } from './platform.ts';
import { edge, fontSize, gridLine, quietInk } from './style.ts';
import { formatCount, printable, shortenText, widestText } from './text.ts';
import { isDrawable, rangeOf } from './values.ts';

/** How numbers become lengths along an axis. A logarithmic one leaves out what is not positive. */
export type ScaleType = 'linear' | 'log';

export type Range = readonly [low: number, high: number];

// Steps between closer numbers would vanish.
const closest = 1e-300;

/** Whether a value has a place on the axis. */
export function isOnAxis(value: number, type: ScaleType): boolean {
  return isDrawable(value) && (type === 'linear' || value >= closest);
}

/** A scale, with what its axis writes: kept apart because Plot takes them in different places. */
export interface NumericAxis {
  readonly scale: Plot.ScaleOptions;
  readonly ticks: { readonly ticks?: number[]; readonly tickFormat?: (value: number) => string };
  readonly label: string | undefined;
}

/**
 * An axis that shows all of `values` that have a place there; where they are one value or none, it is given a
 * length around it.
 */
export function numericAxis(type: ScaleType, values: readonly number[], label: string | undefined): NumericAxis {
  const shown = values.filter((value) => isOnAxis(value, type));
  const domain = type === 'log' ? widenToSteps(rangeOf([shown]) ?? [1, 10]) : widen(rangeOf([shown]) ?? [0, 1]);
  return { scale: { type, domain }, ticks: chooseTicks(type, domain, shown), label };
}

/** The same axis, extended to the next round numbers. */
export function withRoundEnds(axis: NumericAxis): NumericAxis {
  return axis.scale.type === 'log' ? axis : { ...axis, scale: { ...axis.scale, nice: true } };
}

function chooseTicks(type: ScaleType, [low, high]: Range, shown: readonly number[]): NumericAxis['ticks'] {
  if (type === 'log') return { ticks: logarithmicTicks(low, high), tickFormat: formatNumber };
  if (shown.every(Number.isInteger) && high - low <= 10)
    return { ticks: integersWithin(low, high), tickFormat: formatNumber };
  // Plot writes all digits, which suits numbers of everyday size only.
  const extreme = Math.max(Math.abs(low), Math.abs(high));
  return extreme >= 1e6 || extreme < 1e-3 ? { tickFormat: formatNumber } : {};
}

function integersWithin(low: number, high: number): number[] {
  const first = Math.ceil(low);
  return Array.from({ length: Math.floor(high) - first + 1 }, (_, i) => first + i);
}

/** The same range, unless it is a single value: then one around it. */
export function widen([low, high]: Range): Range {
  if (high - low > closest) return [low, high];
  const margin = Math.abs(low) > closest ? Math.abs(low) / 2 : 1;
  return [low - margin, high + margin];
}

/** From the last of 1, 2, 5, 10, … below to the next above. */
function widenToSteps([low, high]: Range): Range {
  const steps = logarithmicSteps(low, high, [1, 2, 5]);
  const start = steps.findLast((step) => step <= low) ?? low;
  return [start, steps.find((step) => step >= high && step > start) ?? high];
}

/** Powers of ten, at most about eight; where that would be fewer than three, also their double and fivefold. */
function logarithmicTicks(low: number, high: number): number[] {
  const decades = Math.log10(high) - Math.log10(low);
  const steps = logarithmicSteps(low, high, decades < 3 ? [1, 2, 5] : [1]);
  const stride = decades < 3 ? 1 : Math.ceil(decades / 8);
  return steps.filter((step, i) => i % stride === 0 && step >= low && step <= high);
}

/** The multiples of all powers of ten from the one at or below `low` to the first beyond `high`. */
function logarithmicSteps(low: number, high: number, multiples: readonly number[]): number[] {
  const steps: number[] = [];
  for (let exponent = Math.floor(Math.log10(low)); exponent <= Math.log10(high) + 1; exponent++) {
    for (const multiple of multiples) steps.push(Number(`${multiple}e${exponent}`));
  }
  return steps;
}

/** As an axis writes numbers, with a true minus sign: 0.001, 20,000, −3, 1e−7. */
export function formatNumber(value: number): string {
  const size = Math.abs(value);
  if (size >= 1e6 || (size < 1e-3 && size > 0)) return exponential(value).replaceAll('-', '−');
  const sign = value < 0 ? '−' : '';
  return sign + (Number.isInteger(value) ? formatCount(size) : String(Number(size.toPrecision(6))));
}

function exponential(value: number): string {
  return value.toExponential(5).replace(/\.?0*e\+?/, 'e');
}

/**
 * Axes that do not compete with the data, pale grid lines for below it, and the margins that their text needs in a
 * drawing of some `width`, `besides` being the width of what else stands right of them.
 */
export function drawAxes(
  x: NumericAxis,
  y: NumericAxis,
  width: number,
  besides = 0,
): { axes: Plot.Markish; grid: Plot.Markish; margins: Margins } {
  const halfOfXTick = tickLabelWidth(x) / 2;
  const margins = {
    marginTop: y.label === undefined ? 12 : 28,
    marginRight: edge + Math.max(halfOfXTick, besides),
    marginBottom: x.label === undefined ? 30 : 44,
    marginLeft: edge + Math.max(halfOfXTick, tickLabelWidth(y) + 10),
  };
  const quiet = { color: quietInk, tickSize: 0, tickPadding: 8 };
  const axes = [
    Plot.axisX({
      ...quiet,
      ...x.ticks,
      label: fitLabel(x.label, width - margins.marginLeft - margins.marginRight),
      labelAnchor: 'center',
      labelArrow: 'none',
      labelOffset: margins.marginBottom - 6,
    }),
    Plot.axisY({
      ...quiet,
      ...y.ticks,
      label: fitLabel(y.label, width - 2 * edge - arrowWidth),
      labelAnchor: 'top',
      labelOffset: margins.marginLeft - edge,
    }),
  ];
  const line = { stroke: gridLine, strokeOpacity: 1 };
  const grid = [Plot.gridX({ ...line, ...x.ticks }), Plot.gridY({ ...line, ...y.ticks })];
  return { axes, grid, margins };
}

const arrowWidth = 20;

function fitLabel(label: string | undefined, width: number): string | null {
  return label === undefined ? null : printable(shortenText(label, width, fontSize));
}

type Margins = Required<Pick<Plot.PlotOptions, 'marginTop' | 'marginRight' | 'marginBottom' | 'marginLeft'>>;

/** The width in pixels of the widest label that Plot writes at a tick, where ticks are as close as on a y axis. */
function tickLabelWidth({ scale, ticks }: NumericAxis): number {
  const axis = Plot.plot({ document: drawingDocument(), y: scale, marks: [Plot.axisY({ ...ticks, label: null })] });
  const labels = [...axis.querySelectorAll('text')].map((label) => label.textContent ?? '');
  return widestText(labels, fontSize);
}
