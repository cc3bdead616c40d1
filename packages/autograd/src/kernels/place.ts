import type { DType, Storage } from '../core/dtype.ts';
import type { Tensor } from '../core/tensor.ts';
import { loopNest } from './iteration.ts';
import { compileSource } from './javascript.ts';
import { type PairNest, visitInnerLoops } from './pair-nest.ts';
import { perDType } from './per-dtype.ts';
import { type VectorPlace, vectorPlace } from './vector-place.ts';

/** Writes the entries of `x` into the places that `target` views; both have one shape. Only for storage nobody else has seen. */
export function copyInto(target: Tensor, x: Tensor): void {
  place(copyLoops, copyByVectors, target, x);
}

/** Adds the entries of `x` to the places that `target` views, which may overlap; both have one dtype. */
export function addInto(target: Tensor, x: Tensor): void {
  place(addLoops, addByVectors, target, x);
}

/** Goes over the three inner loops of a nest, from a place of each operand. */
type InnerLoops = (y: Storage, yAt: number, x: Storage, xAt: number, nest: PairNest) => void;

const copyLoops = loopsOf('=', (y, yAt, x, xAt) => {
  y[yAt] = x[xAt];
});
const addLoops = loopsOf('+=', (y, yAt, x, xAt) => {
  y[yAt] += x[xAt];
});

const [copyByVectors, addByVectors] = [vectorPlace(false), vectorPlace(true)];

/** The loop for a pair of dtypes; where source may not be compiled all pairs share `entry`. */
function loopsOf(
  assignment: string,
  entry: (y: Storage, yAt: number, x: Storage, xAt: number) => void,
): (y: DType) => (x: DType) => InnerLoops {
  return perDType(() => perDType(() => compiledLoop(assignment) ?? interpretedLoop(entry)));
}

/** From this length on, calling the platform's copy takes less time than a loop of JavaScript, */
const LONG_ROW = 48;
/** and from this one on less than vectors. */
const LONG_ROW_FOR_VECTORS = 96;

/** Rows that lie in one piece are copied as one, or taken four entries at a time. */
function compiledLoop(assignment: string): InnerLoops | undefined {
  const copyLongRow =
    assignment === '=' ? `if (columns >= ${LONG_ROW}) { y.set(x.subarray(p, p + columns), q); continue; }` : '';
  return compileSource(
    'y, yAt, x, xAt, nest',
    `const [planes, rows, columns] = nest.sizes;
    const [yPlane, yRow, yColumn] = nest.ySteps;
    const [xPlane, xRow, xColumn] = nest.xSteps;
    for (let h = 0; h < planes; h++) {
      for (let i = 0; i < rows; i++) {
        let q = yAt + h * yPlane + i * yRow, p = xAt + h * xPlane + i * xRow;
        if (yColumn === 1 && xColumn === 1) {
          ${copyLongRow}
          const end = q + columns, wholeEnd = end - 3;
          for (; q < wholeEnd; q += 4, p += 4) {
            y[q] ${assignment} x[p];
            y[q + 1] ${assignment} x[p + 1];
            y[q + 2] ${assignment} x[p + 2];
            y[q + 3] ${assignment} x[p + 3];
          }
          for (; q < end; q++, p++) y[q] ${assignment} x[p];
        } else {
          for (let j = 0; j < columns; j++, q += yColumn, p += xColumn) y[q] ${assignment} x[p];
        }
      }
    }`,
  ) as InnerLoops | undefined;
}

/** The same loop without compiled source: slower, and the reference. */
export function interpretedLoop(entry: (y: Storage, yAt: number, x: Storage, xAt: number) => void): InnerLoops {
  return (y, yAt, x, xAt, { sizes, ySteps, xSteps }) => {
    const walk = (dim: number, q: number, p: number): void => {
      if (dim === sizes.length) entry(y, q, x, p);
      else for (let i = 0; i < sizes[dim]; i++) walk(dim + 1, q + i * ySteps[dim], p + i * xSteps[dim]);
    };
    walk(0, yAt, xAt);
  };
}

function place(loops: (y: DType) => (x: DType) => InnerLoops, byVectors: VectorPlace, target: Tensor, x: Tensor): void {
  if (x.length === 0) return;
  const nest = nestInMemoryOrder(target, x);
  const isLongCopy = byVectors === copyByVectors && (nest.sizes[nest.sizes.length - 1] ?? 1) >= LONG_ROW_FOR_VECTORS;
  const isSingle = target.dtype === 'float32' && x.dtype === 'float32';
  if (isSingle && !isLongCopy && byVectors(target, x, nest)) return;
  const loop = loops(target.dtype)(x.dtype);
  visitInnerLoops(nest, target.offset, x.offset, (yAt, xAt, inner) => loop(target.storage, yAt, x.storage, xAt, inner));
}

/** Loops of which the inner ones take the shortest steps through memory. */
function nestInMemoryOrder(target: Tensor, x: Tensor): PairNest {
  const reach = (d: number): number => Math.abs(target.strides[d]) + Math.abs(x.strides[d]);
  const order = x.shape.map((_, d) => d).sort((a, b) => reach(b) - reach(a));
  const { sizes, strides } = loopNest(
    order.map((d) => x.shape[d]),
    [target, x].map(({ strides }) => order.map((d) => strides[d])),
  );
  return { sizes, ySteps: strides[0], xSteps: strides[1] };
}
