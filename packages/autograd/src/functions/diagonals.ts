import { fail } from '../core/errors.ts';
import { normalizeDim, showShape } from '../core/shape.ts';
import type { Tensor } from '../core/tensor.ts';
import { permuteDims } from '../primitives/linear/permute.ts';
import { reshape } from '../primitives/linear/reshape.ts';
import { embed, type Range, rangesWith, slice } from '../primitives/linear/slice.ts';
import { sum } from './reductions.ts';

export interface DiagonalOptions {
  /** Which diagonal: 0 the main one, above it positive. Default: 0. */
  readonly offset?: number;
  /** The dim of the rows. Default: 0. */
  readonly dim1?: number;
  /** The dim of the columns. Default: 1. */
  readonly dim2?: number;
}

/** Where a diagonal lies in a matrix that is flattened. */
function diagonalRange(rows: number, columns: number, offset: number): Range {
  const size = Math.max(0, offset >= 0 ? Math.min(rows, columns - offset) : Math.min(rows + offset, columns));
  return { start: offset >= 0 ? offset : -offset * columns, step: columns + 1, size };
}

/** Throws unless a number names a diagonal. */
export function checkOffset(operation: string, offset: number): void {
  if (Number.isInteger(offset)) return;
  fail(`${operation}: not a diagonal`, {
    got: `${offset}`,
    needs: 'a whole number: 0 for the main diagonal, above it positive',
    fix: 'leave it out for the main diagonal',
  });
}

/**
 * The diagonal between two dims, as a last dim in their place: `out[…, i] = x[…, i, i + offset]`.
 *
 * @throws GradtapeError if `x` has not both dims, or they are the same.
 * @example
 * diagonal(tensor([[1, 2], [3, 4]])); // [1, 4]
 */
export function diagonal(x: Tensor, { offset = 0, dim1 = 0, dim2 = 1 }: DiagonalOptions = {}): Tensor {
  checkOffset('diagonal', offset);
  const [first, second] = [normalizeDim('diagonal', dim1, x.rank), normalizeDim('diagonal', dim2, x.rank)];
  if (first === second) {
    fail('diagonal: the two dims are the same', {
      got: `dim1 ${dim1} and dim2 ${dim2} of a tensor of ${x.rank} dims`,
      needs: 'two different dims',
      fix: 'dim1: -2, dim2: -1 for the matrices in a batch',
    });
  }
  const others = x.shape.map((_, d) => d).filter((d) => d !== first && d !== second);
  const lead = others.map((d) => x.shape[d]);
  const flat = reshape(permuteDims(x, [...others, first, second]), [...lead, x.shape[first] * x.shape[second]]);
  const range = diagonalRange(x.shape[first], x.shape[second], offset);
  return slice(flat, rangesWith(flat.shape, others.length, range));
}

/**
 * The diagonal of a matrix; or, of a vector, the matrix of zeros with the vector on its diagonal.
 *
 * @param offset Which diagonal: 0 the main one, above it positive. Default: 0.
 * @throws GradtapeError if `x` has not one or two dims.
 */
export function diag(x: Tensor, offset = 0): Tensor {
  checkOffset('diag', offset);
  if (x.rank === 2) return diagonal(x, { offset });
  if (x.rank !== 1) {
    fail('diag: neither a vector nor a matrix', {
      got: `shape ${showShape(x.shape)}`,
      needs: 'one or two dims',
      fix: 'use diagonal(x, { dim1, dim2 }) for a batch of matrices',
    });
  }
  const size = x.length + Math.abs(offset);
  return reshape(embed(x, [size * size], [diagonalRange(size, size, offset)]), [size, size]);
}

/**
 * Zeros with the last dim of `x` on a diagonal between two dims of the result: the way back from {@link diagonal}.
 *
 * @param options Dims count in the result, and default to its last two.
 * @throws GradtapeError if `x` has no dims, the offset is not whole, or the two dims are the same or out of range.
 * @example
 * diagEmbed(tensor([[1, 2], [3, 4]])); // [[[1, 0], [0, 2]], [[3, 0], [0, 4]]]
 */
export function diagEmbed(x: Tensor, { offset = 0, dim1 = -2, dim2 = -1 }: DiagonalOptions = {}): Tensor {
  checkOffset('diagEmbed', offset);
  const rank = x.rank + 1;
  const [first, second] =
    x.rank === 0 ? [0, 0] : [normalizeDim('diagEmbed', dim1, rank), normalizeDim('diagEmbed', dim2, rank)];
  if (first === second) {
    fail('diagEmbed: no plane for the diagonal', {
      got: `dim1 ${dim1} and dim2 ${dim2}, for shape ${showShape(x.shape)}`,
      needs: 'at least one dim, and two different dims of the result',
      fix: 'leave the dims out for the last two',
    });
  }
  const lead = x.shape.slice(0, -1);
  const length = x.shape[x.rank - 1];
  const size = length + Math.abs(offset);
  const shape = [...lead, size * size];
  const flat = embed(x, shape, rangesWith(shape, lead.length, { ...diagonalRange(size, size, offset), size: length }));
  const others = lead.map((_, d) => d);
  const order = Array.from({ length: rank }, (_, d) =>
    d === first ? lead.length : d === second ? lead.length + 1 : (others.shift() as number),
  );
  return permuteDims(reshape(flat, [...lead, size, size]), order);
}

/**
 * The matrix of zeros with all entries of `x`, in reading order, on a diagonal.
 *
 * @param offset Which diagonal: 0 the main one, above it positive. Default: 0.
 * @throws GradtapeError if the offset is not whole.
 * @example
 * diagflat(tensor([[1, 2]]), 1); // [[0, 1, 0], [0, 0, 2], [0, 0, 0]]
 */
export function diagflat(x: Tensor, offset = 0): Tensor {
  return diagEmbed(reshape(x, [x.length]), { offset });
}

/** The sum of a matrix's diagonal. Throws for anything else than a matrix. */
export function trace(x: Tensor): Tensor {
  if (x.rank !== 2) {
    fail('trace: not a matrix', {
      got: `shape ${showShape(x.shape)}`,
      needs: 'two dims',
      fix: 'for a batch: diagonal(x, { dim1: -2, dim2: -1 }).sum(-1)',
    });
  }
  return sum(diagonal(x));
}
