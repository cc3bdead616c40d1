import { transposeMatrix } from '../../../primitives/linear/permute.ts';
import { allAlike } from '../alike.ts';
import type { Recognize } from '../relation.ts';

/** The transpose. */
export const transpose: Recognize = ({ claimed, expected, tolerance }) => {
  if (expected.some((x) => x.rank < 2)) return undefined;
  return allAlike(claimed, expected.map(transposeMatrix), tolerance)
    ? { cause: 'transposed', says: '_is_ transposed', telling: true }
    : undefined;
};
