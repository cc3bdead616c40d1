import { sameShape } from '../../../core/shape.ts';
import { transposeMatrix } from '../../../primitives/linear/permute.ts';
import type { Repairing } from '../relation.ts';

/** The transpose. */
export const transpose: Repairing = ({ claimed, expected }) => {
  if (claimed[0].rank < 2) return [];
  const transposed = claimed.map(transposeMatrix);
  if (!sameShape(transposed[0].shape, expected[0].shape)) return [];
  return [{ cause: 'transposed', says: '_is_ transposed', claimed: transposed }];
};
