import { fromArray, GradtapeError, type Tensor } from '@gradtape/autograd';
import { inNativeOrder } from './byte-order.ts';

type Entries = Float32Array | Float64Array | Int32Array | Uint8Array;

/** What a file's entries can be, by NumPy's names. */
export type EntryKindName =
  | `float${16 | 32 | 64}`
  | 'bfloat16'
  | `int${8 | 16 | 32 | 64}`
  | `uint${8 | 16 | 32 | 64}`
  | 'bool';

interface EntryKind {
  /** Bytes of an entry. */
  readonly size: number;
  /** The entries, in this machine's byte order, as a tensor holds them. Throws for one that has no place there. */
  readonly read: (buffer: ArrayBuffer, name: string) => Entries;
}

const asInt32 = (entries: Iterable<number>): Int32Array => Int32Array.from(entries);

const kinds: Readonly<Record<EntryKindName, EntryKind>> = {
  float64: { size: 8, read: (buffer) => new Float64Array(buffer) },
  float32: { size: 4, read: (buffer) => new Float32Array(buffer) },
  float16: { size: 2, read: (buffer) => Float32Array.from(new Uint16Array(buffer), halfToNumber) },
  bfloat16: {
    size: 2,
    read: (buffer) => new Float32Array(Uint32Array.from(new Uint16Array(buffer), (word) => word << 16).buffer),
  },
  int64: { size: 8, read: (buffer, name) => fromWide(new BigInt64Array(buffer), name) },
  uint64: { size: 8, read: (buffer, name) => fromWide(new BigUint64Array(buffer), name) },
  int32: { size: 4, read: (buffer) => new Int32Array(buffer) },
  uint32: { size: 4, read: (buffer, name) => fromWide(new Uint32Array(buffer), name) },
  int16: { size: 2, read: (buffer) => asInt32(new Int16Array(buffer)) },
  uint16: { size: 2, read: (buffer) => asInt32(new Uint16Array(buffer)) },
  int8: { size: 1, read: (buffer) => asInt32(new Int8Array(buffer)) },
  uint8: { size: 1, read: (buffer) => asInt32(new Uint8Array(buffer)) },
  bool: { size: 1, read: (buffer) => new Uint8Array(buffer).map((byte) => (byte === 0 ? 0 : 1)) },
};

export function entrySize(kind: EntryKindName): number {
  return kinds[kind].size;
}

/**
 * The tensor whose entries these bytes are, in reading order. Integers become int32, half precision float32.
 *
 * @param name - what the error calls the tensor.
 * @throws GradtapeError if an integer does not fit into int32.
 */
export function readEntries(
  bytes: Uint8Array,
  kind: EntryKindName,
  order: 'little' | 'big',
  shape: readonly number[],
  name: string,
): Tensor {
  const { size, read } = kinds[kind];
  return fromArray(read(inNativeOrder(bytes, size, order), name), shape);
}

/** The bytes of a tensor's entries in reading order, little-endian. */
export function writeEntries(x: Tensor): Uint8Array {
  const entries = x.toTypedArray();
  const bytes = new Uint8Array(entries.buffer, entries.byteOffset, entries.byteLength);
  return new Uint8Array(inNativeOrder(bytes, entrySize(x.dtype), 'little'));
}

/** The number that a word of IEEE 754's half precision stands for. */
function halfToNumber(word: number): number {
  const sign = word & 0x8000 ? -1 : 1;
  const exponent = (word >> 10) & 0x1f;
  const fraction = word & 0x3ff;
  if (exponent === 0) return sign * fraction * 2 ** -24;
  if (exponent === 31) return fraction === 0 ? sign * Infinity : Number.NaN;
  return sign * (1 + fraction / 1024) * 2 ** (exponent - 15);
}

function fromWide(entries: BigInt64Array | BigUint64Array | Uint32Array, name: string): Int32Array {
  const narrow = new Int32Array(entries.length);
  entries.forEach((entry, i) => {
    narrow[i] = Number(entry);
    if (narrow[i] !== Number(entry)) failOnWidth(name, entry, i);
  });
  return narrow;
}

function failOnWidth(name: string, entry: bigint | number, i: number): never {
  throw new GradtapeError(`${name} holds an integer that does not fit into int32`, {
    got: `${entry}, entry ${i} in reading order`,
    needs: 'integers from -2147483648 to 2147483647: int32 is the only integer dtype here',
    fix: 'convert it where it was written, to float64 if it is a quantity',
  });
}
