/**
 * WebAssembly's binary format, as far as the writer needs it.
 * Numbers are those of the core specification, chapter "Binary Format", and of the relaxed SIMD proposal (now part of it).
 */

export type Bytes = readonly number[];

/** Bytes and calls, nested as they come; `assembleModule` makes one sequence of them. */
export type Code = number | Uint8Array | Callee | readonly Code[];

export const valueType = { i32: 0x7f, i64: 0x7e, f32: 0x7d, f64: 0x7c, v128: 0x7b } as const;
export type ValueType = (typeof valueType)[keyof typeof valueType];

export const vectorBytes = 16;

/** Opcodes of one byte. */
export const op = {
  block: 0x02,
  loop: 0x03,
  if: 0x04,
  else: 0x05,
  end: 0x0b,
  branch: 0x0c,
  branchIf: 0x0d,
  return: 0x0f,
  call: 0x10,
  drop: 0x1a,
  select: 0x1b,
  localGet: 0x20,
  localSet: 0x21,
  localTee: 0x22,
  i32Load: 0x28,
  f32Load: 0x2a,
  f64Load: 0x2b,
  i32Store: 0x36,
  f32Store: 0x38,
  f64Store: 0x39,
  i32Const: 0x41,
  i64Const: 0x42,
  i32EqualZero: 0x45,
  i32Equal: 0x46,
  i32NotEqual: 0x47,
  i32LessSigned: 0x48,
  i32GreaterSigned: 0x4a,
  i32LessEqualSigned: 0x4c,
  i32GreaterEqualSigned: 0x4e,
  i32Add: 0x6a,
  i32Subtract: 0x6b,
  i32Multiply: 0x6c,
  i32DivideSigned: 0x6d,
} as const;

/** The type of a block that leaves nothing on the stack. */
export const noResult = 0x40;

/** Numbers of the atomic instructions, for `atomic`. */
export const atomicOp = {
  notify: 0x00,
  wait32: 0x01,
  i32Load: 0x10,
  i32Store: 0x17,
  i32Add: 0x1e,
} as const;

const atomicPrefix = 0xfe;

/** An atomic instruction on a 32-bit integer; `offset` is added to the address. */
export function atomic(instruction: (typeof atomicOp)[keyof typeof atomicOp], offset = 0): Code {
  const fourBytes = 2;
  return [atomicPrefix, unsigned(instruction), fourBytes, unsigned(offset)];
}

/** LEB128: seven bits to a byte, the lowest first; the eighth bit says that more follow. */
export function unsigned(value: number): Bytes {
  const bytes: number[] = [];
  let rest = value;
  while (rest > 0x7f) {
    bytes.push((rest & 0x7f) | 0x80);
    rest >>>= 7;
  }
  return [...bytes, rest];
}

/** Signed LEB128: the last byte's bit 6 is the sign. */
export function signed(value: number): Bytes {
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

/** A function that takes numbers of type f64 and returns one. */
export interface FunctionImport {
  readonly module: string;
  readonly name: string;
  readonly arity: number;
}

/** Behind `op.call`, stands for the function's number. */
export type Callee = FunctionCode | FunctionImport;

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

export interface ModuleOptions {
  readonly imports?: readonly FunctionImport[];
  readonly sharedMemory?: boolean;
}

/** A module that imports its memory and functions, and exports its own functions. */
export function assembleModule(
  functions: readonly FunctionCode[],
  { imports = [], sharedMemory = false }: ModuleOptions = {},
): Uint8Array<ArrayBuffer> {
  const types = new Types();
  const importEntries = imports.map(({ module, name, arity }) => [
    [text(module), text(name)],
    [functionKind, types.number(Array<ValueType>(arity).fill(valueType.f64), [valueType.f64])],
  ]);
  const typesOfFunctions = functions.map(({ parameters }) =>
    types.number(Array<ValueType>(parameters).fill(valueType.i32), []),
  );
  const numbers = new Map([...imports, ...functions].map((callee, number) => [callee, number]));
  return flattened([
    [magic, version],
    section(sectionId.type, types.entries),
    section(sectionId.import, [memoryEntry(sharedMemory), ...importEntries]),
    section(sectionId.function, typesOfFunctions),
    section(
      sectionId.export,
      functions.map(({ name }, index) => [text(name), functionKind, unsigned(imports.length + index)]),
    ),
    section(
      sectionId.code,
      functions.map((code) => functionBody(code, numbers)),
    ),
  ]);
}

/** The types of functions, each once. */
class Types {
  readonly entries: Code[] = [];
  readonly #numbers = new Map<string, number>();

  number(parameters: readonly ValueType[], results: readonly ValueType[]): Bytes {
    const key = `${parameters}:${results}`;
    let number = this.#numbers.get(key);
    if (number === undefined) {
      const vector = (types: readonly ValueType[]): Code => [unsigned(types.length), types];
      number = this.entries.push([functionType, vector(parameters), vector(results)]) - 1;
      this.#numbers.set(key, number);
    }
    return unsigned(number);
  }
}

function memoryEntry(shared: boolean): Code {
  const memoryLimits = shared ? [limits.sharedWithMaximum, 0, unsigned(maximumPages)] : [limits.noMaximum, 0];
  return [text(memoryImport.module), text(memoryImport.name), memoryKind, memoryLimits];
}

function section(id: number, entries: readonly Code[]): Code {
  return [id, withLength(flattened([unsigned(entries.length), entries]))];
}

function functionBody({ locals, body }: FunctionCode, numbers: CalleeNumbers): Code {
  const runs = runsOf(locals);
  const declarations = runs.map(({ type, length }) => [unsigned(length), type]);
  return withLength(flattened([unsigned(runs.length), declarations, body, op.end], numbers));
}

function runsOf(types: readonly ValueType[]): { type: ValueType; length: number }[] {
  const runs: { type: ValueType; length: number }[] = [];
  for (const type of types) {
    const last = runs.at(-1);
    if (last?.type === type) last.length++;
    else runs.push({ type, length: 1 });
  }
  return runs;
}

function withLength(content: Uint8Array): Code {
  return [unsigned(content.length), content];
}

function text(characters: string): Code {
  return withLength(new TextEncoder().encode(characters));
}

type CalleeNumbers = ReadonlyMap<Callee, number>;

/** One sequence of bytes. Without recursion: expressions may be nested deeper than the stack is. */
function flattened(code: Code, numbers?: CalleeNumbers): Uint8Array<ArrayBuffer> {
  const bytes = new GrowingBytes();
  const pending = [code];
  for (let piece = pending.pop(); piece !== undefined; piece = pending.pop()) {
    if (typeof piece === 'number') bytes.push(piece);
    else if (piece instanceof Uint8Array) bytes.append(piece);
    else if (isSequence(piece)) for (let i = piece.length - 1; i >= 0; i--) pending.push(piece[i]);
    else pending.push(unsigned(numberOf(piece, numbers)));
  }
  return bytes.all();
}

class GrowingBytes {
  #buffer = new Uint8Array(256);
  #length = 0;

  push(byte: number): void {
    if (this.#length === this.#buffer.length) this.#makeRoom(1);
    this.#buffer[this.#length++] = byte;
  }

  append(bytes: Uint8Array): void {
    this.#makeRoom(bytes.length);
    this.#buffer.set(bytes, this.#length);
    this.#length += bytes.length;
  }

  all(): Uint8Array<ArrayBuffer> {
    return this.#buffer.slice(0, this.#length);
  }

  #makeRoom(missing: number): void {
    const needed = this.#length + missing;
    if (needed <= this.#buffer.length) return;
    const larger = new Uint8Array(Math.max(needed, 2 * this.#buffer.length));
    larger.set(this.#buffer);
    this.#buffer = larger;
  }
}

function isSequence(code: Callee | readonly Code[]): code is readonly Code[] {
  return Array.isArray(code);
}

function numberOf(callee: Callee, numbers?: CalleeNumbers): number {
  const number = numbers?.get(callee);
  if (number === undefined) throw new Error(`${callee.name} is called, but is not in the module`);
  return number;
}
