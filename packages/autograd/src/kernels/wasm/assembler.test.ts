import fc from 'fast-check';
import { expect, test } from 'vitest';
import { assembleModule, atomic, atomicOp, type FunctionCode, op, signed, unsigned } from './assembler.ts';

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

test('atomic instructions, on a shared memory', () => {
  const [address, offset] = [256, 8];
  const at = [op.i32Const, signed(address)];
  const body = [
    [at, op.i32Const, 5, atomic(atomicOp.i32Store, offset)],
    [at, op.i32Const, 2, atomic(atomicOp.i32Add, offset), op.drop],
    [at, op.i32Const, 0, op.i64Const, 0, atomic(atomicOp.wait32, offset), op.drop],
    [at, op.i32Const, 1, atomic(atomicOp.notify, offset), op.drop],
    [at, at, atomic(atomicOp.i32Load, offset), atomic(atomicOp.i32Store)],
  ];
  const memory = new WebAssembly.Memory({ initial: 1, maximum: 1, shared: true });
  const module = new WebAssembly.Module(
    assembleModule([{ name: 'f', parameters: 0, locals: [], body }], { sharedMemory: true }),
  );
  const { f } = new WebAssembly.Instance(module, { environment: { memory } }).exports;
  (f as () => void)();
  const integers = new Int32Array(memory.buffer);
  expect([integers[address / 4], integers[(address + offset) / 4]]).toEqual([7, 7]);
});

test('functions of one type, imported or not, share it; calls find them by what they are', () => {
  const imported = { module: 'library', name: 'cos', arity: 1 };
  const f: FunctionCode = { name: 'f', parameters: 0, locals: [], body: [] };
  const calls: FunctionCode = { name: 'calls', parameters: 0, locals: [], body: [op.call, f] };
  const size = (functions: readonly FunctionCode[], imports = [imported]): number =>
    assembleModule(functions, { imports }).length;
  const bytesOfFunction = size([f, { ...f, name: 'g' }]) - size([f]);
  expect(bytesOfFunction).toBe(1 + 4 + 3); // Its type, its export and its code.
  expect(WebAssembly.validate(assembleModule([f, calls], { imports: [imported] }))).toBe(true);
  expect(() => assembleModule([calls])).toThrow('f is called, but is not in the module');
});

function decode(bytes: readonly number[], isSigned: boolean): number {
  const value = bytes.reduce((sum, byte, i) => sum + BigInt(byte & 0x7f) * 2n ** BigInt(7 * i), 0n);
  const bits = 7 * bytes.length;
  return Number(isSigned ? BigInt.asIntN(bits, value) : value);
}
