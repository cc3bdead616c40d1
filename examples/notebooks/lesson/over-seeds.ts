import type { Curve } from '@gradtape/plot';

/** The same curve of several seeds as one: its median, with a band from the least to the greatest. */
export function overSeeds(curves: readonly (readonly number[])[], x?: readonly number[]): Curve {
  const points = (curves[0] ?? []).map((_, k) => curves.map((curve) => curve[k] as number));
  const band = { low: points.map((at) => Math.min(...at)), high: points.map((at) => Math.max(...at)) };
  return { y: points.map(median), band, ...(x && { x }) };
}

/** The one in the middle, or between the two in the middle; what is no number counts as greater than all. */
export function median(values: readonly number[]): number {
  const sorted = [...values.filter((value) => !Number.isNaN(value)).toSorted((a, b) => a - b)];
  while (sorted.length < values.length) sorted.push(Number.NaN);
  const middle = (sorted.length - 1) / 2;
  return ((sorted[Math.floor(middle)] as number) + (sorted[Math.ceil(middle)] as number)) / 2;
}

/** What several seeds gave, for people: `0.031 (0.025 to 0.054)`, the median and how far it goes. */
export function spread(values: readonly number[], digits = 2): string {
  const [middle, low, high] = [median(values), Math.min(...values), Math.max(...values)].map((value) =>
    String(Number(value.toPrecision(digits))),
  );
  return `${middle} (${low} to ${high})`;
}
