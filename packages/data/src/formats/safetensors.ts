import { type DType, GradtapeError, type Tensor } from '@gradtape/autograd';
import { readFile, writeFile } from '../files.ts';
import { type EntryKindName, entrySize, readEntries, writeEntries } from './entries.ts';
import { parseHeader, type SafetensorsEntry } from './safetensors-header.ts';

/** What a safetensors file holds. */
export interface Safetensors {
  readonly tensors: Record<string, Tensor>;
  /** Texts that the file holds beside them. */
  readonly metadata: Record<string, string>;
}

export interface SafetensorsOptions {
  /** Texts to be kept beside the tensors. Default: none. */
  readonly metadata?: Readonly<Record<string, string>>;
}

/** The format's names, in the order in which the library lays tensors out: the widest entries first. */
const kindOfCode: Readonly<Record<string, EntryKindName>> = {
  U64: 'uint64',
  I64: 'int64',
  F64: 'float64',
  F32: 'float32',
  U32: 'uint32',
  I32: 'int32',
  BF16: 'bfloat16',
  F16: 'float16',
  U16: 'uint16',
  I16: 'int16',
  I8: 'int8',
  U8: 'uint8',
  BOOL: 'bool',
};

const codeOfDtype: Readonly<Record<DType, string>> = { float64: 'F64', float32: 'F32', int32: 'I32', bool: 'BOOL' };
const widestFirst: readonly DType[] = ['float64', 'float32', 'int32', 'bool'];

/**
 * Tensors by name as the bytes of a safetensors file: the same bytes that the Python library writes. Views are written out
 * in reading order. Source: github.com/huggingface/safetensors, "Format".
 *
 * @throws GradtapeError if a tensor is called `__metadata__`, or a value of the metadata is no text.
 * @example
 * const bytes = writeSafetensors({ weight: tensor([[1, 2]]) }, { metadata: { epoch: '3' } });
 * readSafetensors(bytes).tensors.weight; // [[1, 2]]
 */
export function writeSafetensors(
  tensors: Readonly<Record<string, Tensor>>,
  { metadata }: SafetensorsOptions = {},
): Uint8Array {
  checkNames(tensors, metadata ?? {});
  const ordered = Object.entries(tensors).sort(
    ([a, x], [b, y]) => widestFirst.indexOf(x.dtype) - widestFirst.indexOf(y.dtype) || compareCodePoints(a, b),
  );
  let end = 0;
  const parts = ordered.map(([name, x]) => {
    const begin = end;
    end += x.length * entrySize(x.dtype);
    const entry: SafetensorsEntry = { dtype: codeOfDtype[x.dtype], shape: x.shape, data_offsets: [begin, end] };
    return { name, x, entry };
  });
  // Written piece by piece: an object would put names that are whole numbers first.
  const fields = parts.map(({ name, entry }) => `${JSON.stringify(name)}:${JSON.stringify(entry)}`);
  if (metadata !== undefined) fields.unshift(`"__metadata__":${JSON.stringify(metadata)}`);
  const header = new TextEncoder().encode(`{${fields.join(',')}}`);
  const start = 8 + Math.ceil(header.length / 8) * 8;
  const bytes = new Uint8Array(start + end).fill(0x20, 8, start);
  new DataView(bytes.buffer).setBigUint64(0, BigInt(start - 8), true);
  bytes.set(header, 8);
  for (const { x, entry } of parts) bytes.set(writeEntries(x), start + entry.data_offsets[0]);
  return bytes;
}

/**
 * The tensors, and the metadata, in the bytes of a safetensors file. F32, F64, I32 and BOOL are held as they are; F16 and
 * BF16 become float32, other integers int32.
 *
 * @param name - what errors call the bytes: the file's path.
 * @throws GradtapeError if the bytes are not exactly one file of the format (its header malformed, tensors that overlap,
 * leave gaps, or lie outside), a dtype has no counterpart, or an integer does not fit into int32.
 * @example
 * const { tensors, metadata } = readSafetensors(writeSafetensors({ bias: tensor([true, false]) }));
 * tensors.bias.dtype; // 'bool'
 */
export function readSafetensors(bytes: Uint8Array, name = 'the file'): Safetensors {
  const { entries, metadata, data } = parseHeader(bytes, name);
  const tensors = entries.map(([tensorName, { dtype, shape, data_offsets }]) => {
    const title = `readSafetensors: '${tensorName}' in ${name}`;
    const kind = kindOfCode[dtype] ?? failOnDtype(title, dtype);
    checkSize(title, shape, data_offsets, entrySize(kind));
    return [tensorName, readEntries(data.subarray(...data_offsets), kind, 'little', shape, title)];
  });
  return { tensors: Object.fromEntries(tensors), metadata };
}

/**
 * Writes tensors to a safetensors file, as `writeSafetensors` does: to a new file that then takes the old one's place.
 *
 * @throws GradtapeError as `writeSafetensors` does, and if the file cannot be written.
 * @example
 * import { tmpdir } from 'node:os';
 * import { join } from 'node:path';
 *
 * const path = join(tmpdir(), 'example.safetensors');
 * await saveSafetensors(path, { weight: tensor([[1, 2]]) });
 * (await loadSafetensors(path)).tensors.weight; // [[1, 2]]
 */
export async function saveSafetensors(
  path: string,
  tensors: Readonly<Record<string, Tensor>>,
  options: SafetensorsOptions = {},
): Promise<void> {
  await writeFile('saveSafetensors', path, writeSafetensors(tensors, options));
}

/** What a safetensors file holds, as `readSafetensors` gives it. @throws GradtapeError as it does, and if there is no such file. */
export async function loadSafetensors(path: string): Promise<Safetensors> {
  return readSafetensors(await readFile('loadSafetensors', path), path);
}

/** The order of Python's and Rust's strings, which JavaScript's is not. */
function compareCodePoints(a: string, b: string): number {
  const [left, right] = [Array.from(a), Array.from(b)];
  const at = left.findIndex((character, i) => character !== right[i]);
  if (at < 0) return left.length - right.length;
  return (left[at].codePointAt(0) ?? 0) - (right[at]?.codePointAt(0) ?? -1);
}

function checkNames(tensors: Readonly<Record<string, Tensor>>, metadata: Readonly<Record<string, string>>): void {
  if ('__metadata__' in tensors) {
    throw new GradtapeError("writeSafetensors: a tensor cannot be called '__metadata__'", {
      got: "a tensor of the name '__metadata__'",
      needs: 'any other name',
      fix: 'pass texts as the option metadata',
    });
  }
  const wrong = Object.entries(metadata).find(([, value]) => typeof value !== 'string');
  if (wrong === undefined) return;
  throw new GradtapeError('writeSafetensors: the metadata are not texts', {
    got: `a ${typeof wrong[1]} as '${wrong[0]}'`,
    needs: 'texts by name',
    fix: 'write String(value), or JSON.stringify(value)',
  });
}

function checkSize(
  title: string,
  shape: readonly number[],
  [begin, end]: readonly [number, number],
  size: number,
): void {
  const needed = size * shape.reduce((product, each) => product * each, 1);
  if (end - begin === needed) return;
  throw new GradtapeError(`${title} has not the bytes that its shape needs`, {
    got: `${end - begin} bytes`,
    needs: `${needed} bytes for [${shape.join(', ')}], ${size} each`,
    fix: 'download or write the file again',
  });
}

function failOnDtype(title: string, dtype: string): never {
  throw new GradtapeError(`${title} has a dtype that tensors here cannot hold`, {
    got: dtype,
    needs: Object.keys(kindOfCode).join(', '),
    fix: 'convert it where it was written, to F32 say',
  });
}
