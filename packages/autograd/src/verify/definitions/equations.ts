import { entriesOf, type Shape } from '../../core/shape.ts';
import type { Tensor } from '../../core/tensor.ts';
import { eighPrimitive } from '../../primitives/piecewise/eigh.ts';
import { signOfDeterminantPrimitive } from '../../primitives/piecewise/sign-of-determinant.ts';
import {
  changeOfCofactorsPrimitive,
  choleskyPrimitive,
  cofactorsPrimitive,
  determinantPrimitive,
  inversePrimitive,
  logAbsDeterminantPrimitive,
  solvePrimitive,
  triangularSolvePrimitive,
} from '../../primitives/smooth/linear-algebra/index.ts';
import type { Primitive } from '../../tape/primitive.ts';
import { numbersOf } from '../compare.ts';
import { range, total } from './definition.ts';

// What is computed of matrices is defined by an equation, not entry by entry.

type Matrix = readonly (readonly number[])[];

/** How far a value is from solving its equation, as a part of the largest number in it. */
type ErrorOf<P> = (value: Tensor, inputs: readonly Tensor[], params: P) => number;

/** The matrices of a tensor, of so many rows and columns as its last dims. */
function matricesOf(x: Tensor): Matrix[] {
  const [rows, columns] = x.shape.slice(-2);
  const entries = numbersOf(x);
  return range(entriesOf(x.shape.slice(0, -2))).map((k) =>
    range(rows).map((i) => range(columns).map((j) => entries[(k * rows + i) * columns + j])),
  );
}

const transposed = (a: Matrix, columns: number): Matrix => range(columns).map((j) => a.map((row) => row[j]));
const times = (a: Matrix, b: Matrix, columns: number): Matrix =>
  a.map((row) => range(columns).map((j) => total(row.map((entry, k) => entry * b[k][j]))));
const identity = (size: number): Matrix => range(size).map((i) => range(size).map((j) => Number(i === j)));
const filled = (a: Matrix, entry: (i: number, j: number, old: number) => number): Matrix =>
  a.map((row, i) => row.map((old, j) => entry(i, j, old)));
const symmetric = (a: Matrix): Matrix => filled(a, (i, j, old) => (old + a[j][i]) / 2);
const magnitude = (...matrices: readonly Matrix[]): number =>
  Math.max(0, ...matrices.flat(2).map((entry) => Math.abs(entry)));

function apart(a: Matrix, b: Matrix, ...others: readonly Matrix[]): number {
  const largest = magnitude(a, b, ...others);
  const distance = Math.max(0, ...a.flatMap((row, i) => row.map((entry, j) => Math.abs(entry - b[i][j]))));
  return distance === 0 ? 0 : distance / largest;
}

/** By Leibniz: the sum over permutations, with their signs. */
function determinant(a: Matrix): number {
  const [first, ...below] = a;
  if (first === undefined) return 1;
  return total(
    first.map((entry, j) => (j % 2 === 0 ? 1 : -1) * entry * determinant(below.map((row) => row.toSpliced(j, 1)))),
  );
}

function cofactorsOf(a: Matrix): Matrix {
  return filled(a, (i, j) => {
    const minor = a.toSpliced(i, 1).map((row) => row.toSpliced(j, 1));
    return ((i + j) % 2 === 0 ? 1 : -1) * determinant(minor);
  });
}

/** The largest error of all matrices of a batch. */
function largestError(batch: number, errorOf: (k: number) => number): number {
  return Math.max(0, ...range(batch).map(errorOf));
}

const batchOf = (shape: Shape, dims = 2): number => entriesOf(shape.slice(0, shape.length - dims));

function define<P>(primitive: Primitive<P>, errorOf: ErrorOf<P>): readonly [Primitive, ErrorOf<unknown>] {
  return [primitive as Primitive, errorOf as ErrorOf<unknown>];
}

/** `A X = B`, of a part of A. */
function solves<P>(part: (a: Matrix, params: P) => Matrix): ErrorOf<P> {
  return (value, [a, b], params) => {
    const [as, bs, xs] = [a, b, value].map(matricesOf);
    const columns = b.shape[b.rank - 1];
    return largestError(batchOf(b.shape), (k) => {
      const matrix = part(as[k], params);
      return apart(times(matrix, xs[k], columns), bs[k], matrix, xs[k]);
    });
  };
}

/** One number for each matrix. */
function numberOf(expected: (a: Matrix) => number): ErrorOf<undefined> {
  return (value, [a]) => {
    const numbers = numbersOf(value);
    return largestError(batchOf(a.shape), (k) =>
      apart([[numbers[k]]], [[expected(matricesOf(a)[k])]], matricesOf(a)[k]),
    );
  };
}

/** Each primitive that is defined by an equation, with its error. */
export const equations: ReadonlyMap<Primitive, ErrorOf<unknown>> = new Map([
  define(
    solvePrimitive,
    solves((a) => a),
  ),
  define(
    triangularSolvePrimitive,
    solves((a, { upper, unitriangular }) =>
      filled(a, (i, j, old) => (i === j ? (unitriangular ? 1 : old) : (upper ? i < j : j < i) ? old : 0)),
    ),
  ),
  define(inversePrimitive, (value, [a]) => {
    const size = a.shape[a.rank - 1];
    const [as, inverses] = [a, value].map(matricesOf);
    return largestError(batchOf(a.shape), (k) => apart(times(as[k], inverses[k], size), identity(size), as[k]));
  }),
  define(choleskyPrimitive, (value, [a]) => {
    const size = a.shape[a.rank - 1];
    const [as, triangles] = [a, value].map(matricesOf);
    return largestError(batchOf(a.shape), (k) => {
      const l = triangles[k];
      const isTriangle = l.every((row, i) => row.every((entry, j) => j <= i || entry === 0));
      return isTriangle ? apart(times(l, transposed(l, size), size), symmetric(as[k])) : Infinity;
    });
  }),
  define(eighPrimitive, (value, [a]) => {
    const size = a.shape[a.rank - 1];
    const [as, packed] = [a, value].map(matricesOf);
    return largestError(batchOf(a.shape), (k) => {
      const [eigenvalues = [], ...v] = packed[k];
      const rises = eigenvalues.every((lambda, i) => i === 0 || eigenvalues[i - 1] <= lambda);
      const scaled = filled(v, (_, j, old) => old * eigenvalues[j]);
      const ofEquation = apart(times(symmetric(as[k]), v, size), scaled, as[k]);
      return rises ? Math.max(ofEquation, apart(times(transposed(v, size), v, size), identity(size))) : Infinity;
    });
  }),
  define(determinantPrimitive, numberOf(determinant)),
  define(
    logAbsDeterminantPrimitive,
    numberOf((a) => Math.log(Math.abs(determinant(a)))),
  ),
  define(
    signOfDeterminantPrimitive,
    numberOf((a) => Math.sign(determinant(a))),
  ),
  define(cofactorsPrimitive, (value, [a]) => {
    const [as, values] = [a, value].map(matricesOf);
    return largestError(batchOf(a.shape), (k) => apart(values[k], cofactorsOf(as[k])));
  }),
  define(changeOfCofactorsPrimitive, (value, [a, h]) => {
    const [as, hs, values] = [a, h, value].map(matricesOf);
    // Cofactors of at most four rows are cubic along H: differences of five points give their derivative exactly.
    const at = (k: number, t: number): Matrix => cofactorsOf(filled(as[k], (i, j, old) => old + t * hs[k][i][j]));
    return largestError(batchOf(a.shape), (k) => {
      const [two, one, minusOne, minusTwo] = [2, 1, -1, -2].map((t) => at(k, t));
      const change = filled(one, (i, j, f) => (8 * (f - minusOne[i][j]) - two[i][j] + minusTwo[i][j]) / 12);
      return apart(values[k], change, one, two);
    });
  }),
]);
