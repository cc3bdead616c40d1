import { GradtapeError } from '@gradtape/autograd';
import { inNativeOrder } from './byte-order.ts';
import { gunzip, isGzip } from './gzip.ts';

/** What the entries of an IDX file can be, and the typed array that holds them. */
export interface IdxData {
  readonly uint8: Uint8Array;
  readonly int8: Int8Array;
  readonly int16: Int16Array;
  readonly int32: Int32Array;
  readonly float32: Float32Array;
  readonly float64: Float64Array;
}

/** The array that an IDX file holds, its entries in reading order. */
export type IdxArray = {
  [DType in keyof IdxData]: { readonly dtype: DType; readonly shape: readonly number[]; readonly data: IdxData[DType] };
}[keyof IdxData];

interface EntryFormat {
  readonly dtype: keyof IdxData;
  readonly array: new (bytes: ArrayBuffer) => IdxData[keyof IdxData];
  readonly size: number;
}

/** By the third byte of the file. Source: yann.lecun.com/exdb/mnist, "the IDX file format". */
const formats: ReadonlyMap<number, EntryFormat> = new Map([
  [0x08, { dtype: 'uint8', array: Uint8Array, size: 1 }],
  [0x09, { dtype: 'int8', array: Int8Array, size: 1 }],
  [0x0b, { dtype: 'int16', array: Int16Array, size: 2 }],
  [0x0c, { dtype: 'int32', array: Int32Array, size: 4 }],
  [0x0d, { dtype: 'float32', array: Float32Array, size: 4 }],
  [0x0e, { dtype: 'float64', array: Float64Array, size: 8 }],
]);

/**
 * The array in the bytes of an IDX file, gzipped or not: any dtype of the format, any number of dims.
 *
 * @param name - what errors call the bytes: the file's path.
 * @throws GradtapeError if the bytes are no IDX file, fewer or more than their header says, or damaged gzip.
 * @example
 * const file = Uint8Array.of(0, 0, 0x08, 1, 0, 0, 0, 3, 10, 20, 30);
 * const { dtype, shape, data } = await readIdx(file);
 * dtype; // 'uint8'
 * data[2]; // 30
 */
export async function readIdx(bytes: Uint8Array, name = 'the file'): Promise<IdxArray> {
  return parse(isGzip(bytes) ? await gunzip(bytes, name) : bytes, name);
}

function parse(bytes: Uint8Array, name: string): IdxArray {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const format = bytes.length < 4 || view.getUint16(0) !== 0 ? undefined : formats.get(view.getUint8(2));
  if (format === undefined) return failOnMagic(bytes, name);
  const rank = view.getUint8(3);
  const start = 4 + 4 * rank;
  if (bytes.length < start) failOnLength(bytes, name, `${start} bytes of header for ${rank} dims`);
  const shape = Array.from({ length: rank }, (_, d) => view.getUint32(4 + 4 * d));
  const needed = start + format.size * shape.reduce((product, size) => product * size, 1);
  if (bytes.length !== needed) failOnLength(bytes, name, `${needed} bytes for ${format.dtype} [${shape.join(', ')}]`);
  const data = new format.array(inNativeOrder(bytes.subarray(start), format.size, 'big'));
  return { dtype: format.dtype, shape, data } as IdxArray;
}

function failOnMagic(bytes: Uint8Array, name: string): never {
  const shown = Array.from(bytes.subarray(0, 4), (byte) => byte.toString(16).padStart(2, '0')).join(' ');
  throw new GradtapeError(`readIdx: ${name} is not an IDX file`, {
    got: bytes.length === 0 ? 'no bytes' : `a file that begins with ${shown}`,
    needs: '00 00, a code of the dtype (08, 09, 0b, 0c, 0d or 0e), and the number of dims',
    fix: 'check the path; a page saved in place of a download begins with 3c, a zip archive with 50 4b',
  });
}

function failOnLength(bytes: Uint8Array, name: string, needs: string): never {
  throw new GradtapeError(`readIdx: ${name} is not as long as its header says`, {
    got: `${bytes.length} bytes`,
    needs,
    fix: 'download or copy the file again',
  });
}
