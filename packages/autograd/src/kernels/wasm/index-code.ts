import { type Code, op, signed, unsigned } from './assembler.ts';

/**
 * An index: code that leaves an i32 on the stack, and a constant to be added to it; without code, the constant alone. In an
 * address the constant becomes the offset of the load or store; the code must then by itself be an address.
 */
export interface Index {
  readonly code?: Code;
  readonly constant: number;
}

/** Of two indices: by the instruction, or here if both are constants. */
export function computed(a: Index, b: Index, instruction: number, fold: (a: number, b: number) => number): Index {
  if (isConstant(a) && isConstant(b)) return { constant: fold(a.constant, b.constant) | 0 };
  return { code: [push(a), push(b), instruction], constant: 0 };
}

export function sum(a: Index, b: Index): Index {
  const constant = (a.constant + b.constant) | 0;
  if (a.code === undefined) return { code: b.code, constant };
  return { code: b.code === undefined ? a.code : [a.code, b.code, op.i32Add], constant };
}

export function isConstant(index: Index): boolean {
  return index.code === undefined;
}

/** The code that leaves the index on the stack. */
export function push({ code, constant }: Index): Code {
  if (code === undefined) return [op.i32Const, signed(constant)];
  return constant === 0 ? code : [code, op.i32Const, signed(constant), op.i32Add];
}

/** What stands before a load or a store, and behind it: the constant as its offset, and the promise of no alignment. */
export function address(index: Index): { base: Code; offset: Code } {
  const alignment = 0;
  const { code, constant } = index;
  if (code === undefined) return { base: [op.i32Const, 0], offset: [alignment, unsigned(constant >>> 0)] };
  // An offset cannot be negative.
  if (constant < 0) return { base: push(index), offset: [alignment, 0] };
  return { base: code, offset: [alignment, unsigned(constant)] };
}

export function asIndex(value: Index | number): Index {
  return typeof value === 'number' ? { constant: value | 0 } : value;
}
