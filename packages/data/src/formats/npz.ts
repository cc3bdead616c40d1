import { GradtapeError, type Tensor } from '@gradtape/autograd';
import { unzipSync, type ZipOptions, zipSync } from 'fflate';
import { readFile, writeFile } from '../files.ts';
import { readNpy, writeNpy } from './npy.ts';

export interface NpzOptions {
  /** Whether it is packed, as `numpy.savez_compressed` does. Default: false. */
  readonly compressed?: boolean;
}

/** The time of every file in it: the earliest that a zip archive can say, as NumPy writes it. Local, for that is how it is read. */
const EARLIEST: Date = new Date(1980, 0, 1);

/**
 * Tensors by name as the bytes of a NumPy archive, which `numpy.load` reads: the same tensors give the same bytes.
 *
 * @example
 * const { x, y } = readNpz(writeNpz({ x: tensor([1, 2]), y: tensor([true]) }));
 * y.dtype; // 'bool'
 */
export function writeNpz(
  tensors: Readonly<Record<string, Tensor>>,
  { compressed = false }: NpzOptions = {},
): Uint8Array {
  const options: ZipOptions = { level: compressed ? 6 : 0, mtime: EARLIEST };
  const files = Object.entries(tensors).map(([name, x]) => [`${name}.npy`, writeNpy(x)] as const);
  return zipSync(Object.fromEntries(files), options);
}

/**
 * The tensors in the bytes of a NumPy archive, by name.
 *
 * @param name - what errors call the bytes: the file's path.
 * @throws GradtapeError if it is no zip archive, or `readNpy` refuses one of its files.
 * @example
 * readNpz(writeNpz({ x: tensor([1, 2]) })).x; // [1, 2]
 */
export function readNpz(bytes: Uint8Array, name = 'the archive'): Record<string, Tensor> {
  const files = Object.entries(unzip(bytes, name));
  return Object.fromEntries(
    files.map(([file, content]) => [file.replace(/\.npy$/, ''), readNpy(content, `${file} in ${name}`)]),
  );
}

/** Writes tensors to a NumPy archive, as `writeNpz` does. @throws GradtapeError if the file cannot be written. */
export async function saveNpz(
  path: string,
  tensors: Readonly<Record<string, Tensor>>,
  options: NpzOptions = {},
): Promise<void> {
  await writeFile('saveNpz', path, writeNpz(tensors, options));
}

/** The tensors in a NumPy archive, as `readNpz` gives them. @throws GradtapeError as it does, and if there is no such file. */
export async function loadNpz(path: string): Promise<Record<string, Tensor>> {
  return readNpz(await readFile('loadNpz', path), path);
}

function unzip(bytes: Uint8Array, name: string): Record<string, Uint8Array> {
  try {
    return unzipSync(bytes);
  } catch (error) {
    throw new GradtapeError(`readNpz: ${name} is not a whole .npz file`, {
      got: `${bytes.length} bytes (${error instanceof Error ? error.message : error})`,
      needs: 'a zip archive, as numpy.savez writes it',
      fix: 'download or write the file again; a file of one array (.npy) is read by readNpy',
    });
  }
}
