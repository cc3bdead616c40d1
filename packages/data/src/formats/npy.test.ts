import { dtypes, fromArray, type Tensor, tensor, zeros } from '@gradtape/autograd';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { readNpy, writeNpy } from './npy.ts';

const fromBase64 = (text: string): Uint8Array => new Uint8Array(Buffer.from(text, 'base64'));
const contentOf = (x: Tensor): unknown[] => [x.dtype, x.shape, x.toArray()];

/** What NumPy 2.4.6 wrote. */
const byNumpy = {
  f4:
    'k05VTVBZAQB2AHsnZGVzY3InOiAnPGY0JywgJ2ZvcnRyYW5fb3JkZXInOiBGYWxzZSwgJ3NoYXBlJzogKDIsIDMpLCB9ICAgICAg' +
    'ICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgIAoAAMA/AAAAwAAAQEAAAMB/AAAAAAAA' +
    'gD8=',
  f8s:
    'k05VTVBZAQB2AHsnZGVzY3InOiAnPGY4JywgJ2ZvcnRyYW5fb3JkZXInOiBGYWxzZSwgJ3NoYXBlJzogKCksIH0gICAgICAgICAg' +
    'ICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgIAqamZmZmZm5Pw==',
  i4:
    'k05VTVBZAQB2AHsnZGVzY3InOiAnPGk0JywgJ2ZvcnRyYW5fb3JkZXInOiBGYWxzZSwgJ3NoYXBlJzogKDQsKSwgfSAgICAgICAg' +
    'ICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgIAoAAAAAAQAAAAIAAAADAAAA',
  b1:
    'k05VTVBZAQB2AHsnZGVzY3InOiAnfGIxJywgJ2ZvcnRyYW5fb3JkZXInOiBGYWxzZSwgJ3NoYXBlJzogKDAsIDIpLCB9ICAgICAg' +
    'ICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgIAo=',
  F:
    'k05VTVBZAQB2AHsnZGVzY3InOiAnPGY4JywgJ2ZvcnRyYW5fb3JkZXInOiBUcnVlLCAnc2hhcGUnOiAoMiwgMyksIH0gICAgICAg' +
    'ICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgIAoAAAAAAAAAAAAAAAAAAAhAAAAAAAAA' +
    '8D8AAAAAAAAQQAAAAAAAAABAAAAAAAAAFEA=',
  F3:
    'k05VTVBZAQB2AHsnZGVzY3InOiAnPGkyJywgJ2ZvcnRyYW5fb3JkZXInOiBUcnVlLCAnc2hhcGUnOiAoMiwgMywgMiksIH0gICAg' +
    'ICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgIAoAAAYAAgAIAAQACgABAAcAAwAJAAUA' +
    'CwA=',
  be:
    'k05VTVBZAgB0AAAAeydkZXNjcic6ICc+aTQnLCAnZm9ydHJhbl9vcmRlcic6IEZhbHNlLCAnc2hhcGUnOiAoMywpLCB9ICAgICAg' +
    'ICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgIAoAAAAB/////gAAAAM=',
  bef8:
    'k05VTVBZAQB2AHsnZGVzY3InOiAnPmY4JywgJ2ZvcnRyYW5fb3JkZXInOiBGYWxzZSwgJ3NoYXBlJzogKDEsKSwgfSAgICAgICAg' +
    'ICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgIAo/uZmZmZmZmg==',
  v3:
    'k05VTVBZAwB0AAAAeydkZXNjcic6ICc8ZjInLCAnZm9ydHJhbl9vcmRlcic6IEZhbHNlLCAnc2hhcGUnOiAoMywpLCB9ICAgICAg' +
    'ICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgIAoAPACA/3s=',
  i8:
    'k05VTVBZAQB2AHsnZGVzY3InOiAnPGk4JywgJ2ZvcnRyYW5fb3JkZXInOiBGYWxzZSwgJ3NoYXBlJzogKCksIH0gICAgICAgICAg' +
    'ICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgIAr5/////////w==',
  struct:
    'k05VTVBZAQB2AHsnZGVzY3InOiBbKCd4JywgJzxmNCcpLCAoJ3knLCAnPGk0JyldLCAnZm9ydHJhbl9vcmRlcic6IEZhbHNlLCAn' +
    'c2hhcGUnOiAoMiwpLCB9ICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgIAoAAAAAAAAAAAAAAAAAAAAA',
  c8:
    'k05VTVBZAQB2AHsnZGVzY3InOiAnPGM4JywgJ2ZvcnRyYW5fb3JkZXInOiBGYWxzZSwgJ3NoYXBlJzogKDEsKSwgfSAgICAgICAg' +
    'ICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgIAoAAAAAAAAAAA==',
  U:
    'k05VTVBZAQB2AHsnZGVzY3InOiAnPFUyJywgJ2ZvcnRyYW5fb3JkZXInOiBGYWxzZSwgJ3NoYXBlJzogKDEsKSwgfSAgICAgICAg' +
    'ICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgIAphAAAAYgAAAA==',
  u4:
    'k05VTVBZAQB2AHsnZGVzY3InOiAnPHU0JywgJ2ZvcnRyYW5fb3JkZXInOiBGYWxzZSwgJ3NoYXBlJzogKDEsKSwgfSAgICAgICAg' +
    'ICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgIAr/////',
};

describe('with NumPy', () => {
  const both: [string, Tensor, string][] = [
    [
      'float32',
      tensor([
        [1.5, -2, 3],
        [Number.NaN, 0, 1],
      ]),
      byNumpy.f4,
    ],
    ['a number', tensor(0.1, { dtype: 'float64' }), byNumpy.f8s],
    ['int32', tensor([0, 1, 2, 3], { dtype: 'int32' }), byNumpy.i4],
    ['no entries', zeros([0, 2], { dtype: 'bool' }), byNumpy.b1],
  ];

  test.each(both)('%s: the same tensor gives the same bytes, which are read', (_, x, bytes) => {
    expect(Buffer.from(writeNpy(x)).toString('base64')).toBe(bytes);
    expect(contentOf(readNpy(fromBase64(bytes)))).toEqual(contentOf(x));
  });

  test("Fortran's order, the other byte order, and later versions are read", () => {
    expect(contentOf(readNpy(fromBase64(byNumpy.F)))).toEqual([
      'float64',
      [2, 3],
      [
        [0, 1, 2],
        [3, 4, 5],
      ],
    ]);
    expect(contentOf(readNpy(fromBase64(byNumpy.F3)))).toEqual([
      'int32',
      [2, 3, 2],
      [
        [
          [0, 1],
          [2, 3],
          [4, 5],
        ],
        [
          [6, 7],
          [8, 9],
          [10, 11],
        ],
      ],
    ]);
    expect(contentOf(readNpy(fromBase64(byNumpy.be)))).toEqual(['int32', [3], [1, -2, 3]]);
    expect(contentOf(readNpy(fromBase64(byNumpy.bef8)))).toEqual(['float64', [1], [0.1]]);
    expect(contentOf(readNpy(fromBase64(byNumpy.v3)))).toEqual(['float32', [3], [1, -0, 65504]]);
    expect(contentOf(readNpy(fromBase64(byNumpy.i8)))).toEqual(['int32', [], -7]);
  });

  test('what is no tensor is refused', () => {
    expect(() => readNpy(fromBase64(byNumpy.struct), 'x.npy')).toThrowErrorMatchingInlineSnapshot(`
      [GradtapeError: readNpy: x.npy holds what is no tensor here
        got:   structures ([('x', '<f4'), ('y', '<i4')])
        needs: f2, f4, f8, i1, i2, i4, i8, u1, u2, u4, u8, b1
        fix:   save each field by itself: numpy.save(path, x['field'])]
    `);
    expect(() => readNpy(fromBase64(byNumpy.c8), 'x.npy')).toThrowErrorMatchingInlineSnapshot(`
      [GradtapeError: readNpy: x.npy holds what is no tensor here
        got:   complex numbers (<c8)
        needs: f2, f4, f8, i1, i2, i4, i8, u1, u2, u4, u8, b1
        fix:   convert it in Python: x.astype(numpy.float32)]
    `);
    expect(() => readNpy(fromBase64(byNumpy.U))).toThrow('texts (<U2)');
    expect(() => readNpy(fromBase64(byNumpy.u4), 'x.npy')).toThrowErrorMatchingInlineSnapshot(`
      [GradtapeError: readNpy: x.npy holds an integer that does not fit into int32
        got:   4294967295, entry 0 in reading order
        needs: integers from -2147483648 to 2147483647: int32 is the only integer dtype here
        fix:   convert it where it was written, to float64 if it is a quantity]
    `);
  });
});

test('what was written is read: every dtype, any shape, views', () => {
  const drawn = fc.tuple(
    fc.constantFrom(...dtypes),
    fc.array(fc.nat(4), { maxLength: 4 }),
    fc.array(fc.double(), { minLength: 1 }),
  );
  fc.assert(
    fc.property(drawn, ([dtype, shape, values]) => {
      const entries = shape.reduce((product, size) => product * size, 1);
      const whole = dtype === 'int32' || dtype === 'bool';
      const entry = (i: number): number => (whole ? i % (dtype === 'bool' ? 2 : 1000) : values[i % values.length]);
      const data = Float64Array.from({ length: entries }, (_, i) => entry(i));
      const x = fromArray(data, shape, { dtype });
      for (const each of x.rank > 1 ? [x, x.transpose(0, 1)] : [x]) {
        const bytes = writeNpy(each);
        expect((bytes.length - each.toTypedArray().byteLength) % 64).toBe(0);
        expect(contentOf(readNpy(bytes))).toEqual(contentOf(each));
      }
    }),
  );
});

test('every shortened file is refused, and so is every longer one', () => {
  const bytes = fromBase64(byNumpy.f4);
  for (let length = 0; length < bytes.length; length++) {
    expect(() => readNpy(bytes.subarray(0, length))).toThrow('not a whole .npy file');
  }
  expect(() => readNpy(Uint8Array.from([...bytes, 0]))).toThrow('not a whole .npy file');
});

/** A file of version 1 with this header. */
function withHeader(header: string): Uint8Array {
  return new Uint8Array(
    Buffer.concat([Buffer.from('\x93NUMPY\x01\x00', 'latin1'), Buffer.from([header.length, 0]), Buffer.from(header)]),
  );
}

test('other bytes, and headers that are malformed, are told', () => {
  expect(contentOf(readNpy(withHeader("{'shape': (0L, 2L), 'descr': '<f4', 'fortran_order': False}")))).toEqual([
    'float32',
    [0, 2],
    [],
  ]);
  expect(() => readNpy(Uint8Array.of(0x50, 0x4b, 3, 4), 'x.npy')).toThrowErrorMatchingInlineSnapshot(`
    [GradtapeError: readNpy: x.npy is not a whole .npy file
      got:   bytes that begin with "PK\\u0003\\u0004", version undefined
      needs: \\x93NUMPY, and version 1, 2 or 3
      fix:   download or write the file again; a file of several arrays (.npz) is read by readNpz]
  `);
  expect(() => readNpy(withHeader("{'descr': '<f4', 'shape': (0,)}"), 'x.npy')).toThrowErrorMatchingInlineSnapshot(`
    [GradtapeError: readNpy: x.npy is not a whole .npy file
      got:   the header {'descr': '<f4', 'shape': (0,)}
      needs: {'descr': …, 'fortran_order': …, 'shape': (…)}
      fix:   download or write the file again; a file of several arrays (.npz) is read by readNpz]
  `);
  const ofDtype = (descr: string) => (): Tensor =>
    readNpy(withHeader(`{'descr': '${descr}', 'fortran_order': False, 'shape': (0,)}`));
  expect(ofDtype('|O')).toThrowErrorMatchingInlineSnapshot(`
    [GradtapeError: readNpy: the file holds what is no tensor here
      got:   Python objects, whose pickles can run any program (|O)
      needs: f2, f4, f8, i1, i2, i4, i8, u1, u2, u4, u8, b1
      fix:   convert it in Python: x.astype(numpy.float32)]
  `);
  expect(ofDtype('<f16')).toThrow('the dtype <f16');
  expect(ofDtype('')).toThrow('readNpy');
  const version9 = fromBase64(byNumpy.f4);
  version9[6] = 9;
  expect(() => readNpy(version9)).toThrow('version 9');
});
