import { isFloating } from '../../core/dtype.ts';
import type { Tensor } from '../../core/tensor.ts';
import { transposeMatrix } from '../../primitives/linear/permute.ts';
import { reshape } from '../../primitives/linear/reshape.ts';

/** Which values a derivation writes in columns while the function has them in rows: all of floating dtype, or those named. */
export type Columns = boolean | readonly string[];

function isInColumns(columns: Columns, name: string, x: Tensor): boolean {
  return isFloating(x.dtype) && (typeof columns === 'boolean' ? columns : columns.includes(name));
}

/** As the derivation writes it: matrices transposed, vectors as one column. */
export function toColumns(columns: Columns, name: string, x: Tensor): Tensor {
  if (!isInColumns(columns, name, x)) return x;
  if (x.rank === 1) return reshape(x, [x.length, 1]);
  return x.rank === 2 ? transposeMatrix(x) : x;
}

/** A gradient as the derivation writes it, in the layout of the tensor that it belongs to. */
export function fromColumns(columns: Columns, name: string, gradient: Tensor, x: Tensor): Tensor {
  if (!isInColumns(columns, name, x)) return gradient;
  const isColumn = gradient.rank === 2 && gradient.shape[1] === 1;
  if (x.rank === 1 && isColumn) return reshape(gradient, [gradient.length]);
  return x.rank === 2 && gradient.rank === 2 ? transposeMatrix(gradient) : gradient;
}
