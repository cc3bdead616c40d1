import { entriesOf, type Shape } from '../../core/shape.ts';
import { power, product, scaled, termOf } from './arithmetic.ts';
import { whole } from './calls.ts';
import { type Expression, isZero, number } from './expression.ts';
import { matrixProduct } from './matrix-product.ts';
import { norm } from './norm.ts';
import { leastTransposed, transposed } from './rewrite.ts';

// A tensor of one dim is a column; one number for all entries is written without saying how often it stands there, but for
// products of matrices, where that counts.

/** The shape that a tensor of at most two dims has as a matrix. */
function asMatrix(shape: Shape): readonly [rows: number, columns: number] {
  return [shape[0] ?? 1, shape[1] ?? 1];
}

/** A column of ones. */
function onesColumn(length: number): Expression {
  return { kind: 'name', text: '\\mathbf{1}', id: `1 of ${length}`, single: false, ones: length };
}

/** A matrix of ones: `1 1ᵀ`, or one of the two. */
function ones([rows, columns]: readonly [number, number]): Expression {
  const [column, row] = [onesColumn(rows), transposed(onesColumn(columns))];
  if (columns === 1) return rows === 1 ? number(1) : column;
  return rows === 1 ? row : matrixProduct([column, row], false);
}

export function matmul(a: Expression, shapeA: Shape, b: Expression, shapeB: Shape): Expression {
  const [first, second] = [spread(a, shapeA), spread(b, shapeB)];
  const single = shapeA.at(-2) === 1 && shapeB.at(-1) === 1 && entriesOf(shapeA.slice(0, -2)) === 1;
  return matrixProduct([first, second], single);
}

export function inverse(a: Expression): Expression {
  return a.single ? power(a, -1) : { kind: 'power', base: a, exponent: number(-1), single: false };
}

/** One number as the matrix of it. */
export function spread(e: Expression, shape: Shape): Expression {
  return e.single && entriesOf(shape) !== 1 ? product([e, ones(asMatrix(shape.slice(-2)))]) : e;
}

export function permute(e: Expression, order: readonly number[]): Expression {
  const last = order.length - 1;
  if (e.single || order.every((dim, d) => dim === d)) return e;
  const swapsLast = order.every((dim, d) => dim === (d === last ? last - 1 : d === last - 1 ? last : d));
  return swapsLast ? transposed(e) : whole(`\\operatorname{permute}_{${order.join(', ')}}(`, [e], ')');
}

export function reshape(e: Expression, from: Shape, to: Shape): Expression {
  const counted = (shape: Shape): string => shape.filter((size) => size !== 1).join();
  if (e.single) return e;
  const sameOrder = counted(from) === counted(to);
  if (from.length > 2 || to.length > 2) return sameOrder ? e : reshaped(e, to);
  const [[rows, columns], [newRows, newColumns]] = [asMatrix(from), asMatrix(to)];
  if (rows === newRows) return e;
  return sameOrder && rows === newColumns && columns === newRows ? transposed(e) : reshaped(e, to);
}

function reshaped(e: Expression, to: Shape): Expression {
  return whole(`\\operatorname{reshape}_{${to.join(' \\times ')}}(`, [e], ')');
}

export function broadcast(e: Expression, from: Shape, to: Shape): Expression {
  if (to.length > 2 || (e.single && !isMatrixOfOne(e))) return e;
  const [rows, columns] = asMatrix(to);
  if (from.length < to.length)
    return rows === 1 ? transposed(e) : matrixProduct([onesColumn(rows), transposed(e)], false);
  const [fromRows, fromColumns] = asMatrix(from);
  const below = fromRows === rows ? [] : [onesColumn(rows)];
  const beside = fromColumns === columns ? [] : [transposed(onesColumn(columns))];
  return matrixProduct([...below, e, ...beside], false);
}

/** A bias of one entry, for example: that it is repeated is written, as for any other. */
function isMatrixOfOne(e: Expression): boolean {
  return e.kind === 'name' && e.tensor?.rank === 2;
}

/** What a sum was simplified by: data whose sums are all 1. */
export type NoticeSumOfOne = (data: Expression, dims: readonly number[]) => void;

export function sumOver(e: Expression, shape: Shape, dims: readonly number[], notice: NoticeSumOfOne): Expression {
  const stretched = dims.filter((d) => shape[d] !== 1);
  if (stretched.length === 0) return e;
  if (e.single) return scaled({ numerator: entriesOf(stretched.map((d) => shape[d])), denominator: 1 }, e);
  const { coefficient, factors } = termOf(e);
  const outside = factors.filter(({ base }) => base.single).map(({ base, exponent }) => power(base, exponent));
  const inside = factors.filter(({ base }) => !base.single).map(({ base, exponent }) => power(base, exponent));
  return product([number(coefficient), ...outside, sumOfTerm(product(inside), shape, stretched, dims, notice)]);
}

function sumOfTerm(
  e: Expression,
  shape: Shape,
  stretched: readonly number[],
  dims: readonly number[],
  notice: NoticeSumOfOne,
): Expression {
  const isMatrix = shape.length === 2;
  if (addsUpToOne(e, isMatrix && dims.length === 1 ? dims : 'all')) {
    notice(e, dims);
    return number(1);
  }
  if (isMatrix && dims.length === 1) {
    return dims[0] === 0
      ? matrixProduct([transposed(onesColumn(shape[0])), e], shape[1] === 1)
      : matrixProduct([e, onesColumn(shape[1])], shape[0] === 1);
  }
  if (shape.every((size, d) => size === 1 || stretched.includes(d))) return total(e);
  return whole(`\\operatorname{sum}_{${dims.join(', ')}}(`, [e], ')');
}

function addsUpToOne(e: Expression, dims: readonly number[] | 'all'): boolean {
  if (e.kind === 'name') return e.addsUpToOne?.includes(dims === 'all' ? -1 : dims[0]) ?? false;
  if (e.kind !== 'transposed') return false;
  return addsUpToOne(e.of, dims === 'all' ? 'all' : [1 - dims[0]]);
}

/** The sum of all entries; of squares, the squared norm. */
function total(e: Expression): Expression {
  const { factors } = termOf(e);
  if (factors.length === 1 && factors[0].exponent === 2) return power(norm(leastTransposed(factors[0].base)), 2);
  return isZero(e) ? e : { kind: 'total', of: leastTransposed(e), single: true };
}
