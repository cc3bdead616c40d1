import { type DType, dtypeOf, newStorage, type Storage } from './dtype.ts';
import { contiguousStrides, entriesOf, type Shape } from './shape.ts';
import { takeStorage } from './storage-pool.ts';
import { Tensor } from './tensor.ts';

/** Tensors of at most this many entries are cut from a common typed array: creating one for each would cost more than the arithmetic. */
const SMALL = 16;
const SLAB = 512;

interface Slab {
  storage: Storage;
  used: number;
}
const slabs: Partial<Record<DType, Slab>> = {};
let apart = false;

/** Runs a function in which every tensor that is allocated has a storage to itself. */
export function withStoragesApart<T>(run: () => T): T {
  const before = apart;
  apart = true;
  try {
    return run();
  } finally {
    apart = before;
  }
}

/** A contiguous tensor of zeros, which its maker may fill before giving it away. */
export function allocate(shape: Shape, dtype: DType): Tensor {
  return allocateFrom(shape, dtype, true);
}

/** A contiguous tensor for a maker that writes every entry before giving it away: until then they are anything. */
export function allocateUnfilled(shape: Shape, dtype: DType): Tensor {
  return allocateFrom(shape, dtype, false);
}

function allocateFrom(shape: Shape, dtype: DType, zeros: boolean): Tensor {
  const entries = entriesOf(shape);
  if (entries > SMALL || apart) {
    const { storage, used } = takeStorage(dtype, entries);
    if (used && zeros) storage.fill(0);
    return new Tensor(storage, dtype, shape, contiguousStrides(shape), 0);
  }
  let slab = slabs[dtype];
  if (slab === undefined || slab.used + entries > SLAB) {
    slab = { storage: newStorage(dtype, SLAB), used: 0 };
    slabs[dtype] = slab;
  }
  const offset = slab.used;
  slab.used += entries;
  return new Tensor(slab.storage, dtype, shape, contiguousStrides(shape), offset);
}

/** A tensor around a typed array that its maker promises never to write to again. */
export function adopt(storage: Storage, shape: Shape, dtype: DType = dtypeOf(storage)): Tensor {
  return new Tensor(storage, dtype, shape, contiguousStrides(shape), 0);
}

/** A contiguous tensor with one value everywhere. */
export function filled(shape: Shape, dtype: DType, value: number): Tensor {
  const out = allocate(shape, dtype);
  out.storage.fill(value, out.offset, out.offset + out.length);
  return out;
}

/** The same value at every index, held once: a view with strides of zero. */
export function constant(value: number, shape: Shape, dtype: DType): Tensor {
  const one = allocate([], dtype);
  one.storage[one.offset] = value;
  return shape.length === 0 ? one : view(one, shape, new Array<number>(shape.length).fill(0), one.offset);
}

/** Another look at the same entries. */
export function view(x: Tensor, shape: Shape, strides: readonly number[], offset: number): Tensor {
  return new Tensor(x.storage, x.dtype, shape, strides, offset);
}
