import { sameShape, showShape } from '../../../core/shape.ts';
import { reshape } from '../../../primitives/linear/reshape.ts';
import type { Repairing } from '../relation.ts';

/** The entries in the right order under another shape. */
export const otherShape: Repairing = ({ claimed, expected }) => {
  const [{ shape, length }, { shape: needed, length: wanted }] = [claimed[0], expected[0]];
  if (sameShape(shape, needed) || length !== wanted) return [];
  const says = `_has_ shape ${showShape(shape)} instead of ${showShape(needed)}, with the entries in the right order`;
  return [{ cause: 'other shape', says, claimed: claimed.map((x) => reshape(x, needed)) }];
};
