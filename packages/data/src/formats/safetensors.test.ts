import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { dtypes, fromArray, type Tensor, tensor, zeros } from '@gradtape/autograd';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { loadSafetensors, readSafetensors, saveSafetensors, writeSafetensors } from './safetensors.ts';

const fromBase64 = (text: string): Uint8Array => new Uint8Array(Buffer.from(text, 'base64'));

/** What safetensors 0.8.0 for Python wrote: `safetensors.numpy.save` of the tensors below, in another order. */
const byPython = fromBase64(
  'AAIAAAAAAAB7Il9fbWV0YWRhdGFfXyI6eyJtYWRlIjoiYnkgXCJQeXRob25cIiDDqSJ9LCIxMCI6eyJkdHlwZSI6IkY2NCIsInNo' +
    'YXBlIjpbMV0sImRhdGFfb2Zmc2V0cyI6WzAsOF19LCIyIjp7ImR0eXBlIjoiRjY0Iiwic2hhcGUiOlsxXSwiZGF0YV9vZmZzZXRz' +
    'IjpbOCwxNl19LCJkIjp7ImR0eXBlIjoiRjY0Iiwic2hhcGUiOltdLCJkYXRhX29mZnNldHMiOlsxNiwyNF19LCJiIjp7ImR0eXBl' +
    'IjoiRjMyIiwic2hhcGUiOlsyLDJdLCJkYXRhX29mZnNldHMiOlsyNCw0MF19LCJlbXB0eSI6eyJkdHlwZSI6IkYzMiIsInNoYXBl' +
    'IjpbMCwzXSwiZGF0YV9vZmZzZXRzIjpbNDAsNDBdfSwiYSI6eyJkdHlwZSI6IkkzMiIsInNoYXBlIjpbMSwyXSwiZGF0YV9vZmZz' +
    'ZXRzIjpbNDAsNDhdfSwicXVvdGUgXCJcXFxuIjp7ImR0eXBlIjoiSTMyIiwic2hhcGUiOlsxXSwiZGF0YV9vZmZzZXRzIjpbNDgs' +
    'NTJdfSwiZmxhZyI6eyJkdHlwZSI6IkJPT0wiLCJzaGFwZSI6WzNdLCJkYXRhX29mZnNldHMiOls1Miw1NV19fSAgICAgIAAAAAAA' +
    'APA/AAAAAAAAAICamZmZmZm5PwAAwD8AAADAAADAfwAAgH8BAAAAAgAAAAMAAAABAAE=',
);
const tensors = {
  2: tensor([-0], { dtype: 'float64' }),
  10: tensor([1], { dtype: 'float64' }),
  flag: tensor([true, false, true]),
  b: tensor([
    [1.5, -2],
    [Number.NaN, Infinity],
  ]),
  empty: zeros([0, 3]),
  a: tensor([[1, 2]], { dtype: 'int32' }),
  d: tensor(0.1, { dtype: 'float64' }),
  'quote "\\\n': tensor([3], { dtype: 'int32' }),
};

const contentOf = (all: Readonly<Record<string, Tensor>>): object =>
  Object.fromEntries(Object.entries(all).map(([name, x]) => [name, [x.dtype, x.shape, x.toArray()]]));

describe('with the Python library', () => {
  test('the same tensors give the same bytes', () => {
    const bytes = writeSafetensors(tensors, { metadata: { made: 'by "Python" é' } });
    expect(Buffer.from(bytes).toString('latin1')).toBe(Buffer.from(byPython).toString('latin1'));
  });

  test('its files are read, wherever the bytes lie', () => {
    const shifted = new Uint8Array(byPython.length + 3);
    shifted.set(byPython, 3);
    const read = readSafetensors(shifted.subarray(3));
    expect(contentOf(read.tensors)).toEqual(contentOf(tensors));
    expect(read.metadata).toEqual({ made: 'by "Python" é' });
  });

  test('other dtypes become those that there are', () => {
    // `safetensors.torch.save` of int64, float16, bfloat16, uint8, int8, int16 and uint16.
    const other = fromBase64(
      'kAEAAAAAAAB7Imk2NCI6eyJkdHlwZSI6Ikk2NCIsInNoYXBlIjpbMl0sImRhdGFfb2Zmc2V0cyI6WzAsMTZdfSwiYmYxNiI6eyJk' +
        'dHlwZSI6IkJGMTYiLCJzaGFwZSI6WzNdLCJkYXRhX29mZnNldHMiOlsxNiwyMl19LCJmMTYiOnsiZHR5cGUiOiJGMTYiLCJzaGFw' +
        'ZSI6WzZdLCJkYXRhX29mZnNldHMiOlsyMiwzNF19LCJ1MTYiOnsiZHR5cGUiOiJVMTYiLCJzaGFwZSI6WzFdLCJkYXRhX29mZnNl' +
        'dHMiOlszNCwzNl19LCJpMTYiOnsiZHR5cGUiOiJJMTYiLCJzaGFwZSI6WzFdLCJkYXRhX29mZnNldHMiOlszNiwzOF19LCJpOCI6' +
        'eyJkdHlwZSI6Ikk4Iiwic2hhcGUiOlsxXSwiZGF0YV9vZmZzZXRzIjpbMzgsMzldfSwidTgiOnsiZHR5cGUiOiJVOCIsInNoYXBl' +
        'IjpbMl0sImRhdGFfb2Zmc2V0cyI6WzM5LDQxXX19ICAgAQAAAAAAAAAAAACA/////4A/IMBJQAA8AID/ewEAAHwAfv//AICAAP8=',
    );
    expect(contentOf(readSafetensors(other).tensors)).toEqual({
      i64: ['int32', [2], [1, -(2 ** 31)]],
      f16: ['float32', [6], [1, -0, 65504, 2 ** -24, Infinity, Number.NaN]],
      bf16: ['float32', [3], [1, -2.5, 3.140625]],
      u8: ['int32', [2], [0, 255]],
      i8: ['int32', [1], [-128]],
      i16: ['int32', [1], [-32768]],
      u16: ['int32', [1], [65535]],
    });
  });

  test('an integer that does not fit is told', () => {
    const wide = fromBase64(
      'OAAAAAAAAAB7IngiOnsiZHR5cGUiOiJJNjQiLCJzaGFwZSI6WzFdLCJkYXRhX29mZnNldHMiOlswLDhdfX0gIAAAAIAAAAAA',
    );
    expect(() => readSafetensors(wide, 'wide.safetensors')).toThrowErrorMatchingInlineSnapshot(`
      [GradtapeError: readSafetensors: 'x' in wide.safetensors holds an integer that does not fit into int32
        got:   2147483648, entry 0 in reading order
        needs: integers from -2147483648 to 2147483647: int32 is the only integer dtype here
        fix:   convert it where it was written, to float64 if it is a quantity]
    `);
  });
});

test('no tensors are a file, too, with or without metadata', () => {
  expect(Buffer.from(writeSafetensors({})).toString()).toBe('\b\0\0\0\0\0\0\0{}      ');
  expect(readSafetensors(writeSafetensors({}))).toEqual({ tensors: {}, metadata: {} });
  expect(readSafetensors(writeSafetensors({}, { metadata: {} })).metadata).toEqual({});
});

const drawn = fc
  .tuple(fc.constantFrom(...dtypes), fc.array(fc.nat(3), { maxLength: 3 }), fc.boolean())
  .chain(([dtype, shape, turned]) => {
    const entries = shape.reduce((product, size) => product * size, 1);
    const value = dtype === 'bool' ? fc.nat(1) : dtype === 'int32' ? fc.integer() : fc.double();
    return fc.array(value, { minLength: entries, maxLength: entries }).map((data) => {
      const x = fromArray(Float64Array.from(data), shape, { dtype });
      return turned && x.rank > 1 ? x.transpose(0, 1) : x;
    });
  });

test('what was written is read: every dtype, any shape, views, any name', () => {
  const names = fc.string({ unit: 'binary' }).filter((name) => name !== '__metadata__');
  fc.assert(
    fc.property(fc.dictionary(names, drawn), fc.dictionary(names, names), (all, metadata) => {
      const bytes = writeSafetensors(all, { metadata });
      expect(bytes.length - Object.values(all).reduce((sum, x) => sum + x.toTypedArray().byteLength, 0)).toSatisfy(
        (header: number) => header % 8 === 0,
      );
      const read = readSafetensors(bytes);
      expect(contentOf(read.tensors)).toEqual(contentOf(all));
      expect(read.metadata).toEqual({ ...metadata });
    }),
  );
});

test('every shortened file is refused, and so is every longer one', () => {
  for (let length = 0; length < byPython.length; length++) {
    expect(() => readSafetensors(byPython.subarray(0, length))).toThrow('not a whole safetensors file');
  }
  expect(() => readSafetensors(Uint8Array.from([...byPython, 0]))).toThrow('not a whole safetensors file');
});

/** A file with this header and so many bytes behind it. */
function withHeader(header: string | Uint8Array, bytes: number): Uint8Array {
  const text = Buffer.from(header);
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(text.length));
  return new Uint8Array(Buffer.concat([length, text, Buffer.alloc(bytes)]));
}

const entry = (fields: object): string =>
  JSON.stringify({ x: { dtype: 'F32', shape: [1], data_offsets: [0, 4], ...fields } });
const reading =
  (header: string | Uint8Array, bytes = 4) =>
  (): unknown =>
    readSafetensors(withHeader(header, bytes), 'x.safetensors');

test('headers that are malformed are told', () => {
  expect(reading(entry({}))).not.toThrow();
  expect(() => readSafetensors(Uint8Array.of(1, 2, 3))).toThrowErrorMatchingInlineSnapshot(`
    [GradtapeError: readSafetensors: the file is not a whole safetensors file
      got:   3 bytes
      needs: at least 8 bytes: the length of the header
      fix:   download or write the file again; check that it is no other format, such as a pickle of PyTorch (.bin, .pt)]
  `);
  expect(() =>
    readSafetensors(Uint8Array.of(255, 255, 255, 255, 255, 255, 255, 255)),
  ).toThrowErrorMatchingInlineSnapshot(`
    [GradtapeError: readSafetensors: the file is not a whole safetensors file
      got:   a header of 18446744073709552000 bytes
      needs: at most 0 in a file of 8 bytes
      fix:   download or write the file again; check that it is no other format, such as a pickle of PyTorch (.bin, .pt)]
  `);
  expect(reading('{"x":')).toThrowErrorMatchingInlineSnapshot(`
    [GradtapeError: readSafetensors: x.safetensors is not a whole safetensors file
      got:   a header that is not
      needs: a JSON object in UTF-8, beginning with {
      fix:   download or write the file again; check that it is no other format, such as a pickle of PyTorch (.bin, .pt)]
  `);
  for (const header of ['[]', ' {}', '\ufeff{}', 'null', '', Uint8Array.of(0x7b, 0xff, 0x7d)]) {
    expect(reading(header, 0)).toThrow('a header that is not');
  }
  expect(reading('{"x":null}')).toThrowErrorMatchingInlineSnapshot(`
    [GradtapeError: readSafetensors: x.safetensors is not a whole safetensors file
      got:   'x': null
      needs: dtype, a text; shape, a list of counts; data_offsets, where its bytes begin and end
      fix:   download or write the file again; check that it is no other format, such as a pickle of PyTorch (.bin, .pt)]
  `);
  for (const wrong of [
    { dtype: 1 },
    { shape: [-1] },
    { shape: 1 },
    { shape: [0.5] },
    { data_offsets: [0, 2, 4] },
    { data_offsets: [4, 0] },
    { data_offsets: [-4, 0] },
    { shape: [1e300] },
  ]) {
    expect(reading(entry(wrong))).toThrow('not a whole safetensors file');
  }
  expect(reading('{"__metadata__":{"a":1}}', 0)).toThrowErrorMatchingInlineSnapshot(`
    [GradtapeError: readSafetensors: x.safetensors is not a whole safetensors file
      got:   __metadata__ {"a":1}
      needs: texts by name
      fix:   download or write the file again; check that it is no other format, such as a pickle of PyTorch (.bin, .pt)]
  `);
  expect(reading('{"__metadata__":["a"]}', 0)).toThrow('not a whole safetensors file');
  expect(reading(entry({ dtype: 'F8_E4M3' }))).toThrowErrorMatchingInlineSnapshot(`
    [GradtapeError: readSafetensors: 'x' in x.safetensors has a dtype that tensors here cannot hold
      got:   F8_E4M3
      needs: U64, I64, F64, F32, U32, I32, BF16, F16, U16, I16, I8, U8, BOOL
      fix:   convert it where it was written, to F32 say]
  `);
});

test('tensors that overlap, leave gaps, lie outside or have the wrong size are told', () => {
  const two = (a: [number, number], b: [number, number]): string =>
    JSON.stringify({
      a: { dtype: 'F32', shape: [1], data_offsets: a },
      b: { dtype: 'F32', shape: [1], data_offsets: b },
    });
  expect(reading(two([4, 8], [0, 4]), 8)).not.toThrow();
  expect(reading(two([0, 4], [2, 6]), 8)).toThrowErrorMatchingInlineSnapshot(`
    [GradtapeError: readSafetensors: x.safetensors is not a whole safetensors file
      got:   'b' from byte 2 on, inside of another tensor
      needs: its first byte behind the tensor before, at 4
      fix:   download or write the file again; check that it is no other format, such as a pickle of PyTorch (.bin, .pt)]
  `);
  expect(reading(two([0, 4], [0, 4]), 4)).toThrow('inside of another tensor');
  expect(reading(two([0, 4], [8, 12]), 12)).toThrowErrorMatchingInlineSnapshot(`
    [GradtapeError: readSafetensors: x.safetensors is not a whole safetensors file
      got:   'b' from byte 8 on, behind a gap
      needs: its first byte behind the tensor before, at 4
      fix:   download or write the file again; check that it is no other format, such as a pickle of PyTorch (.bin, .pt)]
  `);
  expect(reading(entry({ data_offsets: [0, 400], shape: [100] }))).toThrowErrorMatchingInlineSnapshot(`
    [GradtapeError: readSafetensors: x.safetensors is not a whole safetensors file
      got:   4 bytes behind the header
      needs: 400, where the last tensor ends
      fix:   download or write the file again; check that it is no other format, such as a pickle of PyTorch (.bin, .pt)]
  `);
  expect(reading(entry({}), 8)).toThrow('not a whole safetensors file');
  expect(reading(entry({ shape: [2] }))).toThrowErrorMatchingInlineSnapshot(`
    [GradtapeError: readSafetensors: 'x' in x.safetensors has not the bytes that its shape needs
      got:   4 bytes
      needs: 8 bytes for [2], 4 each
      fix:   download or write the file again]
  `);
});

test('names and metadata that the format has no place for are told', () => {
  expect(() => writeSafetensors({ __metadata__: zeros([1]) })).toThrowErrorMatchingInlineSnapshot(`
    [GradtapeError: writeSafetensors: a tensor cannot be called '__metadata__'
      got:   a tensor of the name '__metadata__'
      needs: any other name
      fix:   pass texts as the option metadata]
  `);
  const metadata = { epoch: 3 } as unknown as Record<string, string>;
  expect(() => writeSafetensors({}, { metadata })).toThrowErrorMatchingInlineSnapshot(`
    [GradtapeError: writeSafetensors: the metadata are not texts
      got:   a number as 'epoch'
      needs: texts by name
      fix:   write String(value), or JSON.stringify(value)]
  `);
});

test('files are written and read; one that there is not is told', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'safetensors-'));
  const path = join(folder, 'model.safetensors');
  await saveSafetensors(path, tensors, { metadata: { a: 'b' } });
  const read = await loadSafetensors(path);
  expect([contentOf(read.tensors), read.metadata]).toEqual([contentOf(tensors), { a: 'b' }]);
  await writeFile(path, 'PK');
  await expect(loadSafetensors(path)).rejects.toThrow(path);
  await rm(folder, { recursive: true });
  await expect(loadSafetensors('none.safetensors')).rejects.toThrowErrorMatchingInlineSnapshot(`
    [GradtapeError: loadSafetensors: 'none.safetensors' cannot be read
      got:   no such file
      needs: a file that there is
      fix:   check the path, and from which folder the program was started]
  `);
  await expect(saveSafetensors('no-folder/x.safetensors', tensors)).rejects.toThrowErrorMatchingInlineSnapshot(`
    [GradtapeError: saveSafetensors: 'no-folder/x.safetensors' cannot be written; what it held before is still there
      got:   no such folder
      needs: a folder that there is, with room and the right to write
      fix:   make the folder first: await mkdir(folder, { recursive: true })]
  `);
});
