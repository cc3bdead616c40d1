import { type DType, GradtapeError, type Tensor } from '@gradtape/autograd';
import { readFile, writeFile } from '../files.ts';
import { type EntryKindName, entrySize, readEntries, writeEntries } from './entries.ts';

const MAGIC = '\x93NUMPY';
const descrOfDtype: Readonly<Record<DType, string>> = { float64: '<f8', float32: '<f4', int32: '<i4', bool: '|b1' };
const kindOfDescr: Readonly<Record<string, EntryKindName>> = {
  f2: 'float16',
  f4: 'float32',
  f8: 'float64',
  i1: 'int8',
  i2: 'int16',
  i4: 'int32',
  i8: 'int64',
  u1: 'uint8',
  u2: 'uint16',
  u4: 'uint32',
  u8: 'uint64',
  b1: 'bool',
};

/** What the letter of a dtype that is refused stands for. */
const refused: Readonly<Record<string, string>> = {
  O: 'Python objects, whose pickles can run any program',
  U: 'texts',
  S: 'texts',
  c: 'complex numbers',
  M: 'dates',
  m: 'spans of time',
  V: 'raw bytes',
};

/**
 * A tensor as the bytes of a NumPy file: the same that `numpy.save` writes (version 1.0, little-endian, in reading order).
 * Source: numpy.org/doc/stable/reference/generated/numpy.lib.format.html.
 *
 * @example
 * readNpy(writeNpy(tensor([[1, 2], [3, 4]]))); // [[1, 2], [3, 4]]
 */
export function writeNpy(x: Tensor): Uint8Array {
  const sizes = x.rank === 1 ? `${x.shape[0]},` : x.shape.join(', ');
  const fields = `{'descr': '${descrOfDtype[x.dtype]}', 'fortran_order': False, 'shape': (${sizes}), }`;
  // NumPy leaves room for the first size to grow to 21 digits, and lets the entries begin at a multiple of 64.
  const grown = fields.length + (x.rank === 0 ? 0 : 21 - `${x.shape[0]}`.length);
  const start = Math.ceil((10 + grown + 1) / 64) * 64;
  const header = `${MAGIC}\x01\x00${String.fromCharCode((start - 10) & 255, (start - 10) >> 8)}${fields}`;
  const entries = writeEntries(x);
  const bytes = new Uint8Array(start + entries.length).fill(0x20, 0, start - 1);
  bytes.set(Uint8Array.from(header, (character) => character.charCodeAt(0)));
  bytes[start - 1] = 0x0a;
  bytes.set(entries, start);
  return bytes;
}

/**
 * The tensor in the bytes of a NumPy file, of version 1, 2 or 3, in either byte order, in C's or Fortran's order. float16
 * becomes float32, integers become int32.
 *
 * @param name - what errors call the bytes: the file's path.
 * @throws GradtapeError if the bytes are not exactly one such file, hold what is no tensor (structures, objects, texts,
 * complex numbers, dates), or an integer that does not fit into int32.
 * @example
 * readNpy(writeNpy(tensor([true, false]))).dtype; // 'bool'
 */
export function readNpy(bytes: Uint8Array, name = 'the file'): Tensor {
  const { descr, isFortran, shape, start } = parseHeader(bytes, name);
  const [, order, code] = /^([<>|=]?)(\w\d+)$/.exec(descr) ?? [];
  const kind = kindOfDescr[code] ?? failOnDescr(name, descr);
  const needed = start + entrySize(kind) * shape.reduce((product, size) => product * size, 1);
  if (bytes.length !== needed)
    failOnFile(name, `${bytes.length} bytes`, `${needed} bytes for ${descr} [${shape.join(', ')}]`);
  const laid = isFortran ? shape.toReversed() : shape;
  const x = readEntries(bytes.subarray(start), kind, order === '>' ? 'big' : 'little', laid, `readNpy: ${name}`);
  return isFortran ? x.permute(shape.map((_, d) => shape.length - 1 - d)) : x;
}

/** Writes a tensor to a NumPy file, as `writeNpy` does. @throws GradtapeError if the file cannot be written. */
export async function saveNpy(path: string, x: Tensor): Promise<void> {
  await writeFile('saveNpy', path, writeNpy(x));
}

/** The tensor in a NumPy file, as `readNpy` gives it. @throws GradtapeError as it does, and if there is no such file. */
export async function loadNpy(path: string): Promise<Tensor> {
  return readNpy(await readFile('loadNpy', path), path);
}

interface NpyHeader {
  readonly descr: string;
  readonly isFortran: boolean;
  readonly shape: readonly number[];
  /** Where the entries begin. */
  readonly start: number;
}

function parseHeader(bytes: Uint8Array, name: string): NpyHeader {
  const [view, version] = [new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength), bytes[6]];
  const begins = String.fromCharCode(...bytes.subarray(0, 6));
  if (begins !== MAGIC || !(version >= 1 && version <= 3)) {
    return failOnFile(
      name,
      `bytes that begin with ${JSON.stringify(begins)}, version ${version}`,
      '\\x93NUMPY, and version 1, 2 or 3',
    );
  }
  const from = version === 1 ? 10 : 12;
  if (bytes.length < from) return failOnFile(name, `${bytes.length} bytes`, 'a header');
  const start = from + (version === 1 ? view.getUint16(8, true) : view.getUint32(8, true));
  if (bytes.length < start) return failOnFile(name, `${bytes.length} bytes`, `${start} bytes of header`);
  const text = new TextDecoder(version === 3 ? 'utf-8' : 'latin1').decode(bytes.subarray(from, start));
  const fields = parseFields(text);
  if (fields === undefined)
    return failOnFile(name, `the header ${text.trim()}`, "{'descr': …, 'fortran_order': …, 'shape': (…)}");
  return { ...fields, start };
}

/** The three fields of a header, a dictionary as Python writes it. A description that is no text is given as it stands. */
function parseFields(text: string): Omit<NpyHeader, 'start'> | undefined {
  const descr = /['"]descr['"]\s*:\s*(?:(['"])(?<plain>.*?)\1|(?<structured>\[.*\]))/.exec(text)?.groups;
  const order = /['"]fortran_order['"]\s*:\s*(True|False)/.exec(text)?.[1];
  const sizes = /['"]shape['"]\s*:\s*\(([\d\sL,]*)\)/.exec(text)?.[1];
  if (descr === undefined || order === undefined || sizes === undefined) return undefined;
  const shape = Array.from(sizes.matchAll(/\d+/g), Number);
  return { descr: descr.plain ?? descr.structured, isFortran: order === 'True', shape };
}

function failOnDescr(name: string, descr: string): never {
  const what = descr.startsWith('[') ? 'structures' : refused[descr.replace(/^[<>|=]/, '')[0]];
  throw new GradtapeError(`readNpy: ${name} holds what is no tensor here`, {
    got: what === undefined ? `the dtype ${descr}` : `${what} (${descr})`,
    needs: Object.keys(kindOfDescr).join(', '),
    fix: descr.startsWith('[')
      ? "save each field by itself: numpy.save(path, x['field'])"
      : 'convert it in Python: x.astype(numpy.float32)',
  });
}

function failOnFile(name: string, got: string, needs: string): never {
  throw new GradtapeError(`readNpy: ${name} is not a whole .npy file`, {
    got,
    needs,
    fix: 'download or write the file again; a file of several arrays (.npz) is read by readNpz',
  });
}
