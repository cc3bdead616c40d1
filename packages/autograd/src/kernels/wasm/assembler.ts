/**
 * WebAssembly's binary format, as far as the writer needs it.
 * Numbers are those of the core specification, chapter "Binary Format", and of the relaxed SIMD proposal (now part of it).
 */

export type Code = readonly number[];

export const valueType = { i32: 0x7f, v128: 0x7b } as const;
export type ValueType = (typeof valueType)[keyof typeof valueType];

/** Opcodes of one byte. */
export const op = {
  loop: 0x03,
  if: 0x04,
  else: 0x05,
  end: 0x0b,
  branchIf: 0x0d,
  call: 0x10,
  select: 0x1b,
  localGet: 0x20,
  localSet: 0x21,
  localTee: 0x22,
  f32Load: 0x2a,
  f64Load: 0x2b,
  f32Store: 0x38,
  f64Store: 0x39,
  i32Const: 0x41,
  i32Equal: 0x46,
  i32LessSigned: 0x48,
  i32GreaterSigned: 0x4a,
  i32Add: 0x6a,
  i32Subtract: 0x6b,
  i32Multiply: 0x6c,
  i32DivideSigned: 0x6d,
} as const;

/** The type of a block that leaves nothing on the stack. */
export const noResult = 0x40;

/** Numbers of the vector instructions, behind the prefix that `simd` writes. */
export const vectorOp = {
  load: 0,
  load32Splat: 9,
  load64Splat: 10,
  store: 11,
  const: 12,
  shuffleBytes: 13,
  f32x4Add: 0xe4,
  f32x4Multiply: 0xe6,
  f64x2Add: 0xf0,
  f64x2Multiply: 0xf2,
  f32x4RelaxedMultiplyAdd: 0x105,
  f64x2RelaxedMultiplyAdd: 0x107,
} as const;

export const vectorBytes = 16;
const simdPrefix = 0xfd;

export function simd(instruction: number): Code {
  return [simdPrefix, ...unsigned(instruction)];
}

/** LEB128: seven bits to a byte, the lowest first; the eighth bit says that more follow. */
export function unsigned(value: number): Code {
  const bytes: number[] = [];
  let rest = value;
  while (rest > 0x7f) {
    bytes.push((rest & 0x7f) | 0x80);
    rest >>>= 7;
  }
  return [...bytes, rest];
}

/** Signed LEB128: the last byte's bit 6 is the sign. */
export function signed(value: number): Code {
  const bytes: number[] = [];
  let rest = value;
  while (rest < -0x40 || rest > 0x3f) {
    bytes.push((rest & 0x7f) | 0x80);
    rest >>= 7;
  }
  return [...bytes, rest & 0x7f];
}

/** A function that takes `parameters` numbers of type i32 and returns nothing; exported under its name. */
export interface FunctionCode {
  readonly name: string;
  readonly parameters: number;
  /** Types of the locals that follow the parameters. */
  readonly locals: readonly ValueType[];
  readonly body: Code;
}

/** The names under which a module imports its memory. */
export const memoryImport = { module: 'environment', name: 'memory' } as const;

/** The most pages of 64 KiB that a 32-bit memory may have. */
export const maximumPages = 65536;

const magic = [0x00, 0x61, 0x73, 0x6d];
const version = [1, 0, 0, 0];
const sectionId = { type: 1, import: 2, function: 3, export: 7, code: 10 } as const;
const functionType = 0x60;
const memoryKind = 2;
const functionKind = 0;
const limits = { noMaximum: 0, sharedWithMaximum: 3 } as const;

/** A module that imports its memory and exports its functions. */
export function assembleModule(functions: readonly FunctionCode[], sharedMemory = false): Uint8Array<ArrayBuffer> {
  const memoryLimits = sharedMemory ? [limits.sharedWithMaximum, 0, ...unsigned(maximumPages)] : [limits.noMaximum, 0];
  const memory = [...text(memoryImport.module), ...text(memoryImport.name), memoryKind, ...memoryLimits];
  return Uint8Array.from([
    ...magic,
    ...version,
    ...section(sectionId.type, functions.map(signature)),
    ...section(sectionId.import, [memory]),
    ...section(
      sectionId.function,
      functions.map((_, index) => unsigned(index)),
    ),
    ...section(
      sectionId.export,
      functions.map(({ name }, index) => [...text(name), functionKind, ...unsigned(index)]),
    ),
    ...section(sectionId.code, functions.map(functionBody)),
  ]);
}

function section(id: number, entries: readonly Code[]): Code {
  return [id, ...withLength([...unsigned(entries.length), ...entries.flat()])];
}

function signature({ parameters }: FunctionCode): Code {
  const results = 0;
  return [functionType, ...unsigned(parameters), ...Array<number>(parameters).fill(valueType.i32), results];
}

function functionBody({ locals, body }: FunctionCode): Code {
  const declarations = locals.flatMap((type) => [1, type]);
  return withLength([...unsigned(locals.length), ...declarations, ...body, op.end]);
}

function withLength(content: Code): Code {
  return [...unsigned(content.length), ...content];
}

function text(characters: string): Code {
  return withLength([...new TextEncoder().encode(characters)]);
}
