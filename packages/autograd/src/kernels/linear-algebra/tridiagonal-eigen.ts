import { smallestNormal } from '../../core/dtype.ts';
import type { Tridiagonal } from './tridiagonal.ts';

const EPSILON = 2 ** -53;
const SMALLEST = smallestNormal('float64');
/** Sweeps for each eigenvalue; some two are needed. */
const SWEEPS = 30;

/** What is worked on: eigenvectors lie one after the other. */
interface Work extends Tridiagonal {
  readonly vectors: Float64Array;
  readonly size: number;
}

/**
 * The eigenvalues of a symmetric tridiagonal matrix in rising order, in the place of its diagonal, and the eigenvectors,
 * one after the other, by implicit QL and QR sweeps. Source: LAPACK's dsteqr, by whose order of steps the signs of
 * eigenvectors are LAPACK's; B. N. Parlett, "The Symmetric Eigenvalue Problem", chapter 8.
 *
 * @throws Error if an eigenvalue is not found in {@link SWEEPS} sweeps, which is not known to happen.
 */
export function diagonalize({ diagonal, beside }: Tridiagonal): Float64Array {
  const size = diagonal.length;
  const vectors = new Float64Array(size * size);
  for (let i = 0; i < size; i++) vectors[i * size + i] = 1;
  const work = { diagonal, beside, vectors, size };
  let sweepsLeft = SWEEPS * size;
  for (let start = 0; start < size; ) {
    const end = endOfBlock(work, start);
    sweepsLeft -= diagonalizeBlock(work, start, end, sweepsLeft);
    // What was left over, if sweeps ran out in a block, is looked at again.
    if (sweepsLeft <= 0) throw new Error('eigh: the iteration does not converge');
    start = end + 1;
  }
  sortRising(work);
  return vectors;
}

/** Where the block that begins at `start` ends: what is beside the diagonal there does not count, and becomes zero. */
function endOfBlock({ diagonal, beside }: Work, start: number): number {
  for (let m = start; m < beside.length; m++) {
    const size = Math.sqrt(Math.abs(diagonal[m])) * Math.sqrt(Math.abs(diagonal[m + 1]));
    if (Math.abs(beside[m]) > size * EPSILON) continue;
    beside[m] = 0;
    return m;
  }
  return beside.length;
}

/** Finds the eigenvalues of a block one by one, from the end at which they are smaller in size. The number of sweeps. */
function diagonalizeBlock(work: Work, start: number, end: number, sweepsLeft: number): number {
  const { diagonal, beside } = work;
  const fromEnd = Math.abs(diagonal[end]) < Math.abs(diagonal[start]);
  const [first, last, step] = fromEnd ? [end, start, -1] : [start, end, 1];
  let sweeps = 0;
  for (let l = first; (last - l) * step >= 0; ) {
    const m = nextSplit(work, l, last, step);
    if (m !== last) beside[Math.min(m, m + step)] = 0;
    if (m === l) l += step;
    else if (m === l + step) {
      diagonalizePair(work, Math.min(l, m));
      l += 2 * step;
    } else {
      if (sweeps++ >= sweepsLeft) break;
      sweep(work, l, m, step);
    }
  }
  return sweeps;
}

/** The first index from `l` towards `last` behind which what is beside the diagonal does not count. */
function nextSplit({ diagonal, beside }: Work, l: number, last: number, step: number): number {
  for (let m = l; m !== last; m += step) {
    const square = beside[Math.min(m, m + step)] ** 2;
    if (square <= EPSILON * EPSILON * Math.abs(diagonal[m]) * Math.abs(diagonal[m + step]) + SMALLEST) return m;
  }
  return last;
}

/** One implicit sweep from `m` back to `l`, shifted by the eigenvalue of the last two that is nearer. */
function sweep(work: Work, l: number, m: number, step: number): void {
  const { diagonal, beside } = work;
  const besideOf = (i: number): number => Math.min(i, i + step);
  const e = beside[besideOf(l)];
  const half = (diagonal[l + step] - diagonal[l]) / (2 * e);
  const root = Math.hypot(half, 1);
  let g = diagonal[m] - diagonal[l] + e / (half + (half < 0 ? -root : root));
  let [sine, cosine, shift] = [1, 1, 0];
  for (let i = m - step; i !== l - step; i -= step) {
    const f = sine * beside[besideOf(i)];
    const b = cosine * beside[besideOf(i)];
    const rotation = rotationOf(g, f);
    [cosine, sine] = [rotation.cosine, rotation.sine];
    if (i !== m - step) beside[besideOf(i + step)] = rotation.length;
    g = diagonal[i + step] - shift;
    const r = (diagonal[i] - g) * sine + 2 * cosine * b;
    shift = sine * r;
    diagonal[i + step] = g + shift;
    g = cosine * r - b;
    rotate(work, i, i + step, cosine, sine);
  }
  diagonal[l] -= shift;
  beside[besideOf(l)] = g;
}

/** The rotation that takes `[f, g]` to `[length, 0]`. */
function rotationOf(f: number, g: number): { cosine: number; sine: number; length: number } {
  if (g === 0) return { cosine: 1, sine: 0, length: f };
  if (f === 0) return { cosine: 0, sine: Math.sign(g), length: Math.abs(g) };
  const size = Math.sqrt(f * f + g * g);
  const length = f < 0 ? -size : size;
  return { cosine: Math.abs(f) / size, sine: g / length, length };
}

/** Turns two eigenvectors in their plane. */
function rotate({ vectors, size }: Work, near: number, far: number, cosine: number, sine: number): void {
  for (let i = 0, p = near * size, q = far * size; i < size; i++, p++, q++) {
    const a = vectors[p];
    const b = vectors[q];
    vectors[q] = cosine * b + sine * a;
    vectors[p] = cosine * a - sine * b;
  }
}

/** The eigenvalues of rows i and i + 1 alone, the one that is larger in size first. Source: LAPACK's dlaev2. */
function diagonalizePair(work: Work, i: number): void {
  const { diagonal, beside } = work;
  const [a, b, c] = [diagonal[i], beside[i], diagonal[i + 1]];
  const [sum, difference] = [a + c, a - c];
  const root = Math.hypot(difference, 2 * b);
  const large = 0.5 * (sum < 0 ? sum - root : sum + root);
  const [bigger, smaller] = Math.abs(a) > Math.abs(c) ? [a, c] : [c, a];
  const small = sum === 0 ? -0.5 * root : (bigger / large) * smaller - (b / large) * b;
  const towards = difference < 0 ? difference - root : difference + root;
  let [cosine, sine] = directionOf(towards, 2 * b);
  if (sum < 0 === difference < 0) [cosine, sine] = [-sine, cosine];
  [diagonal[i], diagonal[i + 1], beside[i]] = [large, small, 0];
  rotate(work, i + 1, i, cosine, sine);
}

/** The direction of length 1 that is perpendicular to `[x, y]`, in LAPACK's sign. */
function directionOf(x: number, y: number): [cosine: number, sine: number] {
  if (Math.abs(x) > Math.abs(y)) {
    const cotangent = -y / x;
    const sine = 1 / Math.sqrt(1 + cotangent * cotangent);
    return [cotangent * sine, sine];
  }
  if (y === 0) return [1, 0];
  const tangent = -x / y;
  const cosine = 1 / Math.sqrt(1 + tangent * tangent);
  return [cosine, tangent * cosine];
}

/** Exchanges as few eigenvectors as possible. */
function sortRising({ diagonal, vectors, size }: Work): void {
  for (let i = 0; i < size - 1; i++) {
    let least = i;
    for (let j = i + 1; j < size; j++) if (diagonal[j] < diagonal[least]) least = j;
    if (least === i) continue;
    [diagonal[i], diagonal[least]] = [diagonal[least], diagonal[i]];
    for (let k = 0, p = i * size, q = least * size; k < size; k++, p++, q++) {
      [vectors[p], vectors[q]] = [vectors[q], vectors[p]];
    }
  }
}
