import type { Range } from './axis.ts';

/** A point of the plane. */
export type Place = readonly [x: number, y: number];

const gap: Place = [Number.NaN, Number.NaN];

/** The parts of a path that lie in a rectangle, with gaps between them. */
export function clipPath(points: readonly Place[], x: Range, y: Range): Place[] {
  const clipped: Place[] = points.length === 1 && isWithin(points[0] as Place, x, y) ? [points[0] as Place] : [];
  for (let i = 1; i < points.length; i++) {
    const segment = clipSegment(points[i - 1] as Place, points[i] as Place, x, y);
    if (segment === undefined) continue;
    const [from, to] = segment;
    const last = clipped.at(-1);
    if (last === undefined) clipped.push(from);
    else if (last[0] !== from[0] || last[1] !== from[1]) clipped.push(gap, from);
    clipped.push(to);
  }
  return clipped;
}

function isWithin([x, y]: Place, [left, right]: Range, [bottom, top]: Range): boolean {
  return x >= left && x <= right && y >= bottom && y <= top;
}

/** The part of a segment in the rectangle. Source: Y. Liang and B. Barsky, "A New Concept and Method for Line Clipping", 1984. */
function clipSegment(from: Place, to: Place, x: Range, y: Range): [Place, Place] | undefined {
  let [start, end] = [0, 1];
  for (const [axis, [low, high]] of [x, y].entries()) {
    const at = from[axis] as number;
    const step = (to[axis] as number) - at;
    if (step === 0 && (at < low || at > high)) return undefined;
    if (step === 0) continue;
    const [enters, leaves] =
      step > 0 ? [(low - at) / step, (high - at) / step] : [(high - at) / step, (low - at) / step];
    start = Math.max(start, enters);
    end = Math.min(end, leaves);
  }
  const [beginsWithin, endsWithin] = [isWithin(from, x, y), isWithin(to, x, y)];
  // What only touches the border is not drawn.
  if (start >= end && !beginsWithin && !endsWithin) return undefined;
  // Rounded into the rectangle: of a segment that comes from very far, the share is not exact enough.
  const within = (value: number, [low, high]: Range): number => Math.min(high, Math.max(low, value));
  const at = (share: number): Place => [
    within(from[0] + share * (to[0] - from[0]), x),
    within(from[1] + share * (to[1] - from[1]), y),
  ];
  return [beginsWithin ? from : at(start), endsWithin ? to : at(end)];
}
