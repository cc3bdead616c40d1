import type { DType, Storage } from './dtype.ts';
import { fail } from './errors.ts';
import { formatArray } from './printing.ts';
import { watchReading } from './reading.ts';
import { entriesOf, type Shape, showShape } from './shape.ts';
import type { Consistent } from './shape-types.ts';

/** What the tape hangs on a tensor; here it is only carried. */
export interface TapeEntry {
  readonly sequence: number;
}

/** Nested arrays of numbers or booleans, as `tensor` takes and `toArray` gives them. */
export type Nested = number | boolean | readonly Nested[];

/**
 * An immutable array of numbers with any number of dims: a view into a typed array. Entry `[i, j, …]` lies at
 * `offset + i · strides[0] + j · strides[1] + …` of `storage`; views share it, nothing ever writes to it again.
 *
 * `S` is the shape as far as the compiler knows it; plain `Tensor` goes everywhere.
 */
export class Tensor<S extends Shape = Shape> {
  /** Only for the compiler, nothing at run time: makes tensors of clashing shapes unassignable. */
  declare readonly shapeType: Consistent<S>;
  readonly storage: Storage;
  /** Sizes at run time; `size()` has them in its type. */
  readonly shape: Shape;
  readonly strides: readonly number[];
  readonly offset: number;
  readonly dtype: DType;
  /** The number of entries. */
  readonly length: number;
  /** Whether the entries lie in reading order without gaps. */
  readonly contiguous: boolean;
  /** The tape's: the line that computed this tensor, where derivatives may be asked for. */
  node: TapeEntry | undefined;
  /** The tape's: what `backward` collected for this leaf, of its shape and dtype; null before. */
  grad: Tensor | null;

  constructor(storage: Storage, dtype: DType, shape: Shape, strides: readonly number[], offset: number) {
    this.storage = storage;
    this.dtype = dtype;
    this.shape = shape;
    this.strides = strides;
    this.offset = offset;
    this.length = entriesOf(shape);
    this.contiguous = isInReadingOrder(shape, strides);
    this.node = undefined;
    this.grad = null;
  }

  /** The tensor itself; of a parameter, the tensor that it holds now. */
  get held(): Tensor {
    return this;
  }

  /** The number of dims. */
  get rank(): number {
    return this.shape.length;
  }

  /** The only entry of a tensor that has one. Throws otherwise. */
  item(): number {
    watchReading?.(this, 'item');
    if (this.length !== 1) {
      fail('item: the tensor has not exactly one entry', {
        got: `shape ${showShape(this.shape)}`,
        needs: 'one entry',
        fix: 'reduce it first (.sum(), .mean()), or read all entries with .toArray()',
      });
    }
    return this.storage[this.offset] as number;
  }

  /** A flat copy of the entries in reading order. */
  toTypedArray(): Storage {
    watchReading?.(this, 'toTypedArray');
    if (this.contiguous) return this.storage.slice(this.offset, this.offset + this.length);
    const copy = this.storage.slice(0, 0).constructor as new (length: number) => Storage;
    const out = new copy(this.length);
    let at = 0;
    const visit = (dim: number, from: number): void => {
      if (dim === this.rank) {
        out[at++] = this.storage[from] as number;
        return;
      }
      for (let i = 0; i < (this.shape[dim] as number); i++) visit(dim + 1, from + i * (this.strides[dim] as number));
    };
    visit(0, this.offset);
    return out;
  }

  /** Nested arrays of the entries: numbers, or booleans for dtype bool; a bare number for a tensor without dims. */
  toArray(): Nested {
    watchReading?.(this, 'toArray');
    const visit = (dim: number, from: number): Nested => {
      if (dim === this.rank) {
        const entry = this.storage[from] as number;
        return this.dtype === 'bool' ? entry !== 0 : entry;
      }
      const step = this.strides[dim] as number;
      return Array.from({ length: this.shape[dim] as number }, (_, i) => visit(dim + 1, from + i * step));
    };
    return visit(0, this.offset);
  }

  /** As NumPy prints arrays, with the shape and, where it is not float32, the dtype: `tensor([1., 2.], shape=[2])`. */
  toString(): string {
    watchReading?.(this, 'toString');
    const at = (index: readonly number[]): number | boolean => {
      const entry = this.storage[
        index.reduce((sum, i, d) => sum + i * (this.strides[d] as number), this.offset)
      ] as number;
      return this.dtype === 'bool' ? entry !== 0 : entry;
    };
    const entries = formatArray(at, this.shape, { dtype: this.dtype, indent: 'tensor('.length });
    const dtype = this.dtype === 'float32' ? '' : `, dtype=${this.dtype}`;
    return `tensor(${entries}, shape=${showShape(this.shape)}${dtype})`;
  }

  /** JavaScript would turn `x + 1` into text or NaN; this says what to write instead. */
  [Symbol.toPrimitive](hint: string): string {
    if (hint === 'string') return this.toString();
    return fail('tensor: an operator of JavaScript was used on a tensor', {
      got: 'something like x + 1, x * 2, x < y or +x',
      needs: 'a method or a function: JavaScript cannot overload operators',
      fix: 'write x.add(1), x.mul(2), x.lt(y); x.item() reads the one entry of a tensor as a number',
    });
  }
}

// How Node prints an object in console.log.
Object.defineProperty(Tensor.prototype, Symbol.for('nodejs.util.inspect.custom'), { value: Tensor.prototype.toString });

function isInReadingOrder(shape: Shape, strides: readonly number[]): boolean {
  let step = 1;
  for (let d = shape.length - 1; d >= 0; d--) {
    const size = shape[d] as number;
    if (size !== 1 && strides[d] !== step) return size === 0;
    step *= size;
  }
  return true;
}
