import { adopt, allocate, filled } from '../core/allocate.ts';
import { type DType, dtypeOf, newStorage, type Storage } from '../core/dtype.ts';
import { fail } from '../core/errors.ts';
import { checkShape, entriesOf, type Shape, showShape } from '../core/shape.ts';
import type { Entering, NestedShape, WithUnknowns } from '../core/shape-types.ts';
import type { Nested, Tensor } from '../core/tensor.ts';
import { asLeaf } from '../tape/leaf.ts';

export interface TensorOptions {
  /** Default: float32 for numbers, bool for booleans, a typed array's own. */
  readonly dtype?: DType;
  /** Whether `backward` collects a gradient on it. Only for floating dtypes. Default: false. */
  readonly requiresGrad?: boolean;
}

/**
 * A tensor of nested arrays, a number, or a typed array (one dim; the entries are copied).
 *
 * @throws GradtapeError if nested arrays are ragged, or an entry is neither number nor boolean.
 * @example
 * tensor([[1, 2], [3, 4]]).shape; // [2, 2]
 * tensor(2.5).item(); // 2.5
 */
export function tensor<const Data extends Nested | Storage>(
  data: Data,
  options: TensorOptions = {},
): Tensor<[Data] extends [Storage] ? Shape : Entering<NestedShape<Data>>> {
  const made = isStorage(data) ? fromTypedArray(data, options.dtype) : fromNested(data, options.dtype);
  return finish(made, options) as Tensor<[Data] extends [Storage] ? Shape : Entering<NestedShape<Data>>>;
}

function isStorage(data: unknown): data is Storage {
  return ArrayBuffer.isView(data) && !(data instanceof DataView);
}

function finish(x: Tensor, { requiresGrad = false }: TensorOptions): Tensor {
  return requiresGrad ? asLeaf(x) : x;
}

function fromTypedArray(data: Storage, dtype: DType = dtypeOf(data)): Tensor {
  const storage = newStorage(dtype, data.length);
  storage.set(data);
  return adopt(storage, [data.length], dtype);
}

function fromNested(data: Nested, dtype?: DType): Tensor {
  const shape: number[] = [];
  for (let level = data; Array.isArray(level); level = level[0] as Nested) {
    shape.push(level.length);
    if (level.length === 0) break;
  }
  const flat: (number | boolean)[] = [];
  const visit = (part: Nested, dim: number, path: readonly number[]): void => {
    if (dim === shape.length) {
      if (typeof part !== 'number' && typeof part !== 'boolean') failOnEntry(part, shape, path);
      flat.push(part as number | boolean);
      return;
    }
    if (!Array.isArray(part) || part.length !== shape[dim]) failOnEntry(part, shape, path);
    for (const [i, inner] of (part as readonly Nested[]).entries()) visit(inner, dim + 1, [...path, i]);
  };
  visit(data, 0, []);
  const truths = flat.length > 0 && flat.every((entry) => typeof entry === 'boolean');
  const made = allocate(shape, dtype ?? (truths ? 'bool' : 'float32'));
  flat.forEach((entry, i) => {
    made.storage[made.offset + i] = made.dtype === 'bool' ? Number(Boolean(entry)) : Number(entry);
  });
  return made;
}

function failOnEntry(part: unknown, shape: Shape, path: readonly number[]): never {
  const place = path.length === 0 ? 'the data' : `data[${path.join('][')}]`;
  const what = Array.isArray(part) ? `an array of ${part.length}` : part === null ? 'null' : `a ${typeof part}`;
  const needed = shape[path.length];
  if (!Array.isArray(part) && typeof part !== 'number' && typeof part !== 'boolean') {
    return fail('tensor: an entry is not a number', {
      got: `${what} as ${place}`,
      needs: 'numbers or booleans, in nested arrays',
      fix: 'convert the data first; missing values can be NaN',
    });
  }
  return fail('tensor: the nested arrays are ragged', {
    got: `${what} as ${place}`,
    needs:
      needed === undefined ? 'a number there, as in the first row' : `an array of ${needed} there, as in the first row`,
    fix: 'give every row of one level the same length; pad shorter rows',
  });
}

/**
 * A tensor around a typed array, without copying: never write to the array again. Its entries are in reading order.
 *
 * @throws GradtapeError if the array has not as many entries as the shape.
 */
export function fromArray<const S extends Shape>(
  data: Storage,
  shape: S,
  options: TensorOptions = {},
): Tensor<Entering<S>> {
  const sizes = checkShape('fromArray', shape);
  if (entriesOf(sizes) !== data.length) {
    fail('fromArray: the array does not fill the shape', {
      got: `${data.length} entries for shape ${showShape(sizes)}`,
      needs: `${entriesOf(sizes)} entries`,
      fix: 'check the sizes, or reshape after tensor(data)',
    });
  }
  const { dtype = dtypeOf(data) } = options;
  if (dtype === dtypeOf(data)) return finish(adopt(data, sizes, dtype), options) as Tensor<Entering<S>>;
  const storage = newStorage(dtype, data.length);
  storage.set(data);
  return finish(adopt(storage, sizes, dtype), options) as Tensor<Entering<S>>;
}

/** A tensor of zeros. */
export function zeros<const S extends Shape>(shape: S, options: TensorOptions = {}): Tensor<Entering<S>> {
  return full(shape, 0, options);
}

/** A tensor of ones. */
export function ones<const S extends Shape>(shape: S, options: TensorOptions = {}): Tensor<Entering<S>> {
  return full(shape, 1, options);
}

/** A tensor with one value everywhere. */
export function full<const S extends Shape>(shape: S, value: number, options: TensorOptions = {}): Tensor<Entering<S>> {
  return finish(filled(checkShape('full', shape), options.dtype ?? 'float32', value), options) as Tensor<Entering<S>>;
}

/** Zeros of another tensor's shape and, unless the options say otherwise, dtype. */
export function zerosLike<S extends Shape>(x: Tensor<S>, options: TensorOptions = {}): Tensor<S> {
  return fullLike(x, 0, options);
}

/** Ones of another tensor's shape and, unless the options say otherwise, dtype. */
export function onesLike<S extends Shape>(x: Tensor<S>, options: TensorOptions = {}): Tensor<S> {
  return fullLike(x, 1, options);
}

/**
 * A tensor of another's shape with one value everywhere.
 *
 * @param options `dtype` defaults to the other's.
 * @example
 * fullLike(tensor([1, 2]), 7); // [7, 7]
 */
export function fullLike<S extends Shape>(x: Tensor<S>, value: number, options: TensorOptions = {}): Tensor<S> {
  return finish(filled(x.shape, options.dtype ?? x.dtype, value), options) as Tensor<S>;
}

/**
 * A tensor whose entries are of no account, to be replaced: they are zeros.
 *
 * @throws GradtapeError if the shape is not one.
 */
export function empty<const S extends Shape>(shape: S, options: TensorOptions = {}): Tensor<Entering<S>> {
  return zeros(shape, options);
}

/** {@link empty}, of another tensor's shape and dtype. */
export function emptyLike<S extends Shape>(x: Tensor<S>, options: TensorOptions = {}): Tensor<S> {
  return fullLike(x, 0, options);
}

/** `start, start + step, …` up to but without `end`; with one argument, from 0. */
export function arange(start: number, end?: number, step = 1, options: TensorOptions = {}): Tensor {
  const [first, last] = end === undefined ? [0, start] : [start, end];
  if (!(step !== 0 && Number.isFinite((last - first) / step))) {
    fail('arange: the steps do not lead to the end', {
      got: `from ${first} to ${last} in steps of ${step}`,
      needs: 'finite numbers and a step that is not 0',
      fix: 'give a step with the sign of end - start',
    });
  }
  const whole = [first, last, step].every(Number.isInteger);
  const out = allocate([Math.max(0, Math.ceil((last - first) / step))], options.dtype ?? (whole ? 'int32' : 'float32'));
  for (let i = 0; i < out.length; i++) out.storage[out.offset + i] = first + i * step;
  return finish(out, options);
}

/** `count` numbers at equal distances from `start` to `end`, both included. */
export function linspace(start: number, end: number, count: number, options: TensorOptions = {}): Tensor {
  const out = allocate(checkShape('linspace', [count]), options.dtype ?? 'float32');
  for (let i = 0; i < count; i++) {
    out.storage[out.offset + i] = count === 1 ? start : start + ((end - start) * i) / (count - 1);
  }
  return finish(out, options);
}

/**
 * `count` numbers from `baseˢᵗᵃʳᵗ` to `baseᵉⁿᵈ`, both included, whose logarithms are at equal distances.
 *
 * @throws GradtapeError if `count` is no whole number from 0.
 * @example
 * logspace(0, 2, 3); // [1, 10, 100]
 */
export function logspace(
  start: number,
  end: number,
  count: number,
  { base = 10, ...options }: TensorOptions & { readonly base?: number } = {},
): Tensor {
  const exponents = linspace(start, end, count, { dtype: 'float64' }).toTypedArray();
  const out = allocate([count], options.dtype ?? 'float32');
  exponents.forEach((exponent, i) => {
    out.storage[out.offset + i] = base ** exponent;
  });
  return finish(out, options);
}

/** The identity matrix, or as much of it as fits into `[rows, columns]`. */
export function eye(rows: number, columns: number = rows, options: TensorOptions = {}): Tensor {
  const out = allocate(checkShape('eye', [rows, columns]), options.dtype ?? 'float32');
  for (let i = 0; i < Math.min(rows, columns); i++) out.storage[out.offset + i * columns + i] = 1;
  return finish(out, options);
}

/**
 * Checks the sizes of a tensor at run time (-1 for any), and gives it that shape in its type.
 *
 * @throws GradtapeError if the shape is another.
 */
export function assertShape<const S extends Shape>(x: Tensor, shape: S): Tensor<WithUnknowns<S>> {
  if (x.rank !== shape.length || !shape.every((size, d) => size === -1 || size === x.shape[d])) {
    fail('assertShape: the shape is another', {
      got: showShape(x.shape),
      needs: showShape(shape),
      fix: 'look at the operation that made the tensor',
    });
  }
  return x as Tensor<WithUnknowns<S>>;
}
