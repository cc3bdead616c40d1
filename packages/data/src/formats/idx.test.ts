import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type IdxArray, readIdx } from './idx.ts';

const codes = { uint8: 0x08, int8: 0x09, int16: 0x0b, int32: 0x0c, float32: 0x0d, float64: 0x0e } as const;
const writers = {
  uint8: (view: DataView, at: number, value: number) => view.setUint8(at, value),
  int8: (view: DataView, at: number, value: number) => view.setInt8(at, value),
  int16: (view: DataView, at: number, value: number) => view.setInt16(at, value),
  int32: (view: DataView, at: number, value: number) => view.setInt32(at, value),
  float32: (view: DataView, at: number, value: number) => view.setFloat32(at, value),
  float64: (view: DataView, at: number, value: number) => view.setFloat64(at, value),
} as const;

function write({ dtype, shape, data }: IdxArray): Uint8Array {
  const start = 4 + 4 * shape.length;
  const file = new Uint8Array(start + data.byteLength);
  const view = new DataView(file.buffer);
  file.set([0, 0, codes[dtype], shape.length]);
  for (const [d, size] of shape.entries()) view.setUint32(4 + 4 * d, size);
  for (const [i, value] of data.entries()) writers[dtype](view, start + i * data.BYTES_PER_ELEMENT, value);
  return file;
}

const arrayOf = {
  uint8: fc.uint8Array,
  int8: fc.int8Array,
  int16: fc.int16Array,
  int32: fc.int32Array,
  float32: fc.float32Array,
  float64: fc.float64Array,
} as const;

/** An array of any rank, sizes of 0 and 1 among them. */
const idxArray: fc.Arbitrary<IdxArray> = fc
  .tuple(fc.constantFrom(...(Object.keys(codes) as (keyof typeof codes)[])), fc.array(fc.nat(4), { maxLength: 4 }))
  .chain(([dtype, shape]) => {
    const entries = shape.reduce((product, size) => product * size, 1);
    const data = arrayOf[dtype]({ minLength: entries, maxLength: entries });
    return (data as fc.Arbitrary<IdxArray['data']>).map((values) => ({ dtype, shape, data: values }) as IdxArray);
  });

test('what was written is read: every dtype, any rank, gzipped or not, wherever the bytes lie', async () => {
  await fc.assert(
    fc.asyncProperty(idxArray, fc.boolean(), fc.nat(9), async (array, zipped, before) => {
      const file = zipped ? gzipSync(write(array)) : write(array);
      const within = new Uint8Array(before + file.length);
      within.set(file, before);
      expect(await readIdx(within.subarray(before))).toEqual(array);
    }),
  );
});

test('the array does not share memory with the bytes', async () => {
  const file = write({ dtype: 'uint8', shape: [2], data: Uint8Array.of(1, 2) });
  const { data } = await readIdx(file);
  file.fill(0);
  expect([...data]).toEqual([1, 2]);
});

describe('errors', () => {
  const file = write({ dtype: 'int16', shape: [2, 3], data: new Int16Array(6) });

  test('every file that is cut off or goes on is told, gzipped or not', async () => {
    for (let length = 0; length < file.length; length++) {
      await expect(readIdx(file.subarray(0, length))).rejects.toThrow('readIdx: the file');
      await expect(readIdx(gzipSync(file.subarray(0, length)))).rejects.toThrow('readIdx: the file');
    }
    await expect(readIdx(Uint8Array.of(...file, 0))).rejects.toThrowErrorMatchingInlineSnapshot(`
      [GradtapeError: readIdx: the file is not as long as its header says
        got:   25 bytes
        needs: 24 bytes for int16 [2, 3]
        fix:   download or copy the file again]
    `);
    await expect(readIdx(file.subarray(0, 6), 'a.idx')).rejects.toThrowErrorMatchingInlineSnapshot(`
      [GradtapeError: readIdx: a.idx is not as long as its header says
        got:   6 bytes
        needs: 12 bytes of header for 2 dims
        fix:   download or copy the file again]
    `);
    await expect(readIdx(file.subarray(0, 20), 'a.idx')).rejects.toThrowErrorMatchingInlineSnapshot(`
      [GradtapeError: readIdx: a.idx is not as long as its header says
        got:   20 bytes
        needs: 24 bytes for int16 [2, 3]
        fix:   download or copy the file again]
    `);
  });

  test('a file of another format', async () => {
    await expect(readIdx(new TextEncoder().encode('<!DOCTYPE html>'))).rejects.toThrowErrorMatchingInlineSnapshot(`
      [GradtapeError: readIdx: the file is not an IDX file
        got:   a file that begins with 3c 21 44 4f
        needs: 00 00, a code of the dtype (08, 09, 0b, 0c, 0d or 0e), and the number of dims
        fix:   check the path; a page saved in place of a download begins with 3c, a zip archive with 50 4b]
    `);
    await expect(readIdx(new Uint8Array(0))).rejects.toThrowErrorMatchingInlineSnapshot(`
      [GradtapeError: readIdx: the file is not an IDX file
        got:   no bytes
        needs: 00 00, a code of the dtype (08, 09, 0b, 0c, 0d or 0e), and the number of dims
        fix:   check the path; a page saved in place of a download begins with 3c, a zip archive with 50 4b]
    `);
    await expect(readIdx(Uint8Array.of(0, 0, 0x0a, 0, 1))).rejects.toThrow('is not an IDX file');
    await expect(readIdx(Uint8Array.of(0x1f, 0, 0x08, 1))).rejects.toThrow('is not an IDX file');
    await expect(readIdx(Uint8Array.of(0, 1, 0x08, 0, 1))).rejects.toThrow('is not an IDX file');
  });

  test('sizes whose product is beyond all numbers', async () => {
    const huge = Uint8Array.of(0, 0, 0x0e, 255, ...new Array<number>(4 * 255).fill(255));
    await expect(readIdx(huge)).rejects.toThrow('is not as long as its header says');
  });

  test('gzip that is cut off or damaged', async () => {
    const zipped = gzipSync(file);
    await expect(readIdx(zipped.subarray(0, 20), 'a.gz')).rejects.toThrow('gunzip: a.gz cannot be unpacked');
    await expect(readIdx(zipped.with(zipped.length - 5, 99 ^ (zipped.at(-5) as number)))).rejects.toThrow('gunzip');
    await expect(readIdx(Uint8Array.of(0x1f, 0x8b, 1, 2, 3))).rejects.toThrow('gunzip');
  });
});
