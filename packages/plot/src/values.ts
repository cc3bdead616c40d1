import { GradtapeError, type Tensor } from '@gradtape/autograd';

/** What is read of a tensor: its shape, and a flat copy of its entries in row-major order. */
export type TensorLike = Pick<Tensor, 'shape'> & { toTypedArray(): ArrayLike<number> };

/** A list of numbers: an array, a typed array or a tensor. */
export type Numbers = ArrayLike<number> | TensorLike;

/** Rows of numbers: nested arrays, or a tensor of shape [rows, columns]. */
export type Matrix = readonly ArrayLike<number>[] | TensorLike;

/** Matrices of one size: nested arrays, or a tensor of shape [matrices, rows, columns]. */
export type Matrices = readonly Matrix[] | TensorLike;

/** Numbers in row-major order, with their shape. */
export interface Block {
  readonly values: ArrayLike<number>;
  readonly shape: readonly number[];
}

type Nested = Numbers | readonly Nested[];

function isTensor(data: Nested): data is TensorLike {
  return 'toTypedArray' in data;
}

/** All the numbers of `data`, whatever its shape. */
export function readNumbers(data: Numbers): ArrayLike<number> {
  return isTensor(data) ? data.toTypedArray() : data;
}

/**
 * `data` as one block that has as many dims as `dims` has names.
 *
 * @throws GradtapeError if `data` has another number of dims, or rows of unequal length.
 */
export function readBlock(operation: string, data: Numbers | Matrix | Matrices, dims: readonly string[]): Block {
  const { values, shape } = flatten(operation, data);
  if (shape.length === dims.length) return { values, shape };
  // Nested arrays that hold nothing do not show all their dims.
  if (shape[shape.length - 1] === 0) return { values, shape: dims.map((_, dim) => shape[dim] ?? 0) };
  throw new GradtapeError(`${operation}: the data has ${shape.length} dims instead of ${dims.length}`, {
    got: `shape [${shape.join(', ')}]`,
    needs: `shape [${dims.join(', ')}]`,
    fix: 'reshape it, or pass nested arrays',
  });
}

function flatten(operation: string, data: Nested): Block {
  if (isTensor(data)) return { values: data.toTypedArray(), shape: data.shape };
  const list = data as ArrayLike<number | Nested>;
  if (list.length === 0 || typeof list[0] === 'number')
    return { values: list as ArrayLike<number>, shape: [list.length] };
  const parts = Array.from(list, (part) => flatten(operation, part as Nested));
  const shape = (parts[0] as Block).shape;
  for (const [index, part] of parts.entries()) {
    if (part.shape.join() === shape.join()) continue;
    throw new GradtapeError(`${operation}: the rows are not equally long`, {
      got: `shape [${shape.join(', ')}] at 0 and [${part.shape.join(', ')}] at ${index}`,
      needs: 'parts of one shape',
      fix: 'make the rows equally long',
    });
  }
  return { values: parts.flatMap((part) => Array.from(part.values)), shape: [parts.length, ...shape] };
}

/** Whether a value can be drawn. Beyond ±1e300 it counts as infinite: differences would overflow. */
export function isDrawable(value: number): boolean {
  return Math.abs(value) <= 1e300;
}

/** How many of the numbers cannot be drawn. */
export function countUndrawable(values: ArrayLike<number>): number {
  let count = 0;
  for (let i = 0; i < values.length; i++) if (!isDrawable(values[i] as number)) count++;
  return count;
}

/** The lowest and the highest of the numbers that can be drawn; undefined if none can. */
export function rangeOf(lists: Iterable<ArrayLike<number>>): readonly [low: number, high: number] | undefined {
  let low = Number.POSITIVE_INFINITY;
  let high = Number.NEGATIVE_INFINITY;
  for (const list of lists) {
    for (let i = 0; i < list.length; i++) {
      const value = list[i] as number;
      if (!isDrawable(value)) continue;
      if (value < low) low = value;
      if (value > high) high = value;
    }
  }
  return low <= high ? [low, high] : undefined;
}
