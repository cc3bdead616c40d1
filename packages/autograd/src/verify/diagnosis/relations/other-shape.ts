import { sameShape, showShape } from '../../../core/shape.ts';
import { reshape } from '../../../primitives/linear/reshape.ts';
import { allAlike } from '../alike.ts';
import type { Recognize } from '../relation.ts';

/** The right entries in the right order under another shape. */
export const otherShape: Recognize = ({ claimed, expected, tolerance }) => {
  const [{ shape }, { shape: needed }] = [claimed[0], expected[0]];
  if (sameShape(shape, needed) || claimed.some((x, i) => x.length !== expected[i].length)) return undefined;
  const reshaped = claimed.map((x) => reshape(x, needed));
  return allAlike(reshaped, expected, tolerance)
    ? {
        cause: 'other shape',
        says: `_is_ right but for the shape: ${showShape(shape)} instead of ${showShape(needed)}`,
        telling: true,
      }
    : undefined;
};
