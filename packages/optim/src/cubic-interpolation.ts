/** A point of a line search: how far along the direction, the function there, and its slope along the direction. */
export interface LinePoint {
  readonly t: number;
  readonly value: number;
  readonly slope: number;
}

/**
 * Where the cubic through two points, with their slopes, has its minimum, held within bounds: those of the points, unless given.
 * The middle of the bounds if it has none. Nocedal and Wright, Numerical Optimization, (3.59).
 */
export function minimumOfCubic(
  a: LinePoint,
  b: LinePoint,
  [least, most]: readonly [number, number] = [Math.min(a.t, b.t), Math.max(a.t, b.t)],
): number {
  const [left, right] = a.t <= b.t ? [a, b] : [b, a];
  const d1 = a.slope + b.slope - (3 * (a.value - b.value)) / (a.t - b.t);
  const squared = d1 ** 2 - a.slope * b.slope;
  // Also where it is not a number.
  if (!(squared >= 0)) return (least + most) / 2;
  const d2 = Math.sqrt(squared);
  const t = right.t - (right.t - left.t) * ((right.slope + d2 - d1) / (right.slope - left.slope + 2 * d2));
  return Math.min(Math.max(t, least), most);
}
