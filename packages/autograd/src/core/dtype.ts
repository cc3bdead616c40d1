import { fail } from './errors.ts';

/** The types of a tensor's entries. `float32` is the default; `float64` is for checking. */
export type DType = 'float32' | 'float64' | 'int32' | 'bool';

/** Where a tensor's entries lie. A bool is a byte that is 0 or 1. */
export type Storage = Float32Array | Float64Array | Int32Array | Uint8Array;

/** In the order of promotion: the later of two wins. */
export const dtypes: readonly DType[] = ['bool', 'int32', 'float32', 'float64'];

const order: Readonly<Record<DType, number>> = { bool: 0, int32: 1, float32: 2, float64: 3 };

/** The place of a dtype in the order of promotion, 0 to 3. */
export function dtypeCode(dtype: DType): number {
  return order[dtype];
}

export function isFloating(dtype: DType): boolean {
  return dtype === 'float32' || dtype === 'float64';
}

export function newStorage(dtype: DType, length: number): Storage {
  switch (dtype) {
    case 'float32':
      return new Float32Array(length);
    case 'float64':
      return new Float64Array(length);
    case 'int32':
      return new Int32Array(length);
    case 'bool':
      return new Uint8Array(length);
  }
}

const arrayTypes = { float32: Float32Array, float64: Float64Array, int32: Int32Array, bool: Uint8Array } as const;
/** Smaller arrays are zeroed before Node has made a buffer. */
const SMALLEST_UNFILLED = 4096;

/** The same for a maker that writes every entry: Node can do without zeroing, which takes as long as filling it. */
export function newUnfilledStorage(dtype: DType, length: number): Storage {
  const makeBuffer = length < SMALLEST_UNFILLED ? undefined : globalThis.Buffer?.allocUnsafeSlow;
  if (makeBuffer === undefined) return newStorage(dtype, length);
  const ArrayType = arrayTypes[dtype];
  return new ArrayType(makeBuffer(length * ArrayType.BYTES_PER_ELEMENT).buffer);
}

export function dtypeOf(storage: Storage): DType {
  if (storage instanceof Float32Array) return 'float32';
  if (storage instanceof Float64Array) return 'float64';
  return storage instanceof Int32Array ? 'int32' : 'bool';
}

/** Half the distance between 1 and its neighbour: the rounding error of one operation. */
export function unitRoundoff(dtype: DType): number {
  return dtype === 'float64' ? 2 ** -53 : 2 ** -24;
}

/**
 * The smallest positive number that has all digits of a floating dtype: 2⁻¹²⁶ for float32, 2⁻¹⁰²² for float64. What is smaller
 * rounds more coarsely, and processors take up to a hundred times as long over it.
 *
 * @throws GradtapeError for a dtype without fractions.
 * @example
 * smallestNormal('float32'); // 1.1754943508222875e-38
 */
export function smallestNormal(dtype: DType): number {
  if (dtype === 'float32') return 2 ** -126;
  if (dtype === 'float64') return 2 ** -1022;
  return fail('smallestNormal', {
    got: dtype,
    needs: 'a floating dtype: float32 or float64',
    fix: 'whole numbers and truth values are exact, and need no such bound',
  });
}

/**
 * The dtype of two operands' result, by PyTorch's rule: the later in `bool, int32, float32, float64`; but a tensor
 * without dims only counts where its kind (bool, integer, floating) is the higher one.
 */
export function promote(a: DType, rankA: number, b: DType, rankB: number): DType {
  if (a === b) return a;
  const later = order[a] > order[b] ? a : b;
  if ((rankA === 0) === (rankB === 0)) return later;
  const [ranked, scalar] = rankA === 0 ? [b, a] : [a, b];
  return kind(scalar) > kind(ranked) ? scalar : ranked;
}

function kind(dtype: DType): number {
  return Math.min(order[dtype], 2);
}
