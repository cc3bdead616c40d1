import { reflectBack, tridiagonalize } from './tridiagonal.ts';
import { diagonalize } from './tridiagonal-eigen.ts';

export interface SymmetricEigen {
  /** In rising order. */
  readonly eigenvalues: Float64Array;
  /** Of length 1, one after the other. */
  readonly eigenvectors: Float64Array;
}

/** Eigenvalues and eigenvectors of a symmetric matrix with finite entries, whose lower triangle is read and overwritten. */
export function symmetricEigen(entries: Float64Array, size: number): SymmetricEigen {
  const scale = powerOfTwoAbove(entries);
  for (let i = 0; i < entries.length; i++) entries[i] /= scale;
  const { reflections, ...tridiagonal } = tridiagonalize(entries, size);
  const eigenvectors = diagonalize(tridiagonal);
  reflectBack(eigenvectors, size, reflections);
  return { eigenvalues: tridiagonal.diagonal.map((value) => value * scale), eigenvectors };
}

/** By which squares of entries neither overflow nor vanish; nothing is rounded by it. */
function powerOfTwoAbove(entries: Float64Array): number {
  let largest = 0;
  for (const entry of entries) largest = Math.max(largest, Math.abs(entry));
  return largest === 0 ? 1 : 2 ** Math.min(1023, Math.max(-1022, Math.ceil(Math.log2(largest))));
}
