import { isFloating } from '../core/dtype.ts';
import { fail } from '../core/errors.ts';
import type { Tensor } from '../core/tensor.ts';

/** Throws unless indices or labels are whole numbers. */
export function checkWhole(operation: string, indices: Tensor): void {
  if (indices.dtype === 'int32') return;
  fail(`${operation}: the indices are not whole numbers`, {
    got: `dtype ${indices.dtype}`,
    needs: 'dtype int32',
    fix: "tensor([0, 2], { dtype: 'int32' }), or convert: indices.to('int32')",
  });
}

/** Throws unless a mask is of truth values. */
export function checkMask(operation: string, mask: Tensor): void {
  if (mask.dtype === 'bool') return;
  fail(`${operation}: the mask is not of truth values`, {
    got: `dtype ${mask.dtype}`,
    needs: 'dtype bool',
    fix: "compare first: x.gt(0), or convert: mask.to('bool')",
  });
}

/** Throws for whole numbers and truth values. */
export function checkFloating(operation: string, x: Tensor): void {
  if (isFloating(x.dtype)) return;
  fail(`${operation}: not defined for whole numbers`, {
    got: `dtype ${x.dtype}`,
    needs: 'float32 or float64',
    fix: "convert first: x.to('float32')",
  });
}
