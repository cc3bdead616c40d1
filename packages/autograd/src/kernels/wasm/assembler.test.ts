import fc from 'fast-check';
import { expect, test } from 'vitest';
import { assembleModule, op, signed, unsigned } from './assembler.ts';

test('the examples of the DWARF standard, appendix C', () => {
  expect([2, 127, 128, 129, 12857].map(unsigned)).toEqual([[2], [0x7f], [0x80, 1], [0x81, 1], [0xb9, 0x64]]);
  expect([2, -2, 127, -127, 128, -128].map(signed)).toEqual([
    [2],
    [0x7e],
    [0xff, 0],
    [0x81, 0x7f],
    [0x80, 1],
    [0x80, 0x7f],
  ]);
});

test('numbers of 32 bits arrive as they are', () => {
  fc.assert(
    fc.property(fc.integer(), (value) => {
      const body = [op.i32Const, ...signed(value), op.i32Const, ...signed(value | 0), op.i32Equal, op.if, 0x40, op.end];
      expect(decode(signed(value), true)).toBe(value);
      expect(decode(unsigned(value >>> 0), false)).toBe(value >>> 0);
      expect(WebAssembly.validate(assembleModule([{ name: 'f', parameters: 0, locals: [], body }]))).toBe(true);
    }),
  );
});

function decode(bytes: readonly number[], isSigned: boolean): number {
  const value = bytes.reduce((sum, byte, i) => sum + BigInt(byte & 0x7f) * 2n ** BigInt(7 * i), 0n);
  const bits = 7 * bytes.length;
  return Number(isSigned ? BigInt.asIntN(bits, value) : value);
}
